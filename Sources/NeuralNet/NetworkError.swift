/// Why there is no network, or no file of one.
public enum NetworkError: Error, CustomStringConvertible, Equatable {
  /// More than 2^26 parameters.
  case tooLarge(Int)
  /// A network, or a file of weights, breaks a rule.
  case model(String)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .tooLarge(let count):
      "architecture: network must have at most 2^26 parameters: \(count)"
    case .model(let rule): rule
    }
  }
}
