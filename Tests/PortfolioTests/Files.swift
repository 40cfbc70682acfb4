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

/// What is beside the project on some machines only.
let shared = "\(root)/../shared"

func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/convoy-portfolio.XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { fatalError("no temporary folder") }
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  defer { remove(folder) }
  return try body(folder)
}

/// Removes a folder with all it holds.
private func remove(_ path: String) {
  if let stream = opendir(path) {
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { remove("\(path)/\(name)") }
    }
    closedir(stream)
    rmdir(path)
  } else {
    unlink(path)
  }
}

func put(_ bytes: some Sequence<UInt8>, _ path: String) {
  let bytes = Array(bytes)
  guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func put(_ text: String, _ path: String) { put(text.utf8, path) }
