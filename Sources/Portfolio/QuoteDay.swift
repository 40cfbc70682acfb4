import Days
import Mechanics
import Streams

/// What the exchange knows of one trading day, in order of the codes.
public struct QuoteDay: TradingDay {
  /// The day.
  public let day: Day
  /// The instruments that have a row, ascending, each once.
  public let codes: [InstrumentCode]
  /// The last price; NaN where the instrument is suspended.
  public let closes: [Float]
  /// The price that trades pay; NaN or 0 where that of the close stands in.
  public private(set) var prices: [Float]
  /// Adjusted price over real price.
  public let factors: [Float]
  /// The change of the close since the last valid one.
  public let changes: [Float]

  /// The closes at and beyond which nothing is bought, or sold; nil where the bars have none.
  private var limitUps: [Float]?
  private var limitDowns: [Float]?
  /// The lowest and the highest price; nil where they are not wanted, or the bars have none.
  private var (lows, highs): ([Float]?, [Float]?)
  /// 0 where nothing is traded, whatever the close; nil where the bars do not tell.
  private var tradable: [Float]?

  /// The same day with every trade at the close, and without limits, of which tomorrow's are not known.
  var atCloses: QuoteDay {
    var day = self
    day.prices = closes
    (day.limitUps, day.limitDowns, day.tradable) = (nil, nil, nil)
    return day
  }

  /// Whether a row's own word is not against trade.
  func isTradable(_ row: Int) -> Bool { tradable.map { $0[row] != 0 } ?? true }

  /// The close at which a row cannot be bought; nil where it has none.
  func limitUp(_ row: Int) -> Float? { limitUps.flatMap { $0[row].isNaN ? nil : $0[row] } }

  /// The close at which a row cannot be sold; nil where it has none.
  func limitDown(_ row: Int) -> Float? { limitDowns.flatMap { $0[row].isNaN ? nil : $0[row] } }

  /// The lowest and the highest price of a row; nil where they are not known.
  func range(_ row: Int) -> (low: Float, high: Float)? {
    guard let lows, let highs, lows[row] <= highs[row] else { return nil }
    return (lows[row], highs[row])
  }

  /// The first close that has no factor.
  var firstMissingFactor: MissingFactor? {
    codes.indices.first { !closes[$0].isNaN && factors[$0].isNaN }
      .map { MissingFactor(code: codes[$0], day: day) }
  }

  /// The row of an instrument; nil where it has none.
  public func row(_ code: InstrumentCode) -> Int? { codes.sortedPlace(of: code) }

  /// The close of an instrument; NaN where it is suspended or has no row.
  public func close(_ code: InstrumentCode) -> Float { row(code).map { closes[$0] } ?? .nan }

  /// The rows of a table of bars; nil where it has none.
  ///
  /// `withRange` reads the lowest and highest prices.
  /// Throws where a field is missing, and where the rows are not in order of their codes.
  public init?(
    _ array: NpyArray, _ dealPrice: DealPrice = .close, withRange: Bool = false
  ) throws {
    let fields = try ["close", dealPrice.rawValue, "factor", "change"].map {
      try array.field($0, .float32)
    }
    guard let table = try DayTable(array) else { return nil }
    day = table.day
    codes = try table.codes()
    for (one, other) in zip(codes, codes.dropFirst()) where other <= one {
      throw one == other
        ? DayError.order(one, day, last: day)
        : DayError.rule("rows of a day must be in order of their codes: \(other) after \(one)")
    }
    closes = array.numbers(fields[0])
    prices = dealPrice == .close ? closes : array.numbers(fields[1])
    factors = array.numbers(fields[2])
    changes = array.numbers(fields[3])
    if withRange {
      (lows, highs) = (try array.optionalNumbers("low"), try array.optionalNumbers("high"))
    }
    limitUps = try array.optionalNumbers("limit_up")
    limitDowns = try array.optionalNumbers("limit_down")
    tradable = try array.optionalNumbers("tradable")
  }
}

extension NpyArray {
  /// The numbers of a field, <f4 or |u1; nil where there is no such field.
  fileprivate func optionalNumbers(_ name: String) throws -> [Float]? {
    guard let field = field(name) else { return nil }
    guard field.scalar == .uint8, field.shape.isEmpty else {
      return numbers(try self.field(name, .float32))
    }
    return (0..<count).map { Float(bytes[$0 * type.size + field.offset]) }
  }
}
