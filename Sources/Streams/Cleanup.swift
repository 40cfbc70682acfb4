#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Temporary files that must not outlive the process, however it ends (but for `kill -9`).
enum Cleanup {
  /// C strings that a signal handler can read: it may neither allocate nor lock.
  nonisolated(unsafe) private static let paths = {
    let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: slotCount)
    slots.initialize(repeating: nil, count: slotCount)
    return slots
  }()
  private static let slotCount = 16

  /// Remembers a file to remove.
  static func add(_ path: String) {
    for slot in 0..<slotCount where paths[slot] == nil {
      paths[slot] = strdup(path)
      return
    }
  }

  /// Forgets a file that has found its place.
  static func remove(_ path: String) {
    for slot in 0..<slotCount {
      guard let kept = paths[slot], String(cString: kept) == path else { continue }
      paths[slot] = nil
      free(kept)
    }
  }

  /// Removes what is left.
  static func run() {
    for slot in 0..<slotCount {
      if let path = paths[slot] { unlink(path) }
    }
  }

  /// Makes SIGINT, SIGTERM and SIGHUP remove the files and then end the process as they would.
  static func installHandlers() {
    _ = paths
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        Cleanup.run()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
