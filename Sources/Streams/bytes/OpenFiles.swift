#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many files the system lets this process have open at once.
enum OpenFiles {
  /// What a process has open beside the files it works on.
  private static let others = 16

  /// Sees to it that so many more files can be open; throws `inputOutput` where the system's hard limit is
  /// lower.
  static func makeRoom(_ count: Int) throws {
    var limit = rlimit()
    #if canImport(Glibc)
      let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let files = RLIMIT_NOFILE
    #endif
    let wanted = rlim_t(count + others)
    guard getrlimit(files, &limit) == 0, limit.rlim_cur < wanted else { return }
    guard limit.rlim_max >= wanted else {
      throw Failure(
        .inputOutput,
        "\(count) files must be open at once, and the hard limit is \(limit.rlim_max) (ulimit -Hn)")
    }
    #if canImport(Glibc)
      limit.rlim_cur = limit.rlim_max
    #else
      limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
    #endif
    guard setrlimit(files, &limit) == 0 else {
      throw Failure.system(.inputOutput, "limit of open files")
    }
  }
}
