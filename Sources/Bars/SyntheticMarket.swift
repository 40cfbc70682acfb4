import Days
import Mechanics
import Streams

/// A market that never was: seeded, made up day by day, and the same on every machine.
///
/// Returns have a part of the market, of one of ten sectors and of the stock. Of the last, a little can
/// be foreseen: a slow drift, and the reversal of the last days' noise; `signal` scales both. Stocks
/// are listed late, suspended and delisted; prices stop at 10 % a day; splits go into the factor.
/// What happens on a day depends on the days before alone, so that a longer market begins as a shorter
/// one.
public struct SyntheticMarket {
  /// The index, which is the mean return of the members that trade, and no member.
  public static let index = "INDEX"
  /// The first day that no market has: dates have four digits.
  public static let end = Day(number: 2_932_532)
  static let sectors = 10

  private let seed: UInt64
  private let signal: Double
  private var stocks: [SyntheticStock]
  private var indexCode: InstrumentCode
  private var indexClose = 0.0
  private var turbulence = 0.0
  private var day: Day
  private var count = 0

  /// A market of so many stocks, SIM0001 and on, that begins on a day; over 9,999 have five digits, so
  /// that rows are in order.
  public init(seed: UInt64, instruments: Int, start: Day, signal: Double = 1) throws {
    self.seed = seed
    self.signal = signal
    day = start
    indexCode = try InstrumentCode(Self.index)
    let digits = max(4, "\(instruments)".count)
    stocks = try (1...instruments).map { number in
      let code = try InstrumentCode("SIM" + zeroPadded(number, digits))
      return SyntheticStock(code, seed: seed, number: UInt64(number))
    }
  }

  /// The next trading day: every weekday is one.
  public mutating func nextDay() -> BarDay {
    while day.weekday > 4 { day = Day(number: day.number + 1) }
    defer {
      day = Day(number: day.number + 1)
      count += 1
    }
    var random = SplitMix64(key: [seed, 0, UInt64(count)])
    turbulence = 0.98 * turbulence + 0.2 * random.bell()
    let move = 0.0003 + (0.006 + 0.004 * abs(turbulence)) * random.bell()
    let sectors = (0..<Self.sectors).map { _ in 0.005 * random.bell() }

    var rows: [(InstrumentCode, Bar, isMember: Bool)] = []
    var index = IndexDay()
    for place in stocks.indices {
      stocks[place].trade(
        day: count, seed: seed, market: move, sectors: sectors, signal: signal)
      guard let bar = stocks[place].bar else { continue }
      let isMember = stocks[place].isMember(on: count, seed: seed)
      rows.append((stocks[place].code, bar, isMember))
      if isMember { index.add(stocks[place]) }
    }
    var table = BarDay(day, rows: rows.count + 1)
    // INDEX is before SIM.
    table.append(indexCode, index.bar(&indexClose), isMember: false)
    for (code, bar, isMember) in rows { table.append(code, bar, isMember: isMember) }
    return table
  }
}

/// The mean of the members on a day, relative to their last closes.
private struct IndexDay {
  private var sums = SIMD4<Double>.zero
  private var volume = 0.0
  private var count = 0

  mutating func add(_ stock: SyntheticStock) {
    guard let relative = stock.relativePrices else { return }
    sums += relative
    volume += stock.volume
    count += 1
  }

  /// The index, of which the last close becomes this day's.
  func bar(_ close: inout Double) -> Bar {
    let isFirst = close == 0
    if isFirst { close = 1000 }
    let mean = count > 0 ? sums / Double(count) : SIMD4(repeating: 1)
    let prices = ((mean * close) * 1000).rounded(.toNearestOrEven) / 1000
    let change = isFirst ? .nan : prices[3] / close - 1
    close = prices[3]
    let vwap = (prices[1] + prices[2] + prices[3]) / 3
    return Bar(
      SIMD8<Float>(
        SIMD8<Double>(lowHalf: prices, highHalf: SIMD4(max(volume, 100), vwap, 1, change))))
  }
}

extension SplitMix64 {
  /// Nearly normal, of mean 0 and deviation 1: the sum of twelve uniform numbers, less 6.
  ///
  /// Unlike logarithms and cosines, additions are the same on every machine.
  mutating func bell() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let bits = next()
      for part: UInt64 in [0, 16, 32, 48] { sum += bits >> part & 0xffff }
    }
    // Each is in the middle of its 1/65536.
    return (Double(sum) + 6) * 0x1p-16 - 6
  }
}
