import Mechanics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A line on standard error that says how far a long work is: shown on a terminal only.
///
/// What is written to a terminal takes it away first, so that they never share a row.
public final class Progress {
  private let total: Int?
  private let unit: String
  private let shown: Bool
  private let started = monotonicSeconds()
  /// Work that is done before the first look at it needs no line.
  private var lastShown = monotonicSeconds() + 0.8
  /// Whether a line stands there that others must take away first.
  nonisolated(unsafe) private static var stands = false
  /// Whether the terminal's cursor is at the start of a row.
  nonisolated(unsafe) private static var isRowEmpty = true

  /// Progress towards `total` units, or towards an end that is not known.
  public init(total: Int?, unit: String, quiet: Bool) {
    self.total = total
    self.unit = unit
    shown = !quiet && isatty(2) == 1 && TerminalSize.obeys
  }

  /// Says that `done` units are done; redraws five times a second at most.
  public func update(_ done: Int, note: String = "") {
    guard shown, Self.isRowEmpty else { return }
    let now = monotonicSeconds()
    guard now - lastShown > 0.2 else { return }
    lastShown = now
    let look = Look(done: done, total: total, unit: unit, seconds: now - started, note: note)
    // In the last column some terminals begin a new row.
    let columns = TerminalSize.columns(of: 2) ?? 80
    let text = look.line(toolName, width: columns - 1)
    Self.stands = true
    Self.show("\r\(text)\u{1b}[K")
  }

  /// Takes the line away.
  public func finish() { Self.clear() }

  /// Takes away the line of whatever progress there is: also where a signal ends the process, so that nothing
  /// is asked for, neither memory nor a lock.
  static func clear() {
    guard stands else { return }
    stands = false
    _ = systemWrite(2, "\r\u{1b}[K", 4)
  }

  /// Makes room for what goes to a terminal and ends in this byte.
  static func giveWay(toOutputEndingIn last: UInt8?) {
    clear()
    if let last { isRowEmpty = last == UInt8(ascii: "\n") }
  }

  private static func show(_ text: String) {
    var text = text
    text.withUTF8 { _ = systemWrite(2, $0.baseAddress, $0.count) }
  }
}

/// How far a work is, in words.
struct Look {
  var done: Int
  var total: Int?
  var unit: String
  var seconds: Double
  var note = ""

  /// The longest text that has room: `TOOL: [====      ] 300/1000 steps, 10 steps/s, 1 min 10 s left, NOTE`,
  /// then less and less of it.
  func line(_ tool: String, width: Int) -> String {
    let count = total.map { "\(done)/\($0) \(unit)" } ?? "\(done) \(unit)"
    let end = [left].compactMap { $0 }
    // A note has words of the input.
    // Before the first is done there is no rate.
    let figures = [count] + (done > 0 ? [rate] : []) + end
    let all = figures + (note.isEmpty ? [] : [oneLine(note)])
    let texts: [(bar: Int, parts: [String])] = [
      (20, all), (10, all), (10, figures), (0, figures), (0, [count] + end), (0, [count]),
    ]
    let named = texts.prefix(3).map { "\(tool): " + bar($0.bar) + $0.parts.joined(separator: ", ") }
    let bare = texts.dropFirst(2).map { bar($0.bar) + $0.parts.joined(separator: ", ") }
    let short = share.map { ["\($0) %, \(clock)", "\($0) %"] } ?? []
    // The time left is worth more than the count.
    let options = named + bare.dropLast() + short + bare.suffix(1)
    return options.first { $0.columns <= width } ?? options.last?.pieces(of: max(width, 1))[0] ?? ""
  }

  private var perSecond: Double { seconds > 0 ? Double(done) / seconds : 0 }

  private var rate: String {
    let number =
      perSecond >= 10
      ? "\(Int(perSecond, within: 0...1_000_000_000_000_000))" : fixed(perSecond, 1)
    return "\(number) \(unit)/s"
  }

  /// Seconds that are left; nil where nothing is known: before the first is done, or without an end.
  private var secondsLeft: Int? {
    guard let total, perSecond > 0 else { return nil }
    return Int(Double(max(total - done, 0)) / perSecond, within: 0...1_000_000_000)
  }

  private var left: String? {
    secondsLeft.map {
      $0 < 3600 ? "\($0 / 60) min \($0 % 60) s left" : "\($0 / 3600) h \($0 / 60 % 60) min left"
    }
  }

  /// The same as `1:10 left`, or hours with minutes.
  private var clock: String {
    guard let seconds = secondsLeft else { return unit }
    return seconds < 3600
      ? "\(seconds / 60):\(zeroPadded(seconds % 60, 2)) left"
      : "\(seconds / 3600) h \(zeroPadded(seconds / 60 % 60, 2)) left"
  }

  /// How much is done, in hundredths.
  private var share: Int? {
    total.map { $0 > 0 ? Int(100 * (Double(done) / Double($0)), within: 0...100) : 100 }
  }

  private func bar(_ width: Int) -> String {
    guard let share, width > 0 else { return "" }
    let done = share * width / 100
    return "[" + String(repeating: "=", count: done)
      + String(repeating: " ", count: width - done) + "] "
  }
}
