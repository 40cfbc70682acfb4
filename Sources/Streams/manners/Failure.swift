#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a tool ends, as `sysexits.h` numbers it.
public enum ExitStatus: Int32, Sendable {
  /// All done.
  case done = 0
  /// The command line is wrong.
  case usage = 64
  /// The input breaks a rule of its format.
  case badData = 65
  /// An input file is missing or unreadable.
  case inputMissing = 66
  /// This machine has not what is asked for: instructions, another program.
  case unavailable = 69
  /// A fault of the tool itself.
  case `internal` = 70
  /// Reading or writing failed.
  case inputOutput = 74
  /// Another run is at work on the same: later it may be done.
  case busy = 75
}

/// What ends a tool: an exit status and the one line that says why.
///
/// The line reads `PLACE: RULE: VALUE`, for example
/// `<stdin>:12: stroke 3: point has 1 coordinate, expected [x, y]`; the tool's name is put before it.
public struct Failure: Error, CustomStringConvertible, Sendable {
  /// The exit status to end with.
  public let status: ExitStatus
  /// The diagnostic, without the tool's name.
  public let description: String

  /// A failure with a status and a line.
  public init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }

  /// Data that breaks a rule, at a place such as `<stdin>:12`.
  public static func badData(_ place: String, _ rule: String) -> Failure {
    Failure(.badData, "\(place): \(rule)")
  }

  /// A command line that asks for what cannot be.
  public static func usage(_ rule: String) -> Failure { Failure(.usage, rule) }

  /// A system call that failed on a file; `errno` says how.
  public static func system(_ status: ExitStatus, _ place: String, _ code: Int32 = errno) -> Failure
  {
    Failure(status, "\(place): \(String(cString: strerror(code)))")
  }
}

/// An error of a room that knows itself how a tool ends by it.
///
/// Others are errors in the input.
public protocol EndingError: Error {
  /// The exit status, and the line; nil for an error in the input.
  var failure: Failure? { get }
}

/// Thrown when the reader of our output has gone away: the tool ends quietly.
struct ReaderGone: Error {}

/// Writes one line to standard error, after the tool's name.
public func diagnose(_ message: String) {
  Progress.clear()
  // A diagnostic is one line, whatever the input put into it.
  let text = "\(toolName): \(oneLine(message))\n"
  text.utf8.withContiguousStorageIfAvailable { bytes in
    _ = write(2, bytes.baseAddress, bytes.count)
  }
}

/// The name this program was called by, without folders.
public let toolName: String = {
  let path = CommandLine.arguments.first ?? "convoy"
  return path.split(separator: "/").last.map(String.init) ?? path
}()
