import TestFolders
import Testing

@testable import Streams

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
