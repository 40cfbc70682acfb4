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
  private var lastShown = 0.0

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
    let elapsed = now - started
    let rate = Double(done) / max(elapsed, 1e-9)
    var line = "\r\(toolName): \(done)"
    if let total {
      let left = Int(Double(total - done) / max(rate, 1e-9))
      line += "/\(total) \(unit), \(Int(rate))/s, \(left / 60) min \(left % 60) s left"
    } else {
      line += " \(unit), \(Int(rate))/s"
    }
    line += note.isEmpty ? "" : ", \(note)"
    line += "\u{1b}[K"
    _ = line.utf8.withContiguousStorageIfAvailable { systemWrite(2, $0.baseAddress, $0.count) }
  }

  /// Takes the line away.
  public func finish() {
    guard shown, lastShown > 0 else { return }
    _ = systemWrite(2, "\r\u{1b}[K", 4)
  }
}

/// Seconds on a clock that only goes forward.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
