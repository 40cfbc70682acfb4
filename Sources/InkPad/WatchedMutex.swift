#if WATCHED
  #if canImport(Glibc)
    import Glibc
  #else
    import Darwin
  #endif

  /// A lock in place of Synchronization's where the thread sanitizer watches, which does not see that one wait in
  /// the kernel, and takes what it guards for unguarded.
  final class Mutex<Value>: @unchecked Sendable {
    private var value: Value
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ value: Value) {
      self.value = value
      pthread_mutex_init(lock, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value)
    }
  }
#endif
