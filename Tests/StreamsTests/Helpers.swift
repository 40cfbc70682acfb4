import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/convoy-tests.XXXXXX".utf8CString)
  let made = mkdtemp(&template) != nil
  #expect(made)
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer {
    for name in names(folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
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

/// Writes a file, in one piece.
func put(_ bytes: [UInt8], _ path: String) {
  guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

/// A reader over bytes, by way of a file called `in`; messages name it so.
func reading<Result>(
  _ bytes: [UInt8], skipBad: Bool = false, _ body: (ByteReader) throws -> Result
) throws -> Result {
  try withFolder { folder in
    put(bytes, "\(folder)/in")
    return try body(ByteReader(["\(folder)/in"], badRecords: BadRecords(tolerated: skipBad)))
  }
}

/// What a body throws, as a diagnostic without the folder of the file.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    let text = "\(error)"
    guard text.hasPrefix("/"), let colon = text.firstIndex(of: ":"),
      let slash = text[..<colon].lastIndex(of: "/")
    else { return text }
    return String(text[text.index(after: slash)...])
  }
}

/// What a body puts into one record.
func written(_ body: (ByteWriter) throws -> Void) throws -> [UInt8] {
  let writer = try ByteWriter("/dev/null")
  try body(writer)
  return writer.record
}

/// What a body puts into a file.
func writtenToFile(_ body: (ByteWriter) throws -> Void) throws -> [UInt8] {
  try withFolder { folder in
    let writer = try ByteWriter("\(folder)/out")
    try body(writer)
    try writer.finish()
    return try #require(contents("\(folder)/out"))
  }
}
