import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tools and pipelines that were installed with the running executable.
public struct InstalledPrograms: Sendable {
  private let bin: String

  /// Those beside the running executable.
  public init() { bin = executableFolder }

  /// The pipeline at `path` or, where that is nil, `../pipelines/NAME` or, as installed, `NAME`.
  ///
  /// Throws `inputMissing` where it cannot be run.
  public func pipeline(_ path: String?, orDefault name: String) throws -> String {
    if let path { return try runnable(path) }
    let places = ["\(bin)/../pipelines/\(name)", "\(bin)/\(name)"]
    return try runnable(places.first { access($0, F_OK) == 0 } ?? places[0])
  }

  /// Another tool, beside this one.
  public func tool(_ name: String) throws -> String { try runnable("\(bin)/\(name)") }

  private func runnable(_ path: String) throws -> String {
    var status = stat()
    guard access(path, X_OK) == 0, stat(path, &status) == 0 else {
      throw Failure.system(.inputMissing, path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw Failure.system(.inputMissing, path, EISDIR)
    }
    return path.contains("/") ? path : "./\(path)"
  }
}
