import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What drivers made of kernels, kept in the user's folder for caches: compiling takes seconds.
///
/// An entry is named after the digest of device, driver, source and options, and begins with a digest of
/// that name and of what follows: one that was cut short, has changed or was given another's name counts
/// as none. Where there is no such folder,
/// or it cannot be written, nothing is kept.
struct KernelCache {
  private let folder: String?
  private let device: String

  init(_ device: Device) {
    folder = Self.folder
    self.device = [device.name, device.vendor, device.platform, device.version, device.driver]
      .joined(separator: "\n")
  }

  /// `$XDG_CACHE_HOME/convoy`, or `~/.cache/convoy`.
  private static var folder: String? {
    func value(_ name: String) -> String? {
      Environment.variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let caches = value("XDG_CACHE_HOME") ?? value("HOME").map { "\($0)/.cache" }
    return caches.map { "\($0)/convoy" }
  }

  /// The entry of a source and the options that it is compiled with.
  func entry(_ source: String, _ options: String) -> Entry? {
    guard let folder else { return nil }
    let key = SHA256.digits([device, options, source].joined(separator: "\0").utf8)
    return Entry(folder: folder, key: key)
  }

  /// A file of the cache.
  struct Entry {
    fileprivate let folder, key: String
    private var path: String { "\(folder)/\(key).kernel" }
    /// Characters of a digest.
    private static let digits = 64

    fileprivate init(folder: String, key: String) {
      self.folder = folder
      self.key = key
    }

    /// What an entry with these bytes begins with.
    private func digest(_ bytes: some Collection<UInt8>) -> String {
      var hash = SHA256()
      hash.add(key.utf8)
      hash.add(bytes)
      return hash.digits
    }

    /// What was kept; nil where there is nothing, or not what was written.
    func read() -> [UInt8]? {
      guard let bytes = try? Array(fileAt: path), bytes.count > Self.digits else { return nil }
      let rest = bytes.dropFirst(Self.digits)
      guard String(decoding: bytes.prefix(Self.digits), as: UTF8.self) == digest(rest) else {
        return nil
      }
      return Array(rest)
    }

    /// Keeps something; says nothing where that fails, as it is only for the next time.
    func write(_ binary: [UInt8]) {
      let parent = folder.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
      mkdir(parent, 0o700)
      mkdir(folder, 0o700)
      let bytes = Array(digest(binary).utf8) + binary
      try? bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }
  }
}

extension [UInt8] {
  /// The bytes of a plain file; throws where there is none.
  fileprivate init(fileAt path: String) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failure.system(.inputMissing, path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure.system(.inputMissing, path)
    }
    let size = Int(status.st_size)
    self = Array(unsafeUninitializedCapacity: size) { target, filled in
      while filled < size {
        let count = read(file, target.baseAddress.map { $0 + filled }, size - filled)
        guard count > 0 else { break }
        filled += count
      }
    }
  }
}
