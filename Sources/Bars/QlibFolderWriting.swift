import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension BarSource {
  /// Writes what is selected as a qlib data folder, with `instruments/all.txt`.
  ///
  /// Where not all are members at all times, their spans are in `instruments/MARKET.txt`, which is
  /// `members.txt` where the market has no name.
  ///
  /// The folder appears whole or not at all: it must not exist yet, or be empty.
  public func writeQlibFolder(
    _ path: String, _ selection: BarSelection, market: String? = nil
  ) throws {
    let range = calendar.range(from: selection.first, to: selection.span.last)
    let membership = selection.membership(of: self)
    let folder = try NewFolder(path)
    for name in ["calendars", "instruments", "features"] { try folder.makeFolder(name) }
    var all = ""
    var members = ""
    var isAlwaysMember = true
    for code in selection.codes(membership) {
      guard let series = try series(code, in: range) else { continue }
      let days = calendar.days[series.first]...calendar.days[series.end - 1]
      all += "\(code)\t\(days.lowerBound)\t\(days.upperBound)\n"
      let spans = membership.spans(of: code)
      isAlwaysMember =
        isAlwaysMember
        && spans.contains { $0.contains(days.lowerBound) && $0.contains(days.upperBound) }
      for span in spans {
        members += "\(code)\t\(span.lowerBound)\t\(span.upperBound)\n"
      }
      try folder.makeFolder("features/\(code.folder)")
      for (field, name) in Bar.names.enumerated() {
        let values = [Float(series.first - range.lowerBound)] + series.bars.map { $0.values[field] }
        try values.withUnsafeBytes {
          try folder.write($0, to: "features/\(code.folder)/\(name).day.bin")
        }
      }
    }
    guard !all.isEmpty else {
      throw DayError.rule("no bar is selected, so no folder is written")
    }
    try folder.write(all, to: "instruments/all.txt")
    let market = market == "all" ? nil : market
    if market != nil || !isAlwaysMember {
      try folder.write(members, to: "instruments/\(market ?? "members").txt")
    }
    try folder.write(
      calendar.days[range].map { "\($0)\n" }.joined(), to: "calendars/day.txt")
    try folder.publish()
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
    // Found out before the work: rename would refuse a folder that holds something.
    if let other = opendir(path) {
      defer { closedir(other) }
      while let entry = readdir(other) {
        let first = withUnsafeBytes(of: entry.pointee.d_name) { ($0[0], $0[1], $0[2]) }
        let dot = UInt8(ascii: ".")
        guard first.0 == dot, first.1 == 0 || (first.1 == dot && first.2 == 0) else {
          throw Failure(.inputOutput, "\(path): folder exists and is not empty")
        }
      }
    } else if errno != ENOENT {
      throw Failure.system(.inputOutput, path)
    }
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
