/// A number for each of the two directions of a picture.
public struct PerAxis: Equatable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// From row to row.
  public var rows: Int
  /// From column to column.
  public var columns: Int

  /// A number for each direction.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// The same number for both.
  public init(_ both: Int) { self.init(rows: both, columns: both) }

  /// The same number for both.
  public init(integerLiteral both: Int) { self.init(both) }

  /// One number, or `rows×columns`.
  public var description: String { rows == columns ? "\(rows)" : "\(rows)×\(columns)" }

  /// Reads `N`, or `RxC` for rows and columns; nil where it is neither.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    switch parts.count {
    case 1:
      guard let both = parts[0] else { return nil }
      self.init(both)
    case 2:
      guard let rows = parts[0], let columns = parts[1] else { return nil }
      self.init(rows: rows, columns: columns)
    default: return nil
    }
  }
}
