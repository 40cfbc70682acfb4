import Mechanics
import TestFolders
import Testing

@testable import Streams

/// The folder of small files that NumPy 2.4 wrote.
private let samples =
  #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/testdata/npy"

struct NpyTests {
  private func arrays(_ bytes: [UInt8]) throws -> [NpyArray] {
    try reading(bytes) { input in
      var arrays: [NpyArray] = []
      try input.arrays { arrays.append($0) }
      return arrays
    }
  }

  private func sample(_ name: String) throws -> [UInt8] {
    try #require(contents("\(samples)/\(name).npy"))
  }

  private let glyph = [
    NpyField("id", .bytes(8)), NpyField("first", .int32), NpyField("last", .int32),
    NpyField("box", .float32, [4]), NpyField("image", .uint8, [2, 3]),
  ]

  @Test(arguments: ["plain-f4", "scalar-f8", "empty-u1", "int64", "glyphs", "bars", "version-3"])
  func bytesAreThoseOfNumPy(_ name: String) throws {
    let bytes = try sample(name)
    let read = try arrays(bytes)
    #expect(read.count == 1)
    #expect(try written { $0.write(read[0]) } == bytes)
  }

  @Test func contentOfPlainArrays() throws {
    let plain = try arrays(sample("plain-f4") + sample("scalar-f8") + sample("empty-u1"))
    #expect(plain.map(\.shape) == [[3, 4], [], [0, 28, 28]])
    #expect(try plain[0].floats() == (0..<12).map { Float($0) / 4 })
    #expect(try plain[1].floats() == [2.5])
    #expect(try plain[2].floats() == [])
    #expect(try arrays(sample("int64"))[0].floats() == [-1, 0, 0x1p40])
    #expect(try arrays(sample("version-2"))[0].floats() == [0, 1, 2])
  }

  @Test func contentOfTables() throws {
    let table = try #require(try arrays(sample("glyphs")).first)
    #expect(table.count == 2)
    let (id, last) = (try table.field("id", .bytes(8)), try table.field("last", .int32))
    let box = try table.field("box", .float32, [4])
    #expect(try (0..<2).map { try table.text(id, row: $0) } == ["a1", "zwölf"])
    #expect((0..<2).map { table.int32(last, row: $0) } == [1, 3])
    #expect((0..<4).map { table.float(box, row: 0, $0) } == [0, 1, 2.5, -3])
    let image = try table.field("image", .uint8, [2, 3])
    #expect(Array(table.bytes(image, row: 1)) == [120, 140, 160, 180, 200, 220])
    #expect(
      message { _ = try table.field("image", .uint8, [28, 28]) }
        == "field is [('image', '|u1', (2, 3))], expected [('image', '|u1', (28, 28))]")
    #expect(message { _ = try table.field("label", .int32) } == "table has no field 'label'")
  }

  @Test func builtTablesAreThoseOfNumPy() throws {
    var table = NpyTable(glyph, rows: 2)
    for (row, id) in ["a1", "zwölf"].enumerated() {
      try table.append(id)
      table.append(Int32(row))
      table.append(Int32(row == 0 ? 1 : 3))
      table.append(row == 0 ? [0, 1, 2.5, -3] : [1e-3, 0, 1, 1e6] as [Float])
      table.append((0..<6).map { UInt8(120 * row + 20 * $0) })
    }
    #expect(table.count == 2)
    #expect(try written { $0.write(table.array) } == sample("glyphs"))
    #expect(
      message { try table.append("too long an id") }
        == "text for the field 'id' is 14 bytes, of 8")
  }

  @Test func everyTruncationIsAnError() throws {
    for name in ["glyphs", "version-2"] {
      let bytes = try sample(name)
      for length in 1..<bytes.count {
        let text = message { _ = try arrays(Array(bytes[..<length])) }
        #expect(text.hasPrefix("in: array 1: ") && text.contains("is cut short: expected "))
        #expect(text.contains(", got "))
      }
    }
    let bytes = try sample("glyphs")
    #expect(
      message { _ = try arrays(bytes + bytes.dropLast()) }
        == "in: array 2: array is cut short: expected 76 bytes of data, got 75")
  }

  @Test(arguments: [
    ("'descr': '>f4', 'fortran_order': False, 'shape': (1,)", "big-endian data is not read: '>f4'"),
    ("'descr': '|O', 'fortran_order': False, 'shape': (1,)", "object arrays are not read: '|O'"),
    (
      "'descr': '<c8', 'fortran_order': False, 'shape': (1,)",
      "dtype is none of u1 i4 i8 f4 f8 M8[D] S: '<c8'"
    ),
    (
      "'descr': '<f4', 'fortran_order': True, 'shape': (2, 1, 2)",
      "Fortran order is not read; use numpy.ascontiguousarray"
    ),
    ("'descr': '<f4', 'fortran_order': False, 'shape': (-1,)", "dimension is negative: -1"),
    (
      "'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)",
      "shape (4294967296, 4294967296) overflows"
    ),
    (
      "'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 0)",
      "shape (4294967296, 4294967296, 0) overflows"
    ),
    (
      "'descr': '|S0', 'fortran_order': False, 'shape': (9999999999,)",
      "elements have no bytes: '|S0'"
    ),
    (
      "'descr': [('a', '<f4', (4294967296, 4294967296, 0))], 'fortran_order': False, 'shape': (1,)",
      "field 'a' of shape (4294967296, 4294967296, 0) overflows"
    ),
    (
      "'descr': [('a', '<f4'), ('a', '<f4')], 'fortran_order': False, 'shape': (1,)",
      "field name is empty or comes twice: 'a'"
    ),
    (
      "'descr': [], 'fortran_order': False, 'shape': (1,)",
      "descr is neither a type nor a list of fields"
    ),
    ("'descr': '<f4', 'fortran_order': 0, 'shape': (1,)", "fortran_order is no boolean"),
    (
      "'descr': [('a\u{0}b', '<f4')], 'fortran_order': False, 'shape': (1,)",
      "field name has a control character: 'a\u{0}b'"
    ),
    (
      "'descr': [('a\nb', '<f4')], 'fortran_order': False, 'shape': (1,)",
      "field name has a control character: 'a\nb'"
    ),
    (
      "'descr': '<f4', 'shape': (1,)",
      "header needs the keys descr, fortran_order and shape, and no others"
    ),
    (
      "'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
      "header has the key 'descr' twice"
    ),
    (
      "'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)",
      "header has neither a string, a number, True nor False: '99999999999999999999'"
    ),
    (
      "'descr': '<f4', 'fortran_order': False, 'shape': ((((((((((1",
      "header is nested more than 8 deep"
    ),
    (
      "'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1, ", count: 65)))",
      "shape has more than 64 dimensions: 65"
    ),
    (
      "'descr': [('a', '<f4', (\(String(repeating: "1, ", count: 65))))], 'fortran_order': False, "
        + "'shape': (1,)",
      "shape has more than 64 dimensions: 65"
    ),
  ])
  func refusedByName(_ entries: String, _ rule: String) {
    let bytes = array("{\(entries)}\n", data: [0, 0, 0, 0])
    #expect(message { _ = try arrays(bytes) } == "in: array 1: \(rule)")
  }

  @Test func asManyDimensionsAsNumPyHas() throws {
    let shape = "(\(String(repeating: "1, ", count: 64)))"
    let bytes = array(
      "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)}\n", data: [0, 0, 0, 0])
    #expect(try arrays(bytes).map(\.shape) == [Array(repeating: 1, count: 64)])
  }

  private func array(_ header: String, data: [UInt8]) -> [UInt8] {
    let length = header.utf8.count
    return npyMagic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + header.utf8 + data
  }

  @Test func notNpyAtAll() throws {
    let rule = "in: array 1: not an npy array: it does not start with \\x93NUMPY"
    let others: [(text: String, kind: SourceKind?)] = [
      ("{\"id\":1}\n", .json), ("x", .text), ("\u{89}PNG\r\n\u{1a}\n1234567", nil),
    ]
    for (text, kind) in others {
      let known = kind?.sentence ?? ""
      #expect(message { _ = try arrays(Array(text.utf8)) } == rule + known)
    }
    #expect(
      message { _ = try arrays(npyMagic + [4, 0, 0, 0, 0, 0]) }
        == "in: array 1: npy version is none of 1.0, 2.0, 3.0: 4.0")
    #expect(
      message { _ = try arrays(npyMagic + [2, 0, 255, 255, 255, 255]) }
        == "in: array 1: header is over 64 KiB: 4294967295 bytes")
  }

  @Test("an order that is the only one is read, whatever it is called")
  func bothOrders() throws {
    for shape in ["()", "(3,)", "(1, 1)", "(1, 3)", "(3, 1, 1)", "(2, 0, 2)"] {
      func bytes(_ order: String) -> [UInt8] {
        let text = "{'descr': '|u1', 'fortran_order': \(order), 'shape': \(shape)}\n"
        let count = shape.contains("0") ? 0 : shape.contains("3") ? 3 : 1
        let header: [UInt8] = npyMagic + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
        return header + [UInt8](repeating: 7, count: count)
      }
      let (fortran, plain) = (try arrays(bytes("True")), try arrays(bytes("False")))
      #expect(fortran.map(\.shape) == plain.map(\.shape))
      #expect(fortran.map(\.bytes) == plain.map(\.bytes) && plain.count == 1)
    }
  }

  @Test("a header of 64 KiB is read, and one of a byte more refused")
  func longestHeader() throws {
    func bytes(_ length: Int) -> [UInt8] {
      let text = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}".utf8)
      let size = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      let spaces = [UInt8](repeating: 0x20, count: length - text.count - 1)
      return npyMagic + [2, 0] + size + text + spaces + [0x0a, 7, 9]
    }
    let read = try arrays(bytes(64 << 10))
    #expect(read.map(\.bytes) == [[7, 9]])
    #expect(
      message { _ = try arrays(bytes((64 << 10) + 1)) }
        == "in: array 1: header is over 64 KiB: 65537 bytes")
  }

  @Test func mutationsNeverCrash() throws {
    var random = SplitMix64(seed: 6)
    let original = try sample("glyphs")
    for _ in 0..<1000 {
      var mutant = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        mutant[Int.random(in: 0..<190, using: &random)] =
          Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random)
          : Array("0123456789()[],':<|fiuS ".utf8).randomElement(using: &random) ?? 0
      }
      if let read = try? arrays(mutant) {
        // What is accepted can be written and means the same.
        for array in read {
          #expect(try arrays(written { $0.write(array) }).map(\.bytes) == [array.bytes])
        }
      }
    }
  }
}
