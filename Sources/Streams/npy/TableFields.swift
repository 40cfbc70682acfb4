import ArgumentParser

/// The fields of a table that a processor works on.
public struct TableFields: Sendable {
  /// Which they are where nobody names them.
  public enum Default: Sendable {
    /// All numbers but the labels.
    case features
    /// `LABEL0`, or what else begins so.
    case labels
    /// All numbers.
    case numbers
  }

  private let names: [String]?
  private let unnamed: Default

  /// The fields named, separated by commas, or those that are the default.
  public init(_ list: String?, default unnamed: Default) throws {
    self.unnamed = unnamed
    names = list?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard let names else { return }
    guard Set(names).count == names.count, !names.contains("") else {
      throw ValidationError("--fields names a field twice, or an empty one: \(list ?? "")")
    }
  }

  /// The fields in a table, in their order there; throws where one is missing or no number.
  public func find(in array: NpyArray) throws -> [NpyField] {
    guard case .structured(let fields) = array.type, array.shape.count == 1 else {
      throw NpyError("expected a table with named fields, got a plain array")
    }
    if let names {
      return try names.map { try array.number($0) }.sorted { $0.offset < $1.offset }
    }
    let numbers = fields.filter {
      ($0.scalar == .float32 || $0.scalar == .float64) && $0.shape.isEmpty
    }
    let found =
      switch unnamed {
      case .features: numbers.filter { !Self.isLabel($0.name) }
      case .labels: numbers.filter { Self.isLabel($0.name) }
      case .numbers: numbers
      }
    guard !found.isEmpty else {
      throw NpyError(
        unnamed == .labels
          ? "table has no field 'LABEL0' (see --fields)" : "table has no field of numbers")
    }
    return found
  }

  private static func isLabel(_ name: String) -> Bool { name.hasPrefix("LABEL") }
}
