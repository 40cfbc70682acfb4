import Mechanics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A line on standard error that says how far a long work is: shown on a terminal only.
public final class Progress {
  private let total: Int?
  private let unit: String
  private let shown: Bool
  private let started = monotonicSeconds()
  /// Work that is done before the first look at it needs no line.
  private var lastShown = monotonicSeconds() + 0.8
  /// Whether a line stands there that a diagnostic must take away first.
  nonisolated(unsafe) private static var stands = false

  /// Progress towards `total` units, or towards an end that is not known.
  public init(total: Int?, unit: String, quiet: Bool) {
    self.total = total
    self.unit = unit
    shown = !quiet && isatty(2) == 1
  }

  /// Says that `done` units are done; redraws five times a second at most.
  public func update(_ done: Int, note: String = "") {
    guard shown else { return }
    let now = monotonicSeconds()
    guard now - lastShown > 0.2 else { return }
    lastShown = now
    Self.stands = true
    let text = Self.text(done, total, unit, seconds: now - started, note)
    let line = "\r\(toolName): \(text)\u{1b}[K"
    _ = line.utf8.withContiguousStorageIfAvailable { systemWrite(2, $0.baseAddress, $0.count) }
  }

  /// `300/1000 steps, 10/s, 1 min 10 s left, NOTE`.
  static func text(
    _ done: Int, _ total: Int?, _ unit: String, seconds: Double, _ note: String
  ) -> String {
    let rate = seconds > 0 ? Double(done) / seconds : 0
    var text = total.map { "\(done)/\($0) \(unit)" } ?? "\(done) \(unit)"
    text +=
      rate >= 10
      ? ", \(Int(rate, within: 0...1_000_000_000_000_000))/s" : ", \((rate * 10).rounded() / 10)/s"
    // Nothing is known before the first is done.
    if let total, rate > 0 {
      let left = Int(Double(max(total - done, 0)) / rate, within: 0...1_000_000_000)
      text +=
        left < 3600
        ? ", \(left / 60) min \(left % 60) s left" : ", \(left / 3600) h \(left / 60 % 60) min left"
    }
    // A note has words of the input.
    return note.isEmpty ? text : "\(text), \(oneLine(note))"
  }

  /// Takes the line away.
  public func finish() { Self.clear() }

  /// Takes away the line of whatever progress there is.
  static func clear() {
    guard stands else { return }
    stands = false
    _ = systemWrite(2, "\r\u{1b}[K", 4)
  }
}
