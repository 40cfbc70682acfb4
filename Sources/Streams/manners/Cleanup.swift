import OutOfMemory

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
  /// Beyond any number of files that are written side by side.
  private static let slotCount = 4096

  /// Holds writers apart.
  ///
  /// The signal handler does not take it: it reads slots as they are.
  nonisolated(unsafe) private static let lock = {
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    return lock
  }()

  /// Makes a file as `mkstemps` does and remembers to remove it, or takes its name away at once; -1
  /// where it cannot be made.
  static func makeTemporaryFile(
    _ template: inout [CChar], suffix: Int = 0, isNamed: Bool = true
  ) -> Int32 {
    // A signal between the two steps would leave the file behind.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let descriptor = mkstemps(&template, Int32(suffix))
    guard descriptor >= 0 else { return -1 }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if isNamed {
      template.withUnsafeBufferPointer { add($0.baseAddress) }
    } else {
      unlink(template)
    }
    return descriptor
  }

  /// Remembers to remove a file, or a folder that will be empty then.
  static func add(_ path: UnsafePointer<CChar>?) {
    guard let path else { return }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    for slot in 0..<slotCount where paths[slot] == nil {
      paths[slot] = strdup(path)
      return
    }
  }

  /// Forgets a file that has found its place.
  static func remove(_ path: String) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    for slot in 0..<slotCount {
      guard let kept = paths[slot], String(cString: kept) == path else { continue }
      paths[slot] = nil
      free(kept)
    }
  }

  /// Takes the line of progress away and removes what is left: files, then the folders that they were in.
  static func run() {
    Progress.clear()
    for slot in 0..<slotCount {
      if let path = paths[slot] { unlink(path) }
    }
    for slot in 0..<slotCount {
      if let path = paths[slot] { rmdir(path) }
    }
  }

  /// Makes SIGINT, SIGTERM and SIGHUP remove the files and then end the process as they would; where
  /// memory runs out they are removed too.
  ///
  /// What the caller has chosen to ignore, as `nohup` does, stays ignored.
  static func installHandlers() {
    _ = paths
    out_of_memory_runs { Cleanup.run() }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number) { number in
        Cleanup.run()
        signal(number, SIG_DFL)
        raise(number)
      }
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
  }
}
