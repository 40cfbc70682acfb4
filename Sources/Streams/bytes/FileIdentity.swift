#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which file a path or a descriptor leads to, whether it is there yet or not: so that what is written is
/// not written over something else.
///
/// Hard links are one file. Devices and pipes keep nothing, so they are none.
enum FileIdentity: Hashable {
  case there(device: UInt64, number: UInt64)
  case named(String)

  /// The file of a path.
  init?(_ path: String) {
    var status = stat()
    if stat(path, &status) == 0 {
      self.init(status)
    } else {
      self = .named(resolvedPath(path))
    }
  }

  /// The file that is open.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
    self = .there(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      number: UInt64(truncatingIfNeeded: status.st_ino))
  }
}
