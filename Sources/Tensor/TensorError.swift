/// Sizes that make no tensor operation.
public enum TensorError: Error, CustomStringConvertible, Equatable {
  /// A size is zero, negative or absurd.
  case size(String, Int)
  /// The padding is negative or absurd.
  case padding(Int)
  /// The groups divide the channels unevenly.
  case groups(Int, Int, Int)
  /// The window does not fit into the padded picture.
  case kernelTooLarge(Int, Int, Int, Int, PerAxis, dilation: PerAxis)
  /// The product of the sizes is too large.
  case overflow([Int])
  /// A method that does not do this shape.
  case method(String, String)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .size(let name, let value): "\(name) must be in 1...16777216: \(value)"
    case .padding(let value): "padding must be in 0...16777216: \(value)"
    case .groups(let groups, let input, let output):
      "groups must divide input and output channels: \(groups) does not divide \(input) and \(output)"
    case .kernelTooLarge(let r, let s, let height, let width, let padding, let dilation):
      "kernel must fit the padded picture: \(r)×\(s)"
        + (dilation == 1 ? "" : " with dilation \(dilation)")
        + " in \(height)×\(width) with padding \(padding)"
    case .overflow(let factors):
      "tensor must have at most 2^34 elements: \(factors.map(String.init).joined(separator: "×"))"
    case .method(let rule, let value): "\(rule): \(value)"
    }
  }
}
