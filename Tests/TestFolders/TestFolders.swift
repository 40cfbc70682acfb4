#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of the package.
public let root: String = {
  let parts = #filePath.split(separator: "/").dropLast(3)
  return "/" + parts.joined(separator: "/")
}()

/// Data that are no part of the project; on most machines there are none.
public let data = variable("CONVOY_DATA") ?? "\(root)/data"

/// Numbers that qlib and PyTorch gave, too many for `testdata`: beside the data.
public let reference = "\(data)/../reference"

/// The words of a list in the Makefile: `TOOLS`, `PIPELINES`.
public func listOfMake(_ name: String) -> [String] {
  var words: [String] = []
  var goesOn = false
  for line in (text("\(root)/Makefile") ?? "").split(separator: "\n") {
    guard goesOn || line.hasPrefix("\(name) = ") else { continue }
    goesOn = line.hasSuffix("\\")
    words += line.split(separator: " ").map(String.init).filter { ![name, "=", "\\"].contains($0) }
    if !goesOn { break }
  }
  return words
}

/// A variable of the environment.
public func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// A folder that is gone after the test, with all that the test has put there.
public func withFolder<Result>(
  in parent: String = "/tmp", _ body: (String) throws -> Result
) throws -> Result {
  let folder = newFolder(in: parent)
  defer { remove(folder) }
  return try body(folder)
}

/// A folder as `withFolder` has it, for a test that waits.
public func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = newFolder(in: "/tmp")
  defer { remove(folder) }
  return try await body(folder)
}

private func newFolder(in parent: String) -> String {
  var template = Array("\(parent)/convoy-tests.XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { fatalError("no temporary folder") }
  return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Removes a file, or a folder with all it holds.
private func remove(_ path: String) {
  // A link goes, and what it leads to stays: only what cannot be unlinked is looked into.
  guard unlink(path) != 0 else { return }
  for name in names(path) { remove("\(path)/\(name)") }
  rmdir(path)
}

/// Whether a file can be read.
public func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// What a folder holds, sorted.
public func names(_ folder: String) -> [String] {
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
public func contents(_ path: String) -> [UInt8]? {
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
public func text(_ path: String) -> String? {
  contents(path).map { String(decoding: $0, as: UTF8.self) }
}

/// Writes a file, in one piece.
public func put(_ bytes: some Sequence<UInt8>, _ path: String) {
  let bytes = Array(bytes)
  guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

/// Writes a file of text, in one piece.
public func put(_ text: String, _ path: String) { put(text.utf8, path) }
