#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether the system starts a thread for this process, found out once.
///
/// Dispatch asks again and again, for ever, where a limit on threads is reached: with one thread the work gets
/// done.
public let threadsAreToBeHad: Bool = {
  #if canImport(Glibc)
    var thread = pthread_t()
  #else
    var thread: pthread_t?
  #endif
  guard pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { return false }
  #if canImport(Glibc)
    pthread_join(thread, nil)
  #else
    if let thread { pthread_join(thread, nil) }
  #endif
  return true
}()
