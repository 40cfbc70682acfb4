#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An empty file in `TMPDIR`, or `/tmp`, that is gone when this is, or when a signal ends the process.
public final class TemporaryFile {
  /// Where it is.
  public let path: String

  /// Makes the file; throws `inputOutput` where it cannot be made.
  public init() throws {
    let variable = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let folder = variable.isEmpty ? "/tmp" : variable
    var template = Array("\(folder)/\(toolName).XXXXXX".utf8CString)
    let descriptor = Cleanup.makeTemporaryFile(&template)
    if descriptor < 0 { throw Failure.system(.inputOutput, folder) }
    close(descriptor)
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  deinit {
    unlink(path)
    Cleanup.remove(path)
  }
}
