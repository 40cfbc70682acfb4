#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The temporary files that become one file: `.NAME.XXXXXX.convoy` beside it; or folders,
/// `.NAME.convoy.XXXXXX`, that become one folder.
///
/// Each is locked for as long as its process lives. `kill -9` leaves one behind that nobody has locked:
/// the next run that writes the same file or folder removes it, and all that is in it.
struct TemporaryNames {
  private let folder: String
  private let stem: String
  private static let ending = ".convoy"
  private static let start = "convoy."

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

  /// Makes a folder as `makeFile` makes a file; its user removes it.
  func makeFolder() -> (descriptor: Int32, path: String)? {
    sweep()
    while true {
      var template = Array("\(folder)\(stem)\(Self.start)XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { return nil }
      let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
      var (ours, named) = (stat(), stat())
      if descriptor >= 0 {
        flock(descriptor, LOCK_EX)
        if fstat(descriptor, &ours) == 0, stat(path, &named) == 0, ours.st_ino == named.st_ino {
          return (descriptor, path)
        }
        close(descriptor)
      } else if errno != ENOENT {
        let code = errno
        rmdir(path)
        errno = code
        return nil
      }
      // Another run took it for a dead one's, before it was locked.
    }
  }

  /// Removes what dead runs have left; nothing that is locked, nor what is somebody else's.
  private func sweep() {
    let listed = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard listed >= 0 else { return }
    defer { close(listed) }
    for name in Self.names(in: listed) {
      guard name.hasPrefix(stem), name.utf8.count == stem.utf8.count + 6 + Self.ending.utf8.count
      else { continue }
      let isFolder = name.hasPrefix(stem + Self.start)
      guard isFolder || name.hasSuffix(Self.ending) else { continue }
      let file = open(folder + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard file >= 0 else { continue }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0,
        status.st_mode & S_IFMT == (isFolder ? S_IFDIR : S_IFREG),
        status.st_uid == geteuid(), flock(file, LOCK_EX | LOCK_NB) == 0
      else { continue }
      guard isFolder else {
        unlink(folder + name)
        continue
      }
      Self.empty(file)
      rmdir(folder + name)
    }
  }

  /// Removes all that is in an open folder; no link is followed.
  private static func empty(_ folder: Int32) {
    for name in names(in: folder) where unlinkat(folder, name, 0) != 0 {
      let inner = openat(folder, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
      guard inner >= 0 else { continue }
      empty(inner)
      close(inner)
      unlinkat(folder, name, AT_REMOVEDIR)
    }
  }

  /// The names in an open folder.
  private static func names(in folder: Int32) -> [String] {
    // A listing closes its own descriptor.
    let own = fcntl(folder, F_DUPFD_CLOEXEC, 0)
    guard own >= 0, let listing = fdopendir(own) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = entryName(entry)
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
