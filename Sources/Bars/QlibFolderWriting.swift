import Days
import Streams

/// The bars of days that come one after the other, held until they are written as a qlib data folder.
public struct QlibFolderDraft {
  private var days: [Day] = []
  private var histories: [InstrumentCode: Columns] = [:]

  /// The bars of one instrument, from the day of its first row on.
  private struct Columns {
    let first: Int
    /// How many days there are since.
    ///
    /// Of those without trade no bar is held: between two rows may lie thousands of days.
    private var count = 0
    private var places: [Int32] = []
    private var bars: [Bar] = []
    /// The days on which it has rows, and on which it is a member: by their places.
    private(set) var rows: [Range<Int>] = []
    private(set) var members: [Range<Int>] = []

    init(first: Int) { self.first = first }

    mutating func add(_ bar: Bar, at place: Int, isMember: Bool) {
      count = place - first + 1
      if !bar.isSuspended {
        places.append(Int32(count - 1))
        bars.append(bar)
      }
      Self.extend(&rows, to: place)
      if isMember { Self.extend(&members, to: place) }
    }

    /// What the file of a field holds: the place of the first day, then a value a day.
    func values(_ field: Int) -> [Float] {
      var values = [Float](repeating: Bar.suspended.values[field], count: count + 1)
      values[0] = Float(first)
      for (place, bar) in zip(places, bars) { values[Int(place) + 1] = bar.values[field] }
      return values
    }

    private static func extend(_ ranges: inout [Range<Int>], to place: Int) {
      if let last = ranges.last, last.upperBound == place {
        ranges[ranges.count - 1] = last.lowerBound..<place + 1
      } else {
        ranges.append(place..<place + 1)
      }
    }
  }

  /// An empty draft.
  public init() {}

  /// Adds the next day.
  public mutating func add(_ day: BarDay) {
    let place = days.count
    days.append(day.day)
    day.forEach { code, bar, isMember in
      histories[code, default: Columns(first: place)].add(bar, at: place, isMember: isMember)
    }
  }

  /// Writes the folder, with `instruments/all.txt`.
  ///
  /// Where not all are members at all times, their spans are in `instruments/MARKET.txt`, which is
  /// `members.txt` where the market has no name. Members are those that are given, or as the rows of
  /// the days have it.
  ///
  /// The folder appears whole or not at all: it must not exist yet, or be empty.
  public func write(_ path: String, members: Membership?, market: String? = nil) throws {
    guard !days.isEmpty else { throw DayError.rule("no bar is selected, so no folder is written") }
    let folder = try NewFolder(path)
    for name in ["calendars", "instruments", "features"] { try folder.makeFolder(name) }
    var all = ""
    var lines = ""
    var isAlwaysMember = true
    for (code, history) in histories.sorted(by: { $0.key < $1.key }) {
      let rows = history.rows.map(span)
      let spans = members?.spans(of: code) ?? history.members.map(span)
      for span in rows { all += "\(code)\t\(span.lowerBound)\t\(span.upperBound)\n" }
      for span in spans { lines += "\(code)\t\(span.lowerBound)\t\(span.upperBound)\n" }
      isAlwaysMember =
        isAlwaysMember
        && rows.allSatisfy { rows in
          spans.contains { $0.contains(rows.lowerBound) && $0.contains(rows.upperBound) }
        }
      try folder.makeFolder("features/\(code.folder)")
      for (field, name) in Bar.names.enumerated() {
        try history.values(field).withUnsafeBytes {
          try folder.write($0, to: "features/\(code.folder)/\(name).day.bin")
        }
      }
    }
    try folder.write(all, to: "instruments/all.txt")
    let market = market == "all" ? nil : market
    if market != nil || !isAlwaysMember {
      try folder.write(lines, to: "instruments/\(market ?? "members").txt")
    }
    try folder.write(days.map { "\($0)\n" }.joined(), to: "calendars/day.txt")
    try folder.publish()
  }

  private func span(_ places: Range<Int>) -> ClosedRange<Day> {
    days[places.lowerBound]...days[places.upperBound - 1]
  }
}
