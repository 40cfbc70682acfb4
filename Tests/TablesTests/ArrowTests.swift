import Tables
import TestFolders
import Testing

/// Arrow streams, whose bytes are held against one that pyarrow, Polars and DuckDB have read: see
/// `ArrowToolTests`.
@Suite struct ArrowTests {
  @Test("the stored table is the stored stream")
  func bytes() throws {
    #expect(try table(stored("ours.npy"), to: .arrow) == stored("ours.arrows"))
  }

  /// The messages of a stream: the length of each header, which ends at a multiple of 8 with its length.
  private func messages(_ stream: [UInt8]) throws -> [Int] {
    var (place, lengths) = (0, [Int]())
    func word(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(stream[place + $1]) << (8 * $1) }
    }
    while place + 8 <= stream.count {
      try #require(word(place) == 0xffff_ffff)
      let length = word(place + 4)
      lengths.append(length)
      if length == 0 { break }
      // The body's length is the last field of the table that the header's first word points to.
      let message = place + 8 + word(place + 8)
      let list = message - word(message)
      let field = message + Int(stream[list + 10]) + Int(stream[list + 11]) << 8
      place += 8 + length + word(field)
      #expect(place % 8 == 0)
    }
    #expect(place + 8 == stream.count)
    return lengths
  }

  @Test("a schema, a batch for each day that has rows, an end")
  func structure() throws {
    for rows in [1, 2, 7, 8, 9, 500] {
      var text = ""
      for row in 0..<rows {
        text +=
          "{\"instrument\":\"A\(row)\",\"date\":\"2020-01-0\(1 + row * 9 / rows)\",\"x\":[\(row),null]}\n"
      }
      let lengths = try messages(table(Array(text.utf8), to: .arrow))
      #expect(lengths.count == 2 + Set((0..<rows).map { $0 * 9 / rows }).count)
      #expect(lengths.last == 0 && lengths.allSatisfy { $0 % 8 == 0 })
    }
    let none = try table(Array("x\n".utf8), types: "x=f4", to: .arrow)
    #expect(try messages(none).count == 2)
  }

  @Test("what cannot be Arrow is refused: nothing, columns that change, texts that are no UTF-8")
  func refused() throws {
    #expect(fault { _ = try table([], to: .arrow) }.hasPrefix("there is no table to write"))
    #expect(
      fault { _ = try table(stored("scores.npy") + stored("padded.npy"), to: .arrow) }
        .contains("columns must be those of the table before, in one schema: flag=u1,x=f8,n=i4"))
    var bytes = try stored("scores.npy")
    let place = try #require(bytes.indices.last { bytes[$0] == UInt8(ascii: "H") })
    bytes[place] = 0xff
    #expect(
      fault { _ = try table(bytes, to: .arrow) }.contains("column 'instrument' must be UTF-8"))
  }
}
