import Streams

/// What there is to know of one field of a stream of tables.
public struct FieldSummary: Sendable {
  /// The field's name.
  public var name = ""
  /// Finite values.
  public var count = 0
  /// Values that are NaN.
  public var missing = 0
  /// Values that are infinite.
  public var infinite = 0
  /// The mean of the finite values.
  public var mean = Double.nan
  /// Their standard deviation, with n - 1.
  public var deviation = Double.nan
  /// The least, the quantiles of `FieldSummaries.shares`, the greatest.
  public var quantiles: [Double] = []
  /// The mean over days of the correlation with the label, and of that of the ranks.
  public var information: (linear: DailyMean, ranks: DailyMean)?
}

/// Summaries of all fields of a stream.
public final class FieldSummaries {
  /// The quantiles between the least and the greatest.
  public static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  private let fields: TableFields
  private let label: String?
  private let limit: Int
  private var names: [String] = []
  private var known: (type: NpyType, fields: [NpyField], label: NpyField?)?
  private var store: ColumnStore?
  private var linear: [DailyMean] = []
  private var ranks: [DailyMean] = []

  /// Summaries of these fields, their correlations with the label if there is one.
  ///
  /// Above `limit` bytes the rows are kept in a temporary file.
  public init(_ fields: TableFields, label: String?, limit: Int) {
    self.fields = fields
    self.label = label
    self.limit = limit
  }

  /// Takes in a table, which is one day.
  public func add(_ array: NpyArray) throws {
    if known?.type != array.type {
      let found = try fields.find(in: array)
      if store == nil {
        names = found.map(\.name)
        store = ColumnStore(columns: names.count, limit: limit)
        linear = Array(repeating: DailyMean(), count: names.count)
        ranks = linear
      }
      guard found.map(\.name) == names else {
        throw MarketError.rule("fields differ from those of the first table")
      }
      known = (array.type, found, try label.map { try array.number($0) })
    }
    guard let known, let store else { return }
    try store.add(array, known.fields)
    guard let label = known.label else { return }
    var day = CorrelatedDay(label: array.numbers(label))
    for (place, field) in known.fields.enumerated() where field.name != label.name {
      let correlation = day.correlate(array.numbers(field))
      linear[place].add(correlation.linear)
      ranks[place].add(correlation.ranks)
    }
  }

  /// The summaries, in the order of the fields.
  public func summaries() throws -> [FieldSummary] {
    guard let store else { return [] }
    var results = names.map { name in
      var summary = FieldSummary()
      summary.name = name
      return summary
    }
    try Self.moments(store, &results)
    let found = try OrderStatistics(store, finiteOnly: true) { _, count in
      count == 0 ? [] : [0] + Self.shares.flatMap { Self.places($0, count) } + [count - 1]
    }
    for (column, values) in found.values.enumerated() where !values.isEmpty {
      let count = found.counts[column]
      results[column].quantiles =
        [Double(values[0])]
        + Self.shares.enumerated().map { place, share in
          let (low, high) = (Double(values[1 + 2 * place]), Double(values[2 + 2 * place]))
          let exact = share * Double(count - 1)
          return low + (high - low) * (exact - exact.rounded(.down))
        } + [Double(values[values.count - 1])]
    }
    if label != nil {
      for column in names.indices where names[column] != label {
        results[column].information = (linear[column], ranks[column])
      }
    }
    return results
  }

  private static func places(_ share: Double, _ count: Int) -> [Int] {
    let place = Int(share * Double(count - 1))
    return [place, min(place + 1, count - 1)]
  }

  /// Counts, means and deviations, a walk for the means and one for the squares.
  private static func moments(_ store: ColumnStore, _ results: inout [FieldSummary]) throws {
    var sums = [Double](repeating: 0, count: store.columns)
    var squares = sums
    try store.forEachPiece { numbers, rows in
      for column in 0..<store.columns {
        let values = numbers + ColumnStore.pieceRows * column
        for row in 0..<rows {
          let value = values[row]
          if value.isFinite {
            results[column].count += 1
            sums[column] += Double(value)
          } else if value.isNaN {
            results[column].missing += 1
          } else {
            results[column].infinite += 1
          }
        }
      }
    }
    let means = sums.indices.map { sums[$0] / Double(results[$0].count) }
    try store.forEachPiece { numbers, rows in
      for column in 0..<store.columns {
        let values = numbers + ColumnStore.pieceRows * column
        let mean = means[column]
        var sum = 0.0
        for row in 0..<rows where values[row].isFinite {
          let distance = Double(values[row]) - mean
          sum += distance * distance
        }
        squares[column] += sum
      }
    }
    for column in results.indices {
      results[column].mean = means[column]
      let count = results[column].count
      if count > 1 {
        results[column].deviation = (squares[column] / Double(count - 1)).squareRoot()
      }
    }
  }
}

extension NpyArray {
  /// The numbers of a field, a row after the other.
  public func numbers(_ field: NpyField) -> [Float] {
    let size = type.size
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { row in
        let place = row * size + field.offset
        return field.scalar == .float32
          ? bytes.loadUnaligned(fromByteOffset: place, as: Float.self)
          : Float(bytes.loadUnaligned(fromByteOffset: place, as: Double.self))
      }
    }
  }
}
