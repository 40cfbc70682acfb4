import Streams
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The two ends of a pipe, which programs that are started do not get by themselves.
struct PipeEnds {
  let read: Int32
  let write: Int32

  /// Makes a pipe; throws `inputOutput` where none is to be had.
  init() throws {
    (read, write) = try starting.withLock { _ in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw Failure.system(.inputOutput, "pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return (ends[0], ends[1])
    }
  }

  func close() {
    systemClose(read)
    systemClose(write)
  }
}

/// Held while a program starts, and from where a descriptor is made to where it is marked to be closed in
/// programs that are started: none gets a guest's socket, or an end of another one's pipe.
let starting = Mutex(())

/// `close(2)`, under a name that methods called `close` do not hide.
///
/// What it says is of no use: the descriptor is closed, whatever that is.
func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
