#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An empty file in `TMPDIR`, or `/tmp`, that has no name: it is gone when this is, however the process
/// ends.
public final class TemporaryFile {
  /// Where to write and read.
  public let descriptor: Int32
  /// How diagnostics name it.
  public let name: String

  /// Makes the file; throws `inputOutput` where it cannot be made.
  public init() throws {
    let variable = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let folder = variable.isEmpty ? "/tmp" : variable
    name = "temporary file in \(folder)"
    #if os(Linux)
      // O_TMPFILE: never has a name.
      let nameless = open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o600)
    #else
      let nameless: Int32 = -1
    #endif
    if nameless >= 0 {
      descriptor = nameless
      return
    }
    // Not every file system can do that: there it has one for a moment.
    var template = Array("\(folder)/\(toolName).XXXXXX".utf8CString)
    descriptor = Cleanup.makeTemporaryFile(&template, isNamed: false)
    if descriptor < 0 { throw Failure.system(.inputOutput, folder) }
  }

  deinit { close(descriptor) }

  /// A name that opens it anew, while this lives.
  public var path: String { "/dev/fd/\(descriptor)" }
}
