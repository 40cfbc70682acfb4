import Days
import Mechanics

/// One stock of a synthetic market: what it is, and where it stands.
struct SyntheticStock {
  let code: InstrumentCode
  private let number: UInt64
  private let sector: Int
  private let beta: Double
  private let volatility: Double
  private let usualVolume: Double

  /// Where it is between its first day and its last.
  private enum Stage { case unlisted, listed(days: Int), delisted }
  private var stage = Stage.unlisted
  private var suspendedDays = 0
  /// The last price paid, in yuan and fen, and what turns it into an adjusted one.
  private var price: Double
  private var factor = 1.0
  private var lastClose = Double.nan
  /// The part of its returns that lasts, of deviation 1.
  private var drift = 0.0
  /// Noise of the last days, which is taken back little by little.
  private var stretch = 0.0
  /// What the limit of a day has kept for the next.
  private var unspent = 0.0

  /// Its row of the day, NaN when it is suspended, and on the day of its delisting; nil when it is not
  /// listed.
  private(set) var bar: Bar?
  /// Open, high, low and close of the day by the last close; nil where it did not trade, or had none.
  private(set) var relativePrices: SIMD4<Double>?
  /// The shares traded, as they are counted on the day.
  private(set) var volume = 0.0

  init(_ code: InstrumentCode, seed: UInt64, number: UInt64) {
    self.code = code
    self.number = number
    var random = SplitMix64(key: [seed, number])
    sector = Int(random.next() % UInt64(SyntheticMarket.sectors))
    beta = 0.6 + 0.8 * random.uniform()
    volatility = 0.010 + 0.012 * random.uniform()
    usualVolume = 200_000 * (1 + 9 * random.uniform()) * (1 + 9 * random.uniform())
    price = Self.fen(4 + 36 * random.uniform())
    drift = random.bell()
    // Four of five are there from the start.
    if random.happens(0.8) { stage = .listed(days: 200) }
  }

  private static func fen(_ price: Double) -> Double { (price * 100).rounded() / 100 }

  /// Whether the index holds it: from its 60th day on, but for some half-years in which it is not chosen.
  func isMember(on day: Int, seed: UInt64) -> Bool {
    guard case .listed(let days) = stage, days >= 60 else { return false }
    var random = SplitMix64(key: [seed, number, UInt64(day / 125), 0x6d65_6d62])
    return random.happens(0.85)
  }

  /// Lives through one day.
  mutating func trade(
    day: Int, seed: UInt64, market: Double, sectors: [Double], signal: Double
  ) {
    (bar, relativePrices, volume) = (nil, nil, 0)
    var random = SplitMix64(key: [seed, number, UInt64(day)])
    let wasListed = if case .listed = stage { true } else { false }
    advance(&random)
    guard case .listed = stage else {
      // The row, which is of no member, says that there is no more to come.
      if wasListed { bar = .suspended }
      return
    }
    let foreseen = signal * (0.0016 * drift - 0.05 * stretch)
    drift = 0.97 * drift + 0.243 * random.bell()
    if suspendedDays > 0 {
      suspendedDays -= 1
      bar = .suspended
      return
    }
    let noise = volatility * random.bell() * (random.happens(0.04) ? 2.5 : 0.9)
    stretch = 0.8 * stretch + noise
    let move = beta * market + sectors[sector] + foreseen + noise + unspent
    priceDay(move, &random)
  }

  /// Lists, suspends and delists.
  private mutating func advance(_ random: inout SplitMix64) {
    switch stage {
    case .unlisted:
      if random.happens(0.002) { stage = .listed(days: 0) }
    case .listed(let days):
      stage = .listed(days: days + 1)
      if random.happens(0.0001) || price < 1 { stage = .delisted }
      if suspendedDays == 0, days > 0, random.happens(0.003) {
        // Most are back after some days, some after months.
        suspendedDays = 1 + Int(random.uniform() * (random.happens(0.15) ? 60 : 6), within: 0...59)
      }
    case .delisted: break
    }
  }

  /// The prices and the volume of a day on which it trades.
  private mutating func priceDay(_ move: Double, _ random: inout SplitMix64) {
    var reference = price
    if price > 6, random.happens(price > 60 ? 0.02 : 0.003) {
      reference = Self.fen(price / [1.2, 1.3, 1.5, 2][Int(random.next() % 4)])
      factor *= price / reference
    }
    let (floor, ceiling) = (Self.fen(reference * 0.9), Self.fen(reference * 1.1))
    func within(_ price: Double) -> Double { min(max(Self.fen(price), floor), ceiling) }
    let close = within(reference * (1 + move))
    let kept = 1 + move - close / reference
    // Only what the limit has kept, not what rounding has.
    unspent = abs(kept) > 0.01 ? 0.5 * kept : 0
    var open = within(reference * (1 + 0.4 * move + 0.3 * volatility * random.bell()))
    var high = within(max(open, close) * (1 + 0.4 * volatility * abs(random.bell())))
    var low = within(min(open, close) * (1 - 0.4 * volatility * abs(random.bell())))
    let wanted =
      usualVolume * (0.5 + random.uniform()) * (1 + 12 * abs(move)) * (1 + 0.15 * drift)
    volume = wanted
    if abs(kept) > 0.03 {
      // Nobody sells at the ceiling: one price all day, and little trade.
      (open, high, low) = (close, close, close)
      volume *= 0.05
    }
    volume = max(100, (volume / 100).rounded() * 100)

    let prices = SIMD4(open, high, low, close) * factor
    let vwap = (prices[0] + prices[1] + prices[2] + 2 * prices[3]) / 5
    let last = SIMD4(volume / factor, vwap, factor, prices[3] / lastClose - 1)
    bar = Bar(SIMD8<Float>(SIMD8<Double>(lowHalf: prices, highHalf: last)))
    if !lastClose.isNaN { relativePrices = prices / lastClose }
    lastClose = prices[3]
    price = close
  }
}
