import Streams

/// Joins streams of days by date, the rows of a day in order of the instrument.
///
/// Each instrument is of one stream. A stream may lack a day that others have, and a table without rows is
/// no day. Of each stream one day is held, so that memory does not grow with the history.
public final class DayMerge {
  private let input: ByteReader
  private var streams: [MergedStream]
  private var roster: InstrumentRoster
  private var type: NpyType?
  /// How many bytes of rows go out in one piece: what a writer does not copy.
  private static let piece = 1 << 20

  /// Joins the sources of a reader, each a stream of days.
  ///
  /// Throws where the system does not let all be open at once.
  public init(_ input: ByteReader) throws {
    self.input = input
    streams = try input.apart().map(MergedStream.init)
    roster = InstrumentRoster(streams: streams.count)
  }

  /// Writes all days.
  public func write(to output: ByteWriter) throws {
    // All are opened before any is read: who writes into pipes with names may begin with none before another has a
    // reader.
    for stream in streams { try stream.reader.openAhead() }
    for place in streams.indices {
      _ = try streams[place].reader.nextSource()
      try streams[place].advance(input.badRecords)
    }
    while let day = streams.compactMap({ $0.head?.day }).min() {
      let present = streams.indices.filter { streams[$0].head?.day == day }
      try input.badRecords.attempt(streams[present[0]].place) {
        try write(present, day, to: output)
      }
      for place in present { try streams[place].advance(input.badRecords) }
    }
  }

  /// What to say where streams end on different days, as one that was cut does; nil where they do not.
  public var note: String? {
    let ends = streams.compactMap(\.last)
    guard let last = ends.max(), let early = streams.first(where: { $0.last ?? last < last }),
      let end = early.last
    else { return nil }
    let count = ends.count { $0 < last }
    return "\(early.name) ends on \(end)\(count > 1 ? ", as \(count - 1) more end early" : ""), "
      + "the others on \(last)"
  }

  /// Writes the rows that some streams have of a day.
  private func write(_ present: [Int], _ day: Day, to output: ByteWriter) throws {
    let days = present.compactMap { stream in
      streams[stream].head.map { (day: $0, stream: stream) }
    }
    for (day, stream) in days {
      if type == nil { type = day.array.type }
      // That a type is the one before is seen at once, that it is another stream's is not.
      guard streams[stream].knownType != day.array.type else { continue }
      guard day.array.type == type else {
        throw Failure.badData(
          streams[stream].place, "fields differ from those of \(streams[0].name)")
      }
      streams[stream].knownType = day.array.type
    }
    guard let type else { return }
    var ranks: [[Int32]] = []
    while ranks.count < days.count {
      ranks = try days.prefixMap { try roster.places($0.day, of: $0.stream) }
      if ranks.count < days.count { try roster.add(days) { streams[$0].name } }
    }
    let parts = try zip(days, positions(ranks, days.map(\.day))).map { ($0.day.array, $1) }
    output.writeHeader(type, [days.reduce(0) { $0 + $1.day.count }])
    try write(parts, size: type.size, to: output)
  }

  /// The place of each stream's rows in the joined day, from their places among all instruments; throws
  /// where an instrument has two.
  private func positions(_ ranks: [[Int32]], _ days: [DayTable]) throws -> [[Int32]] {
    var places = [Int32](repeating: 0, count: roster.codes.count)
    for (part, day) in zip(ranks, days) {
      for (row, rank) in part.enumerated() {
        guard places[Int(rank)] == 0 else {
          throw DayError.rule(
            "row \(row + 1): \(roster.codes[Int(rank)]) has a row of \(day.day) already")
        }
        places[Int(rank)] = 1
      }
    }
    var sum: Int32 = 0
    for rank in places.indices {
      let isThere = places[rank]
      places[rank] = sum
      sum &+= isThere
    }
    return ranks.map { part in part.map { places[Int($0)] } }
  }

  /// Writes rows in the order of their places, a piece at a time.
  ///
  /// All is known to be good by now: so what is written of the day may go out before it is whole.
  private func write(
    _ parts: [(array: NpyArray, places: [Int32])], size: Int, to output: ByteWriter
  ) throws {
    let orders = parts.map { RowOrder($0.places) }
    var next = [Int](repeating: 0, count: parts.count)
    let total = parts.reduce(0) { $0 + $1.places.count }
    let most = Self.piece / size + 1
    for start in stride(from: 0, to: total, by: most) {
      let end = min(total, start + most)
      let rows = [UInt8](unsafeUninitializedCapacity: (end - start) * size) { target, filled in
        guard let target = UnsafeMutableRawPointer(target.baseAddress) else { return }
        for part in parts.indices {
          let count = parts[part].places.count
          guard next[part] < count else { continue }
          parts[part].array.bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            while next[part] < count {
              let row = orders[part][next[part]]
              let place = Int(parts[part].places[row])
              guard place < end else { break }
              (target + (place - start) * size).copyMemory(
                from: source + row * size, byteCount: size)
              next[part] += 1
            }
          }
        }
        filled = (end - start) * size
      }
      output.write(rows)
      try output.commit()
    }
  }
}

/// The rows of a table in the order of their places; nothing is held where they are so already.
private struct RowOrder {
  private var rows: [Int32]?

  init(_ places: [Int32]) {
    guard zip(places, places.dropFirst()).contains(where: { $0 > $1 }) else { return }
    rows = places.indices.map { Int32(truncatingIfNeeded: $0) }.sorted {
      places[Int($0)] < places[Int($1)]
    }
  }

  @inline(__always)
  subscript(place: Int) -> Int { rows.map { Int($0[place]) } ?? place }
}

extension Array {
  /// What elements become, up to the first that becomes nothing.
  fileprivate func prefixMap<Result>(_ body: (Element) throws -> Result?) rethrows -> [Result] {
    var results: [Result] = []
    for element in self {
      guard let result = try body(element) else { break }
      results.append(result)
    }
    return results
  }
}

/// One of the streams that are joined, and the day of it that is next.
private struct MergedStream {
  /// Opened by who merges.
  let reader: ByteReader
  private let days: DayReader
  private var order = DayOrder()
  /// The day that is next; nil at the end.
  private(set) var head: DayTable?
  /// Where that stands, as diagnostics name it.
  private(set) var place: String
  /// The type of its tables, once it is known to be that of all.
  var knownType: NpyType?

  init(_ reader: ByteReader) {
    self.reader = reader
    days = DayReader(reader)
    place = reader.name
  }

  /// The file's name.
  var name: String { reader.name }
  /// The last day that came.
  var last: Day? { order.last }

  /// Goes on to the next day.
  ///
  /// Throws where days do not ascend, and where there is none at all and no seal says that this is all.
  mutating func advance(_ badRecords: BadRecords) throws {
    head = nil
    while head == nil, let (array, place) = try days.nextOfSource() {
      self.place = place
      var (next, order) = (head, order)
      try badRecords.attempt(place) {
        guard let table = try DayTable(array) else { return }
        try order.advance(to: table.day)
        next = table
      }
      (head, self.order) = (next, order)
    }
    guard last != nil || reader.isSealed else {
      throw Failure.badData(name, "there is no day in it, and no seal says that this is all")
    }
  }
}
