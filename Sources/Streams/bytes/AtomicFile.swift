#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that takes its name only when it is complete: a killed tool leaves the old one or the new
/// one.
///
/// Written as a temporary file in the same folder, synced, then renamed. Devices and pipes that exist
/// already are written in place.
public final class AtomicFile {
  /// Where to write.
  public let descriptor: Int32
  private let path: String
  private let temporary: String?
  private var isOpen = true
  private var isPublished = false

  /// Opens a file to be published as `path`.
  public init(_ path: String) throws {
    // A link is followed, so that the file it names is replaced and not the link.
    var target = path
    if let real = realpath(path, nil) {
      target = String(cString: real)
      free(real)
    }
    self.path = target
    var status = stat()
    let exists = stat(target, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw Failure.system(.inputOutput, path, EISDIR)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      descriptor = open(target, O_WRONLY | O_CLOEXEC)
      if descriptor < 0 { throw Failure.system(.inputOutput, path) }
      return
    }
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { String(target[...$0]) } ?? ""
    let name = slash.map { String(target[target.index(after: $0)...]) } ?? target
    // A name as long as the file system allows leaves no room for more letters.
    let stem = String(decoding: name.utf8.prefix(100), as: UTF8.self)
    var template = Array("\(folder).\(stem).XXXXXX".utf8CString)
    descriptor = Cleanup.makeTemporaryFile(&template)
    if descriptor < 0 { throw Failure.system(.inputOutput, path) }
    temporary = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, exists ? status.st_mode & 0o7777 : 0o666 & ~mask)
  }

  /// A file that was not published leaves nothing behind.
  deinit {
    if isOpen { close(descriptor) }
    if let temporary, !isPublished {
      unlink(temporary)
      Cleanup.remove(temporary)
    }
  }

  /// Puts the file in its place, once.
  public func publish() throws {
    guard let temporary else {
      isOpen = false
      if close(descriptor) != 0 { throw Failure.system(.inputOutput, path) }
      return
    }
    if fsync(descriptor) != 0 { throw Failure.system(.inputOutput, path) }
    isOpen = false
    if close(descriptor) != 0 || rename(temporary, path) != 0 {
      throw Failure.system(.inputOutput, path)
    }
    isPublished = true
    Cleanup.remove(temporary)
  }

  /// Throws where no file could be published as `path`; leaves nothing behind.
  static func check(_ path: String) throws {
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      // To open a pipe would wait for its reader, and to close it would send that away.
      if access(path, W_OK) != 0 { throw Failure.system(.inputOutput, path) }
    } else {
      _ = try AtomicFile(path)
    }
  }

  /// Writes a whole file at once.
  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    let file = try AtomicFile(path)
    try writeAll(bytes, to: file.descriptor, name: path)
    try file.publish()
  }
}
