import Market
import Streams

/// What the exchange knows of one trading day, in order of the codes.
public struct QuoteDay: Sendable {
  /// The day.
  public let day: Day
  /// The instruments that have a row, ascending, each once.
  public let codes: [InstrumentCode]
  /// The last price; NaN where the instrument is suspended.
  public let closes: [Float]
  /// The price that trades pay; NaN or 0 where that of the close stands in.
  public let prices: [Float]
  /// Adjusted price over real price.
  public let factors: [Float]
  /// The change of the close since the last valid one.
  public let changes: [Float]

  /// The row of an instrument; nil where it has none.
  public func row(_ code: InstrumentCode) -> Int? { codes.sortedPlace(of: code) }

  /// The close of an instrument; NaN where it is suspended or has no row.
  public func close(_ code: InstrumentCode) -> Float { row(code).map { closes[$0] } ?? .nan }

  /// The rows of a table of bars; nil where it has none.
  ///
  /// Throws where a field is missing, and where the rows are not in order of their codes.
  public init?(_ array: NpyArray, _ dealPrice: DealPrice = .close) throws {
    let key = try DayKey(array)
    let fields = try ["close", dealPrice.rawValue, "factor", "change"].map {
      try array.field($0, .float32)
    }
    guard let day = try key.day(array) else { return nil }
    self.day = day
    codes = try key.codes(array)
    for (one, other) in zip(codes, codes.dropFirst()) where other <= one {
      throw one == other
        ? MarketError.order(one, day, last: day)
        : MarketError.rule("rows of a day must be in order of their codes: \(other) after \(one)")
    }
    closes = array.floats(fields[0])
    prices = dealPrice == .close ? closes : array.floats(fields[1])
    factors = array.floats(fields[2])
    changes = array.floats(fields[3])
  }
}

/// The days of a file of bars, in order.
public final class QuoteStream {
  private let reader: ByteReader
  private let dealPrice: DealPrice
  private var isOpen = false
  private var waiting: QuoteDay?
  private var last: Day?

  /// Reads the days of a reader's one source.
  public init(_ reader: ByteReader, _ dealPrice: DealPrice = .close) {
    self.reader = reader
    self.dealPrice = dealPrice
  }

  /// The file, as diagnostics name it.
  public var name: String { reader.name }

  /// The day that is next, not taken yet; nil at the end.
  public func peek() throws -> QuoteDay? {
    if !isOpen {
      isOpen = true
      _ = try reader.nextSource()
    }
    while waiting == nil, let (array, place) = try reader.nextArrayOfSource() {
      do {
        guard let next = try QuoteDay(array, dealPrice) else { continue }
        if let last, next.day <= last {
          throw MarketError.rule("days must ascend: \(next.day) after \(last)")
        }
        waiting = next
      } catch let error where !(error is Failure) {
        throw Failure.badData(place, "\(error)")
      }
    }
    return waiting
  }

  /// Takes the day that is next.
  public func next() throws -> QuoteDay? {
    let day = try peek()
    if let day { last = day.day }
    waiting = nil
    return day
  }
}

extension NpyArray {
  /// The numbers of a field of one <f4 a row.
  fileprivate func floats(_ field: NpyField) -> [Float] {
    let size = type.size
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { row in
        bytes.loadUnaligned(fromByteOffset: row * size + field.offset, as: Float.self)
      }
    }
  }
}
