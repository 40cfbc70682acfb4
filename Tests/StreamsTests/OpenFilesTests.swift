import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct OpenFilesTests {
  /// The soft limit and the hard one.
  private static func limits() -> (soft: rlim_t, hard: rlim_t) {
    var limit = rlimit()
    #if canImport(Glibc)
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
      getrlimit(RLIMIT_NOFILE, &limit)
    #endif
    return (limit.rlim_cur, limit.rlim_max)
  }

  @Test("room up to the hard limit, of which the process itself has 16; beyond it one line")
  func hardLimit() throws {
    guard let all = Int(exactly: Self.limits().hard), all < 1 << 40 else { return }
    try OpenFiles.makeRoom(1)
    for count in [all - 15, all, all + 1000] {
      #expect {
        try OpenFiles.makeRoom(count)
      } throws: {
        "\($0)".contains("\(count) files must be open at once, and the hard limit is \(all) (")
      }
    }
    try OpenFiles.makeRoom(all - 16)
    #expect(Self.limits().soft >= rlim_t(all))
  }
}
