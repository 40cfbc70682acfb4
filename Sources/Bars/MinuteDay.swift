import Days

/// What the rows of one instrument's day, of a minute each or of any part of it, add up to.
struct MinuteDay {
  let day: Day
  /// The first and the last row's second of the day.
  let first: Int
  private(set) var last: Int
  /// Rows.
  private(set) var count = 0
  /// Rows with a volume above 0.
  private(set) var tradedCount = 0
  /// Open, high, low and close of rows with a volume, and of all rows.
  private var traded = SIMD4<Double>(repeating: .nan)
  private var quoted = SIMD4<Double>(repeating: .nan)
  /// Of all rows so far; NaN where none has one.
  private(set) var volume = Double.nan
  /// Volume times price.
  private var turnover = 0.0
  private var factor = Double.nan
  private var limits = SIMD4<Double>(repeating: .nan)
  private(set) var delisted: Day?
  private var lastVolume = -Double.infinity
  /// How often the volume is more, and less, than that of the row before.
  private var (rises, falls) = (0, 0)

  init(_ moment: Moment) { (day, first, last) = (moment.day, moment.second, moment.second) }

  /// The close of the last row with a volume; NaN where there is none yet.
  var lastClose: Double { traded[3] }

  /// Whether the volume never falls and often rises, as that of a day so far does.
  var hasRunningVolume: Bool { falls == 0 && rises >= 10 }

  /// Adds the next row.
  ///
  /// A row without a volume has no trade: vendors fill it with the price before, which is the last
  /// day's where the first trade comes late. Throws where the factor is not that of the rows before.
  mutating func add(_ second: Int, _ row: RawBar, delisted: Day?) throws {
    if !row.factor.isNaN {
      guard factor.isNaN || factor == row.factor else {
        throw BarError.disagreement(
          "factor must be one number a day: \(factor), then \(row.factor)")
      }
      factor = row.factor
    }
    last = second
    count += 1
    Self.extend(&quoted, row.prices)
    for place in 0..<4 where !row.limits[place].isNaN { limits[place] = row.limits[place] }
    if let delisted { self.delisted = delisted }
    guard !row.volume.isNaN else { return }
    volume = (volume.isNaN ? 0 : volume) + row.volume
    if row.volume > lastVolume { rises += 1 } else if row.volume < lastVolume { falls += 1 }
    lastVolume = row.volume
    guard row.volume > 0 else { return }
    tradedCount += 1
    Self.extend(&traded, row.prices)
    turnover += Self.turnover(row)
  }

  /// The first open, the highest high, the lowest low, the last close of those that are there.
  private static func extend(_ range: inout SIMD4<Double>, _ prices: SIMD4<Double>) {
    if range[0].isNaN { range[0] = prices[0] }
    range[1] = Double.maximum(range[1], prices[1])
    range[2] = Double.minimum(range[2], prices[2])
    if !prices[3].isNaN { range[3] = prices[3] }
  }

  /// The amount, or volume times vwap, or times (high + low + close) / 3.
  private static func turnover(_ row: RawBar) -> Double {
    if !row.amount.isNaN { return row.amount }
    let (high, low, close) = (row.prices[1], row.prices[2], row.prices[3])
    return row.volume * (row.vwap.isNaN ? (high + low + close) / 3 : row.vwap)
  }

  /// The day as a row of its own; its change is that of the closes.
  var row: RawBar {
    var row = RawBar()
    row.prices = volume > 0 ? traded : quoted
    row.volume = volume
    row.factor = factor
    row.vwap = volume > 0 ? turnover / volume : .nan
    row.limits = limits
    return row
  }
}
