import Days
import Statistics
import Streams

/// Finds the parameters of a RobustZScore: exact medians over all rows of a range of days.
public final class RobustZScoreFit {
  private let span: DaySpan
  private var order = DayOrder()
  private let threads: Int
  private let numbers: NumberRows
  /// Rows within the range.
  public var rows: Int { numbers.rows }
  /// Days within the range.
  public private(set) var days = 0
  /// Whether the rows did not fit the memory allowed.
  public var isSpooled: Bool { numbers.isSpooled }

  /// A fit of these numbers over the days of a span.
  public init(_ numbers: NumberRows, _ span: DaySpan = .all, threads: Int = 1) {
    self.numbers = numbers
    self.span = span
    self.threads = max(1, threads)
  }

  /// Takes in a day; throws where its fields are not those of the first.
  public func add(_ array: NpyArray) throws {
    try numbers.add(array, isWanted: try isWanted(array)) { _, _, _ in days += 1 }
  }

  private func isWanted(_ array: NpyArray) throws -> Bool {
    guard let day = try DayTable(array)?.day else { return false }
    try order.advance(to: day)
    return span.contains(day)
  }

  /// The parameters; throws where there was no row.
  public func parameters() throws -> RobustZScore {
    guard rows > 0 else {
      throw Failure(
        .badData,
        "no row from \(span.first?.description ?? "the first day") to \(span.last?.description ?? "the last")"
      )
    }
    let found = try MedianDeviation(numbers, threads: threads)
    let empty = zip(numbers.names, found.medians).filter { $0.1.isNaN }.map(\.0)
    guard empty.isEmpty else {
      throw Failure(
        .badData,
        "no value from \(span.first?.description ?? "the first day") to "
          + "\(span.last?.description ?? "the last") in \(empty.count) of \(numbers.names.count) fields, "
          + "so that they cannot be scaled: \(empty.prefix(5).joined(separator: ", "))"
          + "\(empty.count > 5 ? ", ..." : "") (leave them out with --fields)")
    }
    return RobustZScore(
      names: numbers.names, median: found.medians,
      scale: found.deviations.map { ($0 + 1e-12) * 1.4826 },
      origin: [
        ("rows", String(rows)), ("days", String(days)),
        ("from", span.first?.description ?? ""), ("to", span.last?.description ?? ""),
      ])
  }
}
