import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is gone after the test.
func temporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/convoy-bench.XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { fatalError("no temporary folder") }
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer {
    unlink("\(folder)/file")
    rmdir(folder)
  }
  return try body("\(folder)/file")
}

/// What a file holds.
func text(of path: String) throws -> String {
  let input = ByteReader([path])
  var bytes: [UInt8] = []
  try input.forEachSource { bytes = try input.readAll(atMost: 1 << 30) }
  return String(decoding: bytes, as: UTF8.self)
}
