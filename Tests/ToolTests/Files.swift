#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of the package.
let root: String = {
  let parts = #filePath.split(separator: "/").dropLast(3)
  return "/" + parts.joined(separator: "/")
}()

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/convoy-tools.XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { fatalError("no temporary folder") }
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer { _ = run(["/bin/rm", "-rf", folder]) }
  return try body(folder)
}

/// What a folder holds, sorted.
func names(_ folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The bytes of a file; nil where there is none.
func contents(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&piece, 1, piece.count, file), count > 0 {
    bytes += piece[..<count]
  }
  return bytes
}

/// The text of a file; nil where there is none.
func text(_ path: String) -> String? { contents(path).map { String(decoding: $0, as: UTF8.self) } }

/// Writes a file, in one piece.
func put(_ bytes: some Collection<UInt8>, _ path: String) {
  guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
  fwrite(Array(bytes), 1, bytes.count, file)
  fclose(file)
}
