#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Safetensors {
  /// Reads a file with one `read` and gives it to `body`: a model, or the state of a training.
  ///
  /// Throws `inputMissing` where there is none, and what `read` throws.
  public static func load<Result>(
    _ path: String, _ body: (_ file: Safetensors, _ bytes: [UInt8]) throws -> Result
  ) throws -> Result {
    try read(try bytes(path), of: path, body)
  }

  /// Gives the bytes of a file to `body`, as what they are.
  ///
  /// A rule that the file or `body` finds broken is an error that names the file; one line says where a
  /// file has no checksum.
  public static func read<Result>(
    _ bytes: [UInt8], of path: String,
    _ body: (_ file: Safetensors, _ bytes: [UInt8]) throws -> Result
  ) throws -> Result {
    do {
      let file = try Safetensors(bytes, name: path)
      let result = try body(file, bytes)
      if !file.isChecked { noteUnchecked(path) }
      return result
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure.badData(path, "\(error)")
    }
  }

  /// A file's bytes; a model is a plain file of at most 256 MiB.
  private static func bytes(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.system(.inputMissing, path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure.system(.inputMissing, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw isFolder
        ? Failure.system(.inputMissing, path, EISDIR)
        : Failure.badData(path, "model must be a plain file")
    }
    let size = Int(status.st_size)
    guard size <= 256 << 20 else {
      throw Failure.badData(path, "model must have at most 256 MiB: \(size) bytes")
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      filled = try readAll(
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size]),
        from: descriptor, name: path)
    }
  }
}

/// Says that a file could be damaged and nobody would know.
public func noteUnchecked(_ path: String) {
  diagnose("\(path): has no checksum, so damage to it would not show")
}
