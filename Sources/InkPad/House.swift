import Streams
import Subprocess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the programs are that belong together, seen from the folder of the executable.
public struct House: Sendable {
  private let bin: String

  /// The house of the running executable.
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

  /// Shows an address in the browser; says so where there is none to open it.
  public func open(_ address: String) {
    #if os(macOS)
      let opener = "open"
    #else
      let opener = "xdg-open"
    #endif
    Task {
      do {
        let outcome = try await Subprocess.run(
          .name(opener), arguments: [address], output: .discarded, error: .discarded)
        if !outcome.terminationStatus.isSuccess {
          diagnose("\(opener): \(outcome.terminationStatus)")
        }
      } catch {
        diagnose("\(opener): \(error)")
      }
    }
  }
}
