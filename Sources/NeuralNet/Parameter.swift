import Streams
import Tensor

/// A named tensor among the parameters of a network, which lie one behind the other.
public struct Parameter: Equatable, Sendable {
  /// The name in files, such as `conv1.weight`.
  public let name: String
  /// The size of each dimension, outermost first.
  public let shape: [Int]
  /// Where it starts among all parameters.
  public let offset: Int

  /// A tensor of that shape, which starts there.
  public init(name: String, shape: [Int], offset: Int) {
    self.name = name
    self.shape = shape
    self.offset = offset
  }

  /// How many numbers it has.
  public var count: Int { shape.reduce(1, *) }
}

extension SafetensorsWriter {
  /// Adds the values of all parameters as 32-bit floats, each under its name behind `prefix`.
  public mutating func add(_ parameters: [Parameter], of values: FloatBuffer, prefix: String = "") {
    for parameter in parameters {
      add(
        prefix + parameter.name, shape: parameter.shape,
        UnsafeBufferPointer(start: values.start + parameter.offset, count: parameter.count))
    }
  }
}
