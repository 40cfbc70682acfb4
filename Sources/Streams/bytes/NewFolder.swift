#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that takes its name when it is complete.
///
/// Signals wait for the end of a file, and then the folder is taken away before they end the process.
/// What `kill -9` leaves behind is removed by the next run that makes the same folder. Files are not
/// synced one by one: there are thousands.
public final class NewFolder {
  private let path: String
  private var temporary = ""
  /// The temporary folder, locked as long as this is open.
  private var descriptor: Int32 = -1
  /// What was made, in order.
  private var made: [(path: String, isFolder: Bool)] = []
  private var signals = sigset_t()
  private var before = sigset_t()

  /// A folder to be published as `path`, which must not exist then, or be empty.
  public init(_ path: String) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    pthread_sigmask(SIG_BLOCK, nil, &before)
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    guard let folder = TemporaryNames(of: path).makeFolder() else {
      throw Failure.system(.inputOutput, path)
    }
    (descriptor, temporary) = (folder.descriptor, folder.path)
    made.append((temporary, true))
    let mask = umask(0)
    umask(mask)
    chmod(temporary, 0o777 & ~mask)
  }

  deinit { end() }

  /// Takes away what was not published, and lets signals through.
  private func end() {
    for (path, isFolder) in made.reversed() {
      if isFolder { rmdir(path) } else { unlink(path) }
    }
    made = []
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Makes a folder in it.
  public func makeFolder(_ name: String) throws {
    let path = "\(temporary)/\(name)"
    guard mkdir(path, 0o777) == 0 else { throw Failure.system(.inputOutput, path) }
    made.append((path, true))
  }

  /// Writes a text as a file in it.
  public func write(_ text: String, to name: String) throws {
    try Array(text.utf8).withUnsafeBytes { try write($0, to: name) }
  }

  /// Writes bytes as a file in it.
  public func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws {
    let path = "\(temporary)/\(name)"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw Failure.system(.inputOutput, path) }
    made.append((path, false))
    do {
      try writeAll(bytes, to: file, name: path)
    } catch {
      close(file)
      throw error
    }
    guard close(file) == 0 else { throw Failure.system(.inputOutput, path) }
    var pending = sigset_t()
    sigpending(&pending)
    if [SIGINT, SIGTERM, SIGHUP].contains(where: { sigismember(&pending, $0) == 1 }) { end() }
  }

  /// Gives the folder its name.
  public func publish() throws {
    guard rename(temporary, path) == 0 else { throw Failure.system(.inputOutput, path) }
    made = []
  }
}
