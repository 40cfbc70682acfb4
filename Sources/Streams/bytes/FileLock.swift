#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps a file for one process, from before it is read until its successor is in place.
///
/// The lock is on a file beside it, `.NAME.lock`, as a rename puts another file under the name. It is
/// gone when this is, or when a signal ends the process. After `kill -9` it stays, locked by nobody, and
/// the next run takes it over. Two hard links are two files: a rename parts them. Devices and pipes,
/// which keep nothing, are not locked.
public final class FileLock {
  private let path: String
  private let descriptor: Int32

  /// Locks a file, whether it is there or not.
  ///
  /// Throws `busy` where another process has it, and `inputOutput` where its folder takes no lock.
  public init(_ file: String) throws {
    let target = resolvedPath(file)
    var status = stat()
    guard stat(target, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      (path, descriptor) = (target, -1)
      return
    }
    let (folder, name) = splitPath(target)
    // A name as long as the file system allows leaves no room for more letters.
    let stem = String(decoding: name.utf8.prefix(200), as: UTF8.self)
    path = "\(folder).\(stem).lock"
    descriptor = try Self.take(path, for: file)
    Cleanup.add(path)
  }

  /// Opens and locks a file that still is the one of its name: another run may just have removed it.
  private static func take(_ path: String, for file: String) throws -> Int32 {
    // Other runs come and go, but not for ever.
    for _ in 0..<1000 {
      var descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      let isNew = descriptor >= 0
      if !isNew { descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
      guard descriptor >= 0 else { throw Failure.system(.inputOutput, file) }
      func fail() -> Failure {
        let failure = Failure.system(.inputOutput, file)
        // Where there are no locks, nobody else has one on what was made here.
        if isNew { unlink(path) }
        close(descriptor)
        return failure
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        guard errno == EWOULDBLOCK else { throw fail() }
        close(descriptor)
        throw busy(file)
      }
      var (ours, named) = (stat(), stat())
      guard fstat(descriptor, &ours) == 0 else { throw fail() }
      if stat(path, &named) != 0 {
        // Gone is what another run has removed; of what cannot be looked at, no more is known later.
        guard errno == ENOENT else { throw fail() }
      } else if ours.st_ino == named.st_ino, ours.st_dev == named.st_dev {
        return descriptor
      }
      close(descriptor)
    }
    throw busy(file)
  }

  private static func busy(_ file: String) -> Failure {
    Failure(.busy, "\(file): another run is at work on it")
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Forgotten first: after the unlink the name may be another run's.
    Cleanup.remove(path)
    unlink(path)
    close(descriptor)
  }
}
