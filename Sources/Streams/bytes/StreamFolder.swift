#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of streams that are written side by side; it takes its name when all of them are whole.
///
/// A tool that fails or gets a signal leaves nothing behind; what `kill -9` leaves, the next run that makes
/// the same folder removes.
public final class StreamFolder {
  private let path: String
  private let temporary: String
  /// The temporary folder, locked as long as this is open.
  private let lock: Int32
  private var files: [String] = []
  private var isPublished = false
  /// What writes each of the streams.
  public private(set) var writers: [ByteWriter] = []

  /// A folder to be published as `path`, which must not exist then, or be empty.
  public init(_ path: String, names: [String]) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    guard let folder = TemporaryNames(of: path).makeFolder() else {
      throw Failure.system(.inputOutput, path)
    }
    (lock, temporary) = (folder.descriptor, folder.path)
    Cleanup.add(temporary)
    let mask = umask(0)
    umask(mask)
    chmod(temporary, 0o777 & ~mask)
    try OpenFiles.makeRoom(names.count)
    for name in names {
      let file = "\(temporary)/\(name)"
      files.append(file)
      writers.append(ByteWriter(try AtomicFile(new: file), name: "\(path)/\(name)"))
    }
  }

  deinit {
    writers = []
    if !isPublished {
      for file in files { unlink(file) }
      rmdir(temporary)
      forget()
    }
    close(lock)
  }

  /// Ends all streams with a seal; before anything is written.
  public func sealArrays() {
    for writer in writers { writer.sealArrays(isOneOfMany: writers.count > SideDigest.few) }
  }

  /// Ends all streams and gives the folder its name.
  public func publish() throws {
    for (writer, file) in zip(writers, files) {
      try writer.finish()
      // It is whole, and goes all the same where another is not.
      Cleanup.add(file)
    }
    guard rename(temporary, path) == 0 else { throw Failure.system(.inputOutput, path) }
    isPublished = true
    forget()
    let parent = splitPath(path).folder
    let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    if fsync(folder) != 0, errno == EIO || errno == ENOSPC {
      throw Failure.system(.inputOutput, path)
    }
  }

  private func forget() { for file in files + [temporary] { Cleanup.remove(file) } }
}
