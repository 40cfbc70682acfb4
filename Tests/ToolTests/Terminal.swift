import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A terminal of the test's own, to see what a tool shows on one.
final class Terminal {
  /// The device that a tool writes to.
  let name: String
  private let master: Int32
  private let reader: TerminalReader
  /// Open here too, so that what is written stays to be read.
  private let device: Int32

  /// A terminal of so many columns; it does not tell where they are 0.
  init(columns: Int = 0) throws {
    // What unlockpt and ptsname do, which Swift's Glibc does not show: TIOCSPTLCK and TIOCGPTN.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, Int32) = (0, 0)
    try #require(master >= 0 && ioctl(master, 0x4004_5431, &lock) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    name = "/dev/pts/\(number)"
    device = open(name, O_RDWR | O_NOCTTY)
    reader = TerminalReader(master)
    reader.start()
    resize(columns: columns)
  }

  deinit {
    reader.stop()
    close(device)
  }

  /// Makes it so wide.
  func resize(columns: Int) {
    // TIOCSWINSZ.
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, 0x5414, &size)
  }

  /// Types a text.
  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  /// The rows of what was written to it since it was last asked, as they stand there in the end; what tells
  /// it colours is left out.
  func screen() -> [String] { Screen(shown()).rows.map { String($0) } }

  /// What was written to it since it was last asked.
  func shown() -> String {
    // It hands on what it was given when it likes, but in order: a mark says that it is all.
    _ = write(device, "#", 1)
    var text: [UInt8] = []
    for _ in 0..<2000 where text.last != UInt8(ascii: "#") {
      usleep(5000)
      text += reader.take()
    }
    #expect(text.last == UInt8(ascii: "#"), "the terminal keeps what it was given")
    return String(decoding: text.dropLast(), as: UTF8.self)
  }
}

/// Reads what a terminal is sent while tools run: it holds some kilobytes, and lets them wait then.
private final class TerminalReader: Sendable {
  private let master: Int32
  private let state = Mutex((bytes: [UInt8](), isDone: false))

  init(_ master: Int32) { self.master = master }

  func start() {
    #if os(Linux)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        if let context {
          Unmanaged<TerminalReader>.fromOpaque(context).takeRetainedValue().read()
        }
        return nil
      }, context)
  }

  /// What came since it was last asked.
  func take() -> [UInt8] {
    state.withLock { state in
      defer { state.bytes = [] }
      return state.bytes
    }
  }

  func stop() { state.withLock { $0.isDone = true } }

  private func read() {
    while !state.withLock({ $0.isDone }) {
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 50) > 0 else { continue }
      var piece = [UInt8](repeating: 0, count: 1 << 12)
      let count = systemRead(master, &piece, piece.count)
      guard count > 0 else {
        usleep(5000)
        continue
      }
      state.withLock { $0.bytes += piece[..<count] }
    }
    close(master)
  }
}

private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, bytes, count)
}

/// What a terminal shows of what it is sent: enough of one to see who writes over whom.
struct Screen {
  private(set) var rows: [[Character]] = [[]]
  private var (row, column) = (0, 0)

  init(_ text: String) {
    // A line feed behind a carriage return is one character to Swift.
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n":
        row += 1
        if row == rows.count { rows.append([]) }
      case "\u{1b}":
        let sequence = scalars.prefix { !$0.properties.isAlphabetic }
        scalars = scalars.dropFirst(sequence.count)
        switch scalars.popFirst() {
        case "K": rows[row].removeLast(max(rows[row].count - column, 0))
        case "A": row = max(row - 1, 0)
        default: break
        }
      default:
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = Character(scalar)
        column += 1
      }
    }
    if rows.last == [] { rows.removeLast() }
  }
}
