#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The temporary files that become one file: `.NAME.XXXXXX.convoy` beside it.
///
/// Each is locked for as long as its process lives. `kill -9` leaves one behind that nobody has locked:
/// the next run that writes the same file removes it.
struct TemporaryNames {
  private let folder: String
  private let stem: String
  private static let ending = ".convoy"

  /// Those of the file at a path.
  init(of path: String) {
    let (folder, name) = splitPath(path)
    self.folder = folder
    // A name as long as the file system allows leaves no room for more letters.
    stem = ".\(String(decoding: name.utf8.prefix(100), as: UTF8.self))."
  }

  /// Makes a file, and removes those of runs that are dead; nil where none can be made, and `errno`
  /// says why.
  func makeFile() -> (descriptor: Int32, path: String)? {
    sweep()
    while true {
      var template = Array("\(folder)\(stem)XXXXXX\(Self.ending)".utf8CString)
      let descriptor = Cleanup.makeTemporaryFile(&template, suffix: Self.ending.utf8.count)
      guard descriptor >= 0 else { return nil }
      let path = template.withUnsafeBufferPointer {
        $0.baseAddress.map { String(cString: $0) } ?? ""
      }
      // Where nothing can be locked, nothing is swept either.
      flock(descriptor, LOCK_EX)
      var status = stat()
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return (descriptor, path) }
      // Another run took it for a dead one's, before it was locked.
      Cleanup.remove(path)
      close(descriptor)
    }
  }

  /// Removes what dead runs have left; not a file that is locked, nor one of somebody else.
  private func sweep() {
    guard let listing = opendir(folder.isEmpty ? "." : folder) else { return }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { bytes in
        bytes.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      guard name.hasPrefix(stem), name.hasSuffix(Self.ending),
        name.utf8.count == stem.utf8.count + 6 + Self.ending.utf8.count
      else { continue }
      let file = open(folder + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard file >= 0 else { continue }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), flock(file, LOCK_EX | LOCK_NB) == 0
      else { continue }
      unlink(folder + name)
    }
  }
}
