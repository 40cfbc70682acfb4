import Mechanics
import Streams

/// All instruments that streams of days have had so far, in order, and which stream each is of.
///
/// A stream's rows of a day are found among them by walking along: rows are mostly in order, and mostly
/// those of the day before.
struct InstrumentRoster {
  /// The instruments, ascending, and the stream that each came from.
  private(set) var codes: [InstrumentCode] = []
  private(set) var streams: [Int32] = []
  /// The instruments of each stream, ascending, and their places among all.
  private var own: [(codes: [InstrumentCode], places: [Int32])]

  /// A roster of so many streams, empty yet.
  init(streams: Int) { own = Array(repeating: ([], []), count: streams) }

  /// The places of a stream's rows among all instruments; nil where one of them is new.
  func places(_ day: DayTable, of stream: Int) throws -> [Int32]? {
    let (codes, places) = own[stream]
    let (array, field) = (day.array, day.key.instrument)
    let size = array.type.size
    return try array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return [] }
      var next = 0
      var found: [Int32] = []
      found.reserveCapacity(array.count)
      for row in 0..<array.count {
        let code = try InstrumentCode(field: start + row * size + field.offset, field.size)
        if next >= codes.count || codes[next] != code {
          next = codes.firstPlace(notBelow: code)
          guard next < codes.count, codes[next] == code else { return nil }
        }
        found.append(places[next])
        next += 1
      }
      return found
    }
  }

  /// Takes in the instruments of days, each with its stream; `name` names a stream.
  ///
  /// Throws where an instrument is in two of them.
  mutating func add(_ days: [(day: DayTable, stream: Int)], name: (Int) -> String) throws {
    var all = Array(zip(codes, streams))
    for (day, stream) in days {
      let known = own[stream].codes
      for code in try day.distinctCodes() {
        let place = known.firstPlace(notBelow: code)
        guard place == known.count || known[place] != code else { continue }
        all.append((code, Int32(truncatingIfNeeded: stream)))
      }
    }
    all.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    for (one, other) in zip(all, all.dropFirst()) where one.0 == other.0 {
      throw DayError.rule(
        "instruments must be in one of the streams each: \(one.0) is in \(name(Int(one.1))) and in "
          + name(Int(other.1)))
    }
    (codes, streams) = (all.map(\.0), all.map(\.1))
    for stream in own.indices { own[stream] = ([], []) }
    for (place, (code, stream)) in all.enumerated() {
      own[Int(stream)].codes.append(code)
      own[Int(stream)].places.append(Int32(truncatingIfNeeded: place))
    }
  }
}
