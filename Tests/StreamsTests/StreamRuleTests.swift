import Testing

@testable import Streams

/// Rules of formats at their boundaries.
@Suite struct StreamRuleTests {
  private func literal(_ text: String) throws -> PythonLiteral.Value {
    try Array(text.utf8).withUnsafeBytes { bytes in
      var literal = PythonLiteral(bytes)
      return try literal.parse()
    }
  }

  private func header(_ descr: String, _ shape: String) throws -> NpyHeader {
    try Array("{'descr': \(descr), 'fortran_order': (False), 'shape': \(shape), }".utf8)
      .withUnsafeBytes { try NpyHeader(parsing: $0) }
  }

  @Test("a header is nested eight deep at most")
  func nesting() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth - 1) + "1" + String(repeating: "]", count: depth - 1)
    }
    #expect(throws: Never.self) { try literal(nested(8)) }
    #expect(throws: NpyError.self) { try literal(nested(9)) }
  }

  @Test("parentheses about one thing are none, with a comma they are a tuple: as Python has it")
  func parentheses() throws {
    #expect(try header("('<f4')", "(3)").type == .plain(.float32))
    #expect(try header("'<f4'", "(3)").shape == [3] && header("'<f4'", "(3,)").shape == [3])
    #expect(try header("'<f4'", "()").shape == [])
    #expect(throws: NpyError.self) { try header("('<f4',)", "(3,)") }
  }

  @Test("a header fills whole lines of 64 bytes, whatever it says")
  func headers() {
    for digits in 1...70 {
      let bytes = NpyHeader.bytes("'|S\(String(repeating: "1", count: digits))'", [digits])
      #expect(bytes.count % 64 == 0 && bytes.last == UInt8(ascii: "\n"))
      #expect(Int(bytes[8]) + Int(bytes[9]) << 8 == bytes.count - 10)
    }
  }

  @Test("one bad record of one is none that is good; beside a good one it is dropped")
  func records() throws {
    for bad in 1...3 {
      let records = BadRecords(tolerated: true)
      for _ in 0..<bad { try records.attempt("in:1") { throw Failure.badData("in:1", "rule") } }
      #expect(throws: Failure.self) { try records.finish() }
      try records.attempt("in:2") {}
      try records.finish()
    }
  }

  @Test("control characters are escaped by their code")
  func controls() throws {
    for code in 0..<UInt8(0x20) {
      let text = String(decoding: [code], as: UTF8.self)
      let written = JSONWriter.bytes { $0.value(text) }
      let read = try written.withUnsafeBytes { try withJSON($0, name: "in") { $0.string } }
      #expect(read == text && written.allSatisfy { $0 >= 0x20 })
    }
  }
}
