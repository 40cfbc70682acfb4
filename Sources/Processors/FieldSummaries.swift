import Days
import Statistics
import Streams

/// Summaries of all fields of a stream.
public final class FieldSummaries {
  /// The quantiles between the least and the greatest.
  public static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  private let label: String?
  private var order = DayOrder()
  private let numbers: NumberRows
  private let correlation = LabelCorrelation()
  private var linear: [DailyMean] = []
  private var ranks: [DailyMean] = []
  private var turned: [Float] = []

  /// Summaries of these numbers, and their correlations with the label if there is one.
  public init(_ numbers: NumberRows, label: String?) {
    self.numbers = numbers
    self.label = label
  }

  /// Takes in a table, which is one day.
  public func add(_ array: NpyArray) throws {
    var labelField: NpyField?
    func hasLabel() throws -> Bool {
      labelField = try label.map { try array.number($0) }
      // Correlations are of a day; what is counted and sorted needs no days.
      if label != nil, let day = try array.day() { try order.advance(to: day) }
      return true
    }
    try numbers.add(array, isWanted: try hasLabel()) { values, rows, stride in
      if let labelField {
        correlation.begin(array.numbers(labelField))
        correlate(values, rows, stride)
      }
    }
  }

  private func correlate(_ values: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let columns = numbers.columns
    if linear.isEmpty {
      linear = Array(repeating: DailyMean(), count: columns)
      ranks = linear
    }
    // Sixteen columns at a time are turned, which is what a line of the cache holds.
    if turned.count < 16 * rows { turned = Array(repeating: 0, count: 16 * rows) }
    for first in Swift.stride(from: 0, to: columns, by: 16) {
      let count = min(16, columns - first)
      turned.withUnsafeMutableBufferPointer { turned in
        for row in 0..<rows {
          let source = values + (row * stride + first)
          for column in 0..<count { turned[column * rows + row] = source[column] }
        }
        guard let start = turned.baseAddress else { return }
        for column in first..<first + count where numbers.names[column] != label {
          let found = correlation.correlate(start + (column - first) * rows)
          linear[column].add(found.linear)
          ranks[column].add(found.ranks)
        }
      }
    }
  }

  /// The summaries, in the order of the fields.
  public func summaries() throws -> [FieldSummary] {
    guard numbers.columns > 0 else { return [] }
    var moments = ExactMoments(columns: numbers.columns)
    let found = try OrderStatistics(
      numbers, finiteOnly: true, first: { moments.add($0, $1, $2) }
    ) { _, count in
      count == 0 ? [] : Self.places(count)
    }
    let columns = moments.columns()
    return numbers.names.enumerated().map { column, name in
      var summary = FieldSummary()
      summary.name = name
      let count = found.counts[column]
      summary.count = count
      let moments = columns[column]
      (summary.missing, summary.infinite) = (moments.missing, moments.infinite)
      (summary.mean, summary.deviation) = (moments.mean, moments.deviation)
      summary.quantiles = Self.quantiles(found.values[column], count)
      if label != nil, name != label, !linear.isEmpty {
        summary.information = (linear[column], ranks[column])
      }
      return summary
    }
  }

  /// The places of the values that quantiles lie between, the least and the greatest among them.
  static func places(_ count: Int) -> [Int] {
    let places = shares.flatMap { share in
      let place = QuantilePlace(share, of: count)
      return [place.low, place.high]
    }
    return [0] + places + [count - 1]
  }

  /// Between two values in a straight line, as NumPy's `linear` has it.
  static func quantiles(_ values: [Float], _ count: Int) -> [Double] {
    guard let least = values.first, let greatest = values.last else { return [] }
    let between = shares.enumerated().map { place, share in
      QuantilePlace(share, of: count)
        .value(Double(values[1 + 2 * place]), Double(values[2 + 2 * place]))
    }
    // Zero is zero, whatever its sign: which of two comes first depends on the order of the rows.
    return ([Double(least)] + between + [Double(greatest)]).map { $0 + 0 }
  }
}
