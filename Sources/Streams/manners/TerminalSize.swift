#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known of the terminal that somebody looks at.
enum TerminalSize {
  /// The columns of the terminal behind a descriptor: as it says itself, else as `COLUMNS` does, else 80; nil
  /// where there is no terminal.
  static func columns(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return columns(told: isKnown ? Int(size.ws_col) : 0, variable: environment("COLUMNS"))
  }

  /// The same, by what the terminal tells, 0 for nothing, and by the variable.
  static func columns(told: Int, variable: String?) -> Int {
    if told > 0 { return told }
    guard let columns = variable.flatMap({ Int($0) }), (1...10_000).contains(columns) else {
      return 80
    }
    return columns
  }

  /// Whether a terminal obeys what moves its cursor: `TERM=dumb` says that it does not.
  static var obeys: Bool { obeys(term: environment("TERM")) }

  static func obeys(term: String?) -> Bool { term != "dumb" }

  /// Whether texts are set off: where `TERM` names a terminal that can, and `NO_COLOR` does not speak against
  /// it.
  static var isColoured: Bool {
    isColoured(term: environment("TERM"), noColour: environment("NO_COLOR"))
  }

  static func isColoured(term: String?, noColour: String?) -> Bool {
    !["", "dumb"].contains(term ?? "") && (noColour ?? "").isEmpty
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
