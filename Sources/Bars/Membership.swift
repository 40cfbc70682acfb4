import Days
import Streams

/// Which instruments belong to a market, and when: spans of days, both ends included.
public struct Membership: Sendable {
  private(set) var spans: [InstrumentCode: [ClosedRange<Day>]] = [:]

  /// No members.
  public init() {}

  /// Reads qlib's `instruments/MARKET.txt`, `CODE START END` between tabs; or the same between
  /// commas, with the header `instrument,start,end`.
  ///
  /// A code may stand on several lines. Throws where a line is no span.
  public init(reading path: String) throws {
    let reader = ByteReader([path])
    try reader.lines { line in
      let separator: UInt8 = line.contains(0x09) ? 0x09 : UInt8(ascii: ",")
      let parts = line.split(separator: separator, omittingEmptySubsequences: false)
        .map { UnsafeRawBufferPointer(rebasing: $0) }
      if reader.lineNumber == 1, line.elementsEqual("instrument,start,end".utf8) { return }
      let place = "\(path):\(reader.lineNumber)"
      guard !line.contains(0x0d) else { throw Failure.badData(place, ByteReader.bareReturns) }
      guard parts.count == 3, let first = Day(spelled: parts[1]),
        let last = Day(spelled: parts[2]), first <= last
      else {
        let text = String(decoding: line.prefix(80), as: UTF8.self)
        let wrong = parts.count == 3 ? parts.dropFirst().first { Day(spelled: $0) == nil } : nil
        let fault = wrong.map { Day.fault(String(decoding: $0, as: UTF8.self)) } ?? ""
        throw Failure.badData(place, "\(BarError.span(text))\(fault)")
      }
      do {
        add(try InstrumentCode(parts[0]), first...last)
      } catch let error as DayError {
        throw Failure.badData(place, "\(error)")
      }
    }
  }

  /// The name of the market that a file of spans is of: the file's, without folders and endings.
  public static func name(ofFile path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }

  /// Adds a span of days.
  public mutating func add(_ code: InstrumentCode, _ span: ClosedRange<Day>) {
    spans[code, default: []].append(span)
  }

  /// Adds an instrument, if only with the spans it has.
  mutating func include(_ code: InstrumentCode) { spans[code, default: []] += [] }

  /// Whether an instrument is listed, be it without a span.
  func lists(_ code: InstrumentCode) -> Bool { spans[code] != nil }

  /// Takes an instrument out, with all its spans.
  public mutating func remove(_ code: InstrumentCode) { spans[code] = nil }

  /// All codes that are listed, in order.
  public var codes: [InstrumentCode] { spans.keys.sorted() }

  /// The spans of one instrument.
  public func spans(of code: InstrumentCode) -> [ClosedRange<Day>] { spans[code] ?? [] }
}
