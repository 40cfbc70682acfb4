import Mechanics
import Streams

/// NDJSON that tells whether it is whole: its last line has the FNV-1a hash of all lines before it.
enum HashedLines {
  /// Writes lines, each an object, then the hash.
  static func write(_ lines: [(inout JSONWriter) -> Void], to output: ByteWriter) {
    var hash = fnv1a("")
    for line in lines {
      let bytes = JSONWriter.bytes { json in
        json.beginObject()
        line(&json)
        json.endObject()
        json.endLine()
      }
      hash = fnv1a(bytes, from: hash)
      output.write(bytes)
    }
    var json = JSONWriter(output)
    json.beginObject()
    json.put("end", hexadecimal(hash))
    json.endObject()
    json.endLine()
  }

  /// Reads the current source; throws where the last line is missing or has another hash.
  ///
  /// `body` gets each line and its number among the lines from 0. Returns the hash.
  static func read(
    _ input: ByteReader, _ body: (JSONValue, Int) throws -> Void
  ) throws -> String {
    var (hash, count) = (fnv1a(""), 0)
    var end: String?
    try input.ndjsonOfSource { record in
      guard end == nil else { throw record.failure("file goes on behind its end") }
      if let text = record["end"]?.string {
        end = text
        return
      }
      try body(record, count)
      hash = fnv1a([0x0a], from: fnv1a(record.text, from: hash))
      count += 1
    }
    guard let end else {
      throw Failure.badData(input.name, "file is cut short: it has no line with its end")
    }
    guard end == hexadecimal(hash) else {
      throw Failure.badData(
        input.name, "file is damaged: its lines have the hash \(hexadecimal(hash)), its end \(end)")
    }
    return end
  }
}
