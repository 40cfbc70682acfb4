import Tensor

/// A way to compute a problem, by the name that the operators give it.
public struct Implementation: Hashable, Sendable {
  /// `direct`, `swap`, `gemm`, `winograd` or `auto`; `bfloat16` or `int8`.
  public let name: String

  /// All names: those of convolutions, among which are those of linear layers.
  public static let all = ConvolutionMethod.allCases.map { Implementation(name: $0.rawValue) }

  private init(name: String) { self.name = name }

  /// Those that are only measured where they are named: products of numbers narrower than floats.
  public static let narrow = Precision.allCases.filter { $0 != .float }
    .map { Implementation(name: $0.rawValue) }

  /// Whether it multiplies narrower numbers.
  public var isNarrow: Bool { Self.narrow.contains(self) }

  /// The implementation of that name; nil where there is none.
  public init?(_ name: String) {
    guard (Self.all + Self.narrow).contains(Implementation(name: name)) else { return nil }
    self.name = name
  }

  /// Reads `direct,gemm`; nil where one is unknown or none is named.
  public static func list(_ text: String) -> [Implementation]? {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let list = names.compactMap { Implementation(String($0)) }
    return list.count == names.count && Set(list).count == list.count ? list : nil
  }

  /// The largest error, relative to the largest value, that is not wrong.
  ///
  /// Winograd's transforms add and subtract numbers of different sizes, which costs a digit or more.
  static func bound(_ method: String) -> Double {
    Precision(rawValue: method)?.errorBound ?? (method == "winograd" ? 2e-4 : 2e-5)
  }
}

/// The implementations that are measured: those that somebody named, or all.
public struct ImplementationChoice: Sendable {
  /// Those named; nil where none is, or one is unknown.
  public let named: [Implementation]?
  /// The names as they were given, or `all`.
  public let description: String

  /// Reads `direct,gemm`; nil chooses all.
  public init(_ names: String?) {
    named = names.flatMap(Implementation.list)
    description = names ?? "all"
  }

  /// Those named, or all.
  public var implementations: [Implementation] { named ?? Implementation.all }

  /// Operations beyond which plain loops are not worth waiting for, unless they are named.
  private static let patience = 4e9

  /// The implementations that a problem is given to.
  func implementations(for problem: Problem) -> [Implementation] {
    guard named == nil, problem.work > Self.patience else { return implementations }
    return implementations.filter { $0.name != "direct" }
  }
}
