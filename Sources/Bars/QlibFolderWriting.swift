import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bars of days that come one after the other, held until they are written as a qlib data folder.
public struct QlibFolderDraft {
  private var days: [Day] = []
  private var histories: [InstrumentCode: Columns] = [:]

  /// The bars of one instrument, from the day of its first row on.
  private struct Columns {
    let first: Int
    private(set) var bars: [Bar] = []
    /// The days on which it has rows, and on which it is a member: by their places.
    private(set) var rows: [Range<Int>] = []
    private(set) var members: [Range<Int>] = []

    init(first: Int) { self.first = first }

    mutating func add(_ bar: Bar, at place: Int, isMember: Bool) {
      bars += repeatElement(.suspended, count: place - first - bars.count)
      bars.append(bar)
      Self.extend(&rows, to: place)
      if isMember { Self.extend(&members, to: place) }
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
        let values = [Float(history.first)] + history.bars.map { $0.values[field] }
        try values.withUnsafeBytes {
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

/// A folder that takes its name when it is complete.
///
/// Signals wait for the end of a file, and then the folder is taken away before they end the process.
/// Files are not synced one by one: there are thousands.
private final class NewFolder {
  private let path: String
  private var temporary = ""
  /// What was made, in order.
  private var made: [(path: String, isFolder: Bool)] = []
  private var signals = sigset_t()
  private var before = sigset_t()

  init(_ path: String) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    pthread_sigmask(SIG_BLOCK, nil, &before)
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    var template = Array("\(path).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure.system(.inputOutput, path) }
    temporary = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    made.append((temporary, true))
    let mask = umask(0)
    umask(mask)
    chmod(temporary, 0o777 & ~mask)
  }

  deinit { end() }

  /// Takes away what was not published, and lets signals through.
  private func end() {
    for (path, isFolder) in made.reversed() {
      if isFolder { rmdir(path) } else { unlink(path) }
    }
    made = []
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  func makeFolder(_ name: String) throws {
    let path = "\(temporary)/\(name)"
    guard mkdir(path, 0o777) == 0 else { throw Failure.system(.inputOutput, path) }
    made.append((path, true))
  }

  func write(_ text: String, to name: String) throws {
    try Array(text.utf8).withUnsafeBytes { try write($0, to: name) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws {
    let path = "\(temporary)/\(name)"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw Failure.system(.inputOutput, path) }
    made.append((path, false))
    do {
      try writeAll(bytes, to: file, name: path)
    } catch {
      close(file)
      throw error
    }
    guard close(file) == 0 else { throw Failure.system(.inputOutput, path) }
    var pending = sigset_t()
    sigpending(&pending)
    if [SIGINT, SIGTERM, SIGHUP].contains(where: { sigismember(&pending, $0) == 1 }) { end() }
  }

  func publish() throws {
    guard rename(temporary, path) == 0 else { throw Failure.system(.inputOutput, path) }
    made = []
  }
}
