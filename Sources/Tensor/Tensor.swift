/// A dense tensor of 32-bit floats in row-major order; pictures are `[batch, channel, row, column]`.
public struct Tensor: Equatable, Sendable {
  /// The size of each dimension, outermost first.
  public var shape: [Int]
  /// The elements, the last dimension running fastest.
  public var elements: [Float]

  /// A tensor over existing elements; their count must be the product of `shape`.
  public init(shape: [Int], elements: [Float]) {
    precondition(shape.reduce(1, *) == elements.count)
    self.shape = shape
    self.elements = elements
  }

  /// A tensor of zeros.
  public init(zeros shape: [Int]) {
    self.init(shape: shape, elements: [Float](repeating: 0, count: shape.reduce(1, *)))
  }
}
