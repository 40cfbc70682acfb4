import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file of a folder's own, as it was when it was looked at: neither a link, nor a device.
struct SheetFile: Equatable {
  private let inode: UInt64
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Looks at a path; nil where there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if os(Linux)
      let changed = status.st_mtim
    #else
      let changed = status.st_mtimespec
    #endif
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    (seconds, nanoseconds) = (Int(changed.tv_sec), Int(changed.tv_nsec))
  }

  /// Reads a sheet, and what its file was then; nil where it is too large, or holds no sheet, or is no
  /// regular file.
  static func read(_ path: String, limit: Int) -> (sheet: Sheet, file: SheetFile)? {
    // No link is followed, and a pipe is not waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, let file = SheetFile(status), file.size <= limit else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = try? bytes.withUnsafeMutableBytes {
      try readAll(into: $0, from: descriptor, name: path)
    }
    guard count == file.size else { return nil }
    let sheet = try? bytes.withUnsafeBytes { bytes in
      try withJSON(bytes, name: "sheet") { try Sheet($0) }
    }
    return sheet.map { ($0, file) }
  }
}
