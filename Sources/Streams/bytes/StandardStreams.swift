#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The three descriptors that a process starts with, of which any may be closed.
enum StandardStreams {
  nonisolated(unsafe) private(set) static var inputClosed = false
  nonisolated(unsafe) private(set) static var outputClosed = false
  nonisolated(unsafe) private static var inputTaken = false

  /// Standard input, for its one reader; throws where it is closed, or asked for a second time.
  static func takeInput() throws -> Int32 {
    if inputClosed { throw Failure(.inputMissing, "<stdin>: is closed") }
    if inputTaken {
      throw Failure.usage("standard input can be read once only, for one of the files")
    }
    inputTaken = true
    return 0
  }

  /// Notes which are closed, and opens those, so that no other file gets their numbers.
  static func secure() {
    inputClosed = fcntl(0, F_GETFD) == -1
    outputClosed = fcntl(1, F_GETFD) == -1
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
      _ = open("/dev/null", O_RDWR)
    }
    // A reader that goes away shows as EPIPE, which ends the tool quietly.
    signal(SIGPIPE, SIG_IGN)
  }
}
