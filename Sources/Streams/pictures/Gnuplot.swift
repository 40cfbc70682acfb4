#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Charts are drawn by gnuplot, a program of its own.
public enum Gnuplot {
  /// Where it is; nil where it is not installed.
  public static var path: String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/gnuplot" }.first { access($0, X_OK) == 0 }
  }

  /// What is wrong where it is not installed, and what helps.
  public static let absence =
    "gnuplot is not installed, and charts need it (Debian: apt install gnuplot-nox)"

  /// Where it is; throws `inputMissing` where it is not installed.
  public static func find() throws -> String {
    guard let path else { throw Failure(.inputMissing, absence) }
    return path
  }

  /// Runs a script whose chart goes to standard output, and puts that into a file, whole or not at all.
  public static func draw(_ script: String, to path: String) throws {
    let picture = try run(script)
    try picture.withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }

  /// What gnuplot writes to standard output for a script.
  public static func run(_ script: String) throws -> [UInt8] {
    let program = try find()
    var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard pipe(&input) == 0, pipe(&output) == 0 else {
      throw Failure.system(.inputOutput, "gnuplot")
    }
    for end in [input[1], output[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, input[0], 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], 1)
    for end in [input[0], output[1]] { posix_spawn_file_actions_addclose(&actions, end) }
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("gnuplot"), nil]
    var process: pid_t = 0
    // Without an environment there are no start-up files either: the same chart for everybody.
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let status = posix_spawn(&process, program, &actions, nil, &arguments, &environment)
    free(arguments[0])
    posix_spawn_file_actions_destroy(&actions)
    close(input[0])
    close(output[1])
    guard status == 0 else {
      for end in [input[1], output[0]] { close(end) }
      throw Failure.system(.inputOutput, program, status)
    }
    // It draws when it has read all, so the pipes do not fill up one against the other.
    var written = 0
    let isSent = Array(script.utf8).withUnsafeBytes {
      writeAll($0, to: input[1], written: &written)
    }
    // What has ended by itself says why. Of half a script it must neither draw nor say anything.
    let fault = isSent || errno == EPIPE ? nil : errno
    if fault != nil { kill(process, SIGKILL) }
    close(input[1])
    let drawn = Result { try drain(output[0]) }
    // Where it still writes what nobody reads, it ends.
    close(output[0])
    var ending: Int32 = 0
    while waitpid(process, &ending, 0) < 0, errno == EINTR {}
    if let fault { throw Failure.system(.inputOutput, "gnuplot", fault) }
    let picture = try drawn.get()
    guard ending == 0, !picture.isEmpty else {
      throw Failure(.internal, "\(program): ended with status \(ending >> 8), no chart")
    }
    return picture
  }

  private static func drain(_ descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = systemRead(descriptor, &piece, piece.count)
      if count > 0 {
        bytes += piece[..<count]
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw Failure.system(.inputOutput, "gnuplot")
      }
    }
  }
}
