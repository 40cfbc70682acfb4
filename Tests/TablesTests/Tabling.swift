import Streams
import Tables
import TestFolders

/// What `table` makes of an input.
func table(
  _ input: [UInt8], types: String? = nil, to format: TableFormat? = nil, each: String? = nil
) throws -> [UInt8] {
  try withFolder { folder in
    put(input, "\(folder)/in")
    let output = try ByteWriter("\(folder)/out")
    let known = try types.map(ColumnTypes.init(parsing:))
    try TableReading(known).read(ByteReader(["\(folder)/in"]), as: format, each: each, output)
    try output.finish()
    return contents("\(folder)/out") ?? []
  }
}

/// The same of a text, as a text.
func table(
  _ input: String, types: String? = nil, to format: TableFormat = .ndjson, each: String? = nil
) throws -> String {
  String(
    decoding: try table(Array(input.utf8), types: types, to: format, each: each), as: UTF8.self)
}

/// What a file of the tests holds.
func stored(_ name: String) throws -> [UInt8] {
  guard let bytes = contents("\(root)/testdata/table/\(name)") else {
    throw Failure(.inputMissing, name)
  }
  return bytes
}

/// The line that says what is wrong, without its place; nothing where nothing is.
func fault(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    let text = "\(error)"
    return text.firstRange(of: "/in:").map { String(text[$0.upperBound...]) } ?? text
  }
}

/// Reads a text.
func reading(_ text: String, _ body: (ByteReader) throws -> Void) throws {
  try withFolder { folder in
    put(text, "\(folder)/in")
    try body(ByteReader(["\(folder)/in"]))
  }
}
