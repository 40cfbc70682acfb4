#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ByteReader {
  /// The files that will be read, where they can be read a second time; nil where one is a pipe, or
  /// gzipped, or is being read already.
  ///
  /// To ask before the first source is opened. On Linux a file that the shell opened as standard
  /// input counts too.
  public var pathsToReread: [String]? {
    guard !hasBegun else { return nil }
    var paths: [String] = []
    for path in pathsWaiting {
      guard let place = path == "-" ? Self.fileOfStandardInput : path, isPlain(place) else {
        return nil
      }
      paths.append(place)
    }
    return paths
  }

  /// Where standard input is a file at its start: a name that opens it anew.
  private static var fileOfStandardInput: String? {
    #if os(Linux)
      return lseek(0, 0, SEEK_CUR) == 0 ? "/dev/stdin" : nil
    #else
      return nil
    #endif
  }

  private func isPlain(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    var magic: (UInt8, UInt8) = (0, 0)
    let count = pread(descriptor, &magic, 2, 0)
    return count >= 0 && magic != (0x1f, 0x8b)
  }
}
