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
  /// Open here too, so that what is written stays to be read.
  private let device: Int32

  init() throws {
    // What unlockpt and ptsname do, which Swift's Glibc does not show: TIOCSPTLCK and TIOCGPTN.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, Int32) = (0, 0)
    try #require(master >= 0 && ioctl(master, 0x4004_5431, &lock) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    name = "/dev/pts/\(number)"
    device = open(name, O_RDWR | O_NOCTTY)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(device)
    close(master)
  }

  /// What was written to it since it was last asked.
  func shown() -> String {
    // It hands on what it was given when it likes, but in order: a mark says that it is all.
    _ = write(device, "#", 1)
    var text: [UInt8] = []
    for _ in 0..<1000 where text.last != UInt8(ascii: "#") {
      var piece = [UInt8](repeating: 0, count: 1 << 12)
      let count = read(master, &piece, piece.count)
      if count > 0 { text += piece[..<count] } else { usleep(10_000) }
    }
    #expect(text.last == UInt8(ascii: "#"), "the terminal keeps what it was given")
    return String(decoding: text.dropLast(), as: UTF8.self)
  }
}
