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

  /// The parameters; throws where there was no row, or a field without a value.
  public func parameters() throws -> RobustZScore {
    let found = rows > 0 ? try MedianDeviation(numbers, threads: threads) : nil
    return try RobustZScore(
      names: numbers.names, medians: found?.medians ?? [], deviations: found?.deviations ?? [],
      rows: rows, days: days, span: span.texts)
  }
}

extension RobustZScore {
  /// The parameters that follow from medians and median distances from them; throws where there was no
  /// row, and where a field has no value, or none that is finite.
  init(
    names: [String], medians: [Float], deviations: [Float], rows: Int, days: Int, span: [String]
  ) throws {
    let (from, to) = (
      span[0].isEmpty ? "the first day" : span[0], span[1].isEmpty ? "the last" : span[1]
    )
    guard rows > 0 else { throw Failure(.badData, "no row from \(from) to \(to)") }
    try Self.refuse(
      zip(names, medians).filter { $0.1.isNaN }.map(\.0), of: names.count,
      "no value from \(from) to \(to)")
    let scales = deviations.map { ($0 + 1e-12) * 1.4826 }
    try Self.refuse(
      names.indices.filter { !medians[$0].isFinite || !scales[$0].isFinite }.map { names[$0] },
      of: names.count, Self.infinite)
    self.init(
      names: names, median: medians, scale: scales,
      origin: [
        ("rows", String(rows)), ("days", String(days)), ("from", span[0]), ("to", span[1]),
      ])
  }

  /// What is wrong where half of the values, or more, are infinite or nearly so.
  static let infinite = "no finite median, or no finite median distance from it,"

  /// Throws where there are fields that cannot be scaled.
  static func refuse(_ fields: [String], of count: Int, _ reason: String) throws {
    guard !fields.isEmpty else { return }
    throw Failure(
      .badData,
      "\(reason) in \(fields.count) of \(count) fields, so that they cannot be scaled: "
        + "\(fields.prefix(5).joined(separator: ", "))\(fields.count > 5 ? ", ..." : "") "
        + "(leave them out with --fields)")
  }
}

extension DaySpan {
  /// The first and the last day as texts, empty where there is none.
  var texts: [String] { [first, last].map { $0.map { "\($0)" } ?? "" } }
}
