#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that takes its name only when it is complete: a killed tool leaves the old one or the new
/// one.
///
/// Written as a temporary file in the same folder, synced, then renamed, and the folder is synced. A
/// link is followed, so that the file it names is replaced and not the link; mode, owner and group stay
/// those of the old file, as far as the system lets them. Devices and pipes that exist already are
/// written in place.
public final class AtomicFile {
  /// Where to write.
  public let descriptor: Int32
  /// As it was given, for diagnostics.
  private let name: String
  /// Where that leads.
  private let path: String
  private let temporary: String?
  private var isOpen = true
  private var isPublished = false

  /// Opens a file to be published as `path`.
  public init(_ path: String) throws {
    name = path
    let target = resolvedPath(path)
    self.path = target
    var status = stat()
    let exists = stat(target, &status) == 0
    // What cannot be looked at may be a device, and /dev/null must not be replaced.
    if !exists, ![ENOENT, ENOTDIR, ELOOP].contains(errno) {
      throw Failure.system(.inputOutput, path)
    }
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw Failure.system(.inputOutput, path, EISDIR)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      descriptor = open(target, O_WRONLY | O_CLOEXEC)
      if descriptor < 0 { throw Failure.system(.inputOutput, path) }
      return
    }
    var link = stat()
    guard exists || lstat(target, &link) != 0 else {
      throw Failure.system(.inputOutput, path, ELOOP)
    }
    guard !splitPath(target).name.isEmpty else {
      throw Failure.system(.inputOutput, path, ENOENT)
    }
    guard let file = TemporaryNames(of: target).makeFile() else {
      throw Failure.system(.inputOutput, path)
    }
    (descriptor, temporary) = (file.descriptor, file.path)
    guard exists else {
      let mask = umask(0)
      umask(mask)
      fchmod(descriptor, 0o666 & ~mask)
      return
    }
    // The owner first: a new one takes the bits away that lend his rights, which are his to give.
    let isOwned = fchown(descriptor, status.st_uid, status.st_gid) == 0
    if !isOwned { _ = fchown(descriptor, uid_t.max, status.st_gid) }
    fchmod(descriptor, status.st_mode & (isOwned ? 0o7777 : 0o777))
  }

  /// Opens a file that is not there, in a folder that nobody sees yet: it has its name from the start.
  init(new path: String) throws {
    (name, self.path, temporary) = (path, path, path)
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      isOpen = false
      isPublished = true
      throw Failure.system(.inputOutput, path)
    }
    Cleanup.add(path)
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
      if close(descriptor) != 0 { throw Failure.system(.inputOutput, name) }
      return
    }
    if fsync(descriptor) != 0 { throw Failure.system(.inputOutput, name) }
    isOpen = false
    if close(descriptor) != 0 || rename(temporary, path) != 0 {
      throw Failure.system(.inputOutput, name)
    }
    isPublished = true
    Cleanup.remove(temporary)
    try syncFolder()
  }

  /// The new name outlives a power cut only when the folder is on the disk too.
  private func syncFolder() throws {
    let folder = open(splitPath(path).folder, O_RDONLY | O_CLOEXEC)
    // A folder may be one to write into and not to read.
    guard folder >= 0 else { return }
    defer { close(folder) }
    // Some file systems have folders that cannot be synced.
    if fsync(folder) != 0, errno == EIO || errno == ENOSPC {
      throw Failure.system(.inputOutput, name)
    }
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
