import Testing

@testable import InkPad

@Suite struct FrameTests {
  private func head(_ bytes: [UInt8], limit: Int = 1000) -> Result<FrameHead, Closing> {
    Result { () throws(Closing) in
      try FrameHead(bytes[0], bytes[1], Array(bytes.dropFirst(2)), limit: limit)
    }
  }

  @Test("heads of frames, as RFC 6455 5.7 shows them")
  func heads() throws {
    let hello = try head([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d]).get()
    #expect(hello.kind == .text && hello.isLast && hello.size == 5)
    #expect(hello.unmasked([0x7f, 0x9f, 0x4d, 0x51, 0x58]) == Array("Hello".utf8))
    #expect(try head([0x02, 0xfe, 1, 0, 0, 0, 0, 0]).get().size == 256)
    #expect(
      try head([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], limit: 65536).get().size == 65536)
    #expect(try [0x80, 0xfe, 0xff].map { try FrameHead.rest($0) } == [4, 6, 12])
    #expect(throws: Closing.self) { try FrameHead.rest(0x05) }
  }

  @Test("the size of a frame takes as many bytes as it needs")
  func sizeBytes() {
    func head(_ size: Int, _ count: Int) -> [UInt8] {
      Array(Frame(kind: .text, payload: [UInt8](repeating: 7, count: size)).bytes.prefix(count))
    }
    #expect(head(125, 3) == [0x81, 125, 7])
    #expect(head(126, 5) == [0x81, 126, 0, 126, 7])
    #expect(head(0xffff, 5) == [0x81, 126, 0xff, 0xff, 7])
    #expect(head(0x1_0000, 11) == [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0, 7])
  }

  @Test("frames that break a rule, with the code they are answered with")
  func wrong() {
    let mask: [UInt8] = [0, 0, 0, 0]
    let cases: [(what: String, bytes: [UInt8], code: UInt16)] = [
      ("reserved bits", [0xc1, 0x80] + mask, 1002),
      ("unknown", [0x83, 0x80] + mask, 1002),
      ("unknown control", [0x8b, 0x80] + mask, 1002),
      ("ping in parts", [0x09, 0x80] + mask, 1002),
      ("long ping", [0x89, 0xfe, 0, 126] + mask, 1002),
      ("over the limit", [0x81, 0xfe, 0x03, 0xe9] + mask, 1009),
      ("far over", [0x81, 0xff, 0x7f] + [UInt8](repeating: 0xff, count: 7) + mask, 1009),
      ("beyond Int", [0x81, 0xff] + [UInt8](repeating: 0xff, count: 8) + mask, 1009),
    ]
    for (what, bytes, code) in cases {
      #expect(throws: Closing.self, "\(what)") { try head(bytes).get() }
      if case .failure(let closing) = head(bytes) { #expect(closing.code == code, "\(what)") }
    }
  }

  @Test("what is sent can be read: sizes around the steps of the format")
  func sizes() throws {
    for size in [0, 1, 125, 126, 127, 65535, 65536] {
      var bytes = Frame(kind: .text, payload: [UInt8](repeating: 65, count: size)).bytes
      bytes[1] |= 0x80
      let start = bytes.count - size
      let found = try head(Array(bytes[..<start]) + [0, 0, 0, 0], limit: 1 << 20).get()
      #expect(found.size == size && found.isLast)
    }
  }
}
