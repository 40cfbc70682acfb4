import Streams
import Testing

@testable import Market

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
  var template = Array("/tmp/convoy-market.XXXXXX".utf8CString)
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

/// What is read of a text, CSV or NDJSON.
func bars(_ text: String, adjusting: Bool = false, skipBad: Bool = false) throws -> BarCollection {
  try withFolder { folder in
    put(text, "\(folder)/bars")
    return try bars(file: "\(folder)/bars", adjusting: adjusting, skipBad: skipBad)
  }
}

func bars(file path: String, adjusting: Bool = false, skipBad: Bool = false) throws -> BarCollection
{
  let collection = BarCollection(adjusting: adjusting)
  try collection.read(ByteReader([path], badRecords: BadRecords(tolerated: skipBad)))
  return collection
}

/// A row of a day's table, as it is on the stream.
struct StreamRow: Equatable {
  let code: String
  let date: String
  /// The bits, so that NaN is equal to NaN.
  let values: [UInt32]
  let isMember: Bool

  var floats: [Float] { values.map(Float.init(bitPattern:)) }
}

extension BarSource {
  /// The whole stream, as a reader of it sees it.
  func rows(_ selection: BarSelection = BarSelection()) throws -> [StreamRow] {
    var rows: [StreamRow] = []
    try days(selection) { rows += try streamRows($0.array) }
    return rows
  }
}

func streamRows(_ table: NpyArray) throws -> [StreamRow] {
  let fields = try Bar.names.map { try table.field($0, .float32) }
  let code = try table.field("instrument", .bytes(16))
  let date = try table.field("date", .day)
  let member = try table.field("member", .uint8)
  return try (0..<table.count).map { row in
    let day = table.bytes(date, row: row).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    return StreamRow(
      code: try table.text(code, row: row), date: "\(Day(number: Int32(day)))",
      values: fields.map { table.float($0, row: row).bitPattern },
      isMember: table.bytes(member, row: row).first == 1)
  }
}

/// Checks that two streams are the same, bit by bit.
func expectSame(
  _ one: [StreamRow], _ other: [StreamRow], location: SourceLocation = #_sourceLocation
) {
  #expect(one.count == other.count, sourceLocation: location)
  if let place = zip(one, other).firstIndex(where: !=) {
    Issue.record("row \(place): \(one[place]), \(other[place])", sourceLocation: location)
  }
}

extension Sequence {
  fileprivate func firstIndex(where isWanted: (Element) -> Bool) -> Int? {
    enumerated().first { isWanted($0.element) }?.offset
  }
}
