#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a tool writes beside its output: a state, a model, a page, a folder.
///
/// A tool lists all of them (`Tool.writes`), and they are looked at before anything is read: what
/// cannot be written is found out now, not behind hours of work.
public struct WrittenPath: Sendable {
  /// The option that names it.
  public let option: String
  /// The path as it was given; nil where the option was not.
  public let path: String?
  private let kind: Kind

  private enum Kind { case file, folder, newFolder }

  /// A file that appears whole or not at all.
  public static func file(_ option: String, _ path: String?) -> WrittenPath {
    WrittenPath(option: option, path: path, kind: .file)
  }

  /// A folder that is made where it is missing, to put files into.
  public static func folder(_ option: String, _ path: String?) -> WrittenPath {
    WrittenPath(option: option, path: path, kind: .folder)
  }

  /// A folder that appears whole or not at all: there must be none, or an empty one.
  public static func newFolder(_ option: String, _ path: String?) -> WrittenPath {
    WrittenPath(option: option, path: path, kind: .newFolder)
  }

  /// Throws `usage` or `inputOutput` where one of them cannot be written.
  static func check(_ paths: [WrittenPath]) throws {
    for path in paths { try path.check() }
  }

  /// Throws `usage` where two outputs are one file, or where one of them would take the place of what is
  /// read.
  ///
  /// The output itself may be the input: it takes its place when all is read.
  static func checkApart(
    _ streams: StreamOptions, written: [WrittenPath], read: [String?]
  ) throws {
    let output = WrittenPath.file("--output", streams.output)
    var outputs: [FileIdentity: WrittenPath] = [:]
    for path in [output] + written {
      guard let file = path.identity(orOf: 1) else { continue }
      if let other = outputs.updateValue(path, forKey: file) {
        throw Failure.usage("\(other.label) and \(path.label) are one file: '\(path.path ?? "-")'")
      }
    }
    let inputs = streams.files.isEmpty ? ["-"] : streams.files
    // What is not there is not read: it may be the name of something else, such as a market.
    for path in inputs + read.compactMap(\.self) where path == "-" || access(path, F_OK) == 0 {
      guard let file = path == "-" ? FileIdentity(descriptor: 0) : FileIdentity(path),
        let other = outputs[file], other.option != output.option || !inputs.contains(path)
      else { continue }
      throw Failure.usage("\(other.label) would take the place of what is read: '\(path)'")
    }
  }

  /// Throws `usage` where two inputs are one file: for tools to which the second would be other data.
  public static func checkEachOnce(_ inputs: [String]) throws {
    var seen: [FileIdentity: String] = [:]
    for path in inputs where path != "-" {
      guard let file = FileIdentity(path), let other = seen.updateValue(path, forKey: file) else {
        continue
      }
      throw Failure.usage(
        other == path ? "'\(path)' is named twice" : "'\(other)' and '\(path)' are one file")
    }
  }

  /// What writes: the option, or standard output where it is not given.
  private var label: String { path == nil || path == "-" ? "standard output" : option }

  /// The file; that of a descriptor where a path is not given and it is the output.
  private func identity(orOf descriptor: Int32) -> FileIdentity? {
    if let path, path != "-" { return FileIdentity(path) }
    return option == "--output" ? FileIdentity(descriptor: descriptor) : nil
  }

  private func check() throws {
    guard var path else { return }
    guard !path.isEmpty, path != "-" else {
      throw Failure.usage("\(option) must name a \(kind == .file ? "file" : "folder"): '\(path)'")
    }
    if kind == .file { return try AtomicFile.check(path) }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if kind == .folder {
      while access(path, F_OK) != 0, errno == ENOENT { path = Self.parent(path) }
    } else {
      if try !Self.isEmpty(path) {
        throw Failure(.inputOutput, "\(path): folder exists and is not empty")
      }
      path = Self.parent(path)
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure.system(.inputOutput, path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure.system(.inputOutput, path, ENOTDIR)
    }
    guard access(path, W_OK | X_OK) == 0 else { throw Failure.system(.inputOutput, path) }
  }

  /// The folder that a path is in.
  private static func parent(_ path: String) -> String {
    let folder = splitPath(path).folder
    return folder.isEmpty ? "." : folder.count == 1 ? folder : String(folder.dropLast())
  }

  /// Whether a folder is missing or holds nothing; throws where it cannot be read.
  private static func isEmpty(_ path: String) throws -> Bool {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return true }
      throw Failure.system(.inputOutput, path)
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let first = withUnsafeBytes(of: entry.pointee.d_name) { ($0[0], $0[1], $0[2]) }
      let dot = UInt8(ascii: ".")
      guard first.0 == dot, first.1 == 0 || (first.1 == dot && first.2 == 0) else { return false }
    }
    return true
  }
}
