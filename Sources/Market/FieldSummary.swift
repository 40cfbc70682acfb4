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
  public var information: (linear: DailyCorrelation, ranks: DailyCorrelation)?
}

/// A correlation of every day, averaged: the information coefficient, and over its standard deviation.
public struct DailyCorrelation: Sendable {
  private var sum = 0.0
  private var squares = 0.0
  /// Days that have one.
  public private(set) var days = 0

  /// No day yet.
  public init() {}

  /// Takes in a day's; NaN is left out.
  public mutating func add(_ correlation: Double) {
    guard !correlation.isNaN else { return }
    days += 1
    let before = days > 1 ? sum / Double(days - 1) : 0
    sum += correlation
    squares += (correlation - before) * (correlation - sum / Double(days))
  }

  /// The mean over days.
  public var mean: Double { days > 0 ? sum / Double(days) : .nan }

  /// The mean over the standard deviation, with n - 1.
  public var ratio: Double {
    days > 1 ? mean / (squares / Double(days - 1)).squareRoot() : .nan
  }
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
  private var linear: [DailyCorrelation] = []
  private var ranks: [DailyCorrelation] = []

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
        linear = Array(repeating: DailyCorrelation(), count: names.count)
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

/// The correlations of one day's factors with its label, as pandas has them: over the rows where both
/// are numbers, ranks averaged among equals.
public struct CorrelatedDay {
  private let label: [Float]
  private let labelOrder: [UInt64]
  private var factorOrder: [UInt64] = []
  private var isPaired: [Bool]
  private var labelRanks: [Double]
  private var factorRanks: [Double]

  /// A day with these labels, NaN where there is none.
  public init(label: [Float]) {
    self.label = label
    labelOrder = Self.order(label, where: label.map(\.isFinite))
    isPaired = Array(repeating: false, count: label.count)
    labelRanks = Array(repeating: 0, count: label.count)
    factorRanks = labelRanks
  }

  /// The correlation of the values and of their ranks; NaN where there are not two or all are equal.
  public mutating func correlate(_ factor: [Float]) -> (linear: Double, ranks: Double) {
    for row in label.indices { isPaired[row] = label[row].isFinite && factor[row].isFinite }
    factorOrder = Self.order(factor, where: isPaired)
    let count = factorOrder.count
    Self.rank(factorOrder, &factorRanks)
    Self.rank(
      count == labelOrder.count
        ? labelOrder : labelOrder.filter { isPaired[Int(truncatingIfNeeded: $0 & 0xffff_ffff)] },
      &labelRanks)
    var (linear, ranks) = (Moments(), Moments())
    for key in factorOrder {
      let row = Int(truncatingIfNeeded: key & 0xffff_ffff)
      linear.add(Double(factor[row]), Double(label[row]))
      ranks.add(factorRanks[row], labelRanks[row])
    }
    return (linear.correlation, ranks.correlation)
  }

  /// The rows in the order of their values: the value's bits above the row's number.
  ///
  /// Sorted by a byte after the other: of 600 rows in 5 µs, where comparisons take 25.
  private static func order(_ values: [Float], where isWanted: [Bool]) -> [UInt64] {
    var keys: [UInt64] = []
    keys.reserveCapacity(values.count)
    for row in values.indices where isWanted[row] {
      let bits = (values[row] + 0).bitPattern
      let key = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
      keys.append(UInt64(key) << 32 | UInt64(row))
    }
    var other = keys
    for shift in stride(from: UInt64(32), to: 64, by: 8) {
      var starts = [Int](repeating: 0, count: 257)
      for key in keys { starts[Int(key >> shift & 255) + 1] += 1 }
      for bin in 1..<257 { starts[bin] += starts[bin - 1] }
      for key in keys {
        let bin = Int(key >> shift & 255)
        other[starts[bin]] = key
        starts[bin] += 1
      }
      swap(&keys, &other)
    }
    return keys
  }

  private static func rank(_ order: [UInt64], _ ranks: inout [Double]) {
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end] >> 32 == order[start] >> 32 { end += 1 }
      for place in start..<end {
        ranks[Int(truncatingIfNeeded: order[place] & 0xffff_ffff)] = Double(start + 1 + end) / 2
      }
      start = end
    }
  }

  /// Sums about running means.
  private struct Moments {
    var count = 0.0
    var (meanX, meanY, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ x: Double, _ y: Double) {
      count += 1
      let (dx, dy) = (x - meanX, y - meanY)
      meanX += dx / count
      meanY += dy / count
      xx += dx * (x - meanX)
      yy += dy * (y - meanY)
      xy += dx * (y - meanY)
    }

    var correlation: Double {
      guard count > 1, xx > 0, yy > 0 else { return .nan }
      return min(1, max(-1, xy / (xx * yy).squareRoot()))
    }
  }
}
