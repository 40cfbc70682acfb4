import Testing

@testable import NeuralNet

@Suite struct EventFileTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  @Test func knownChecks() {
    #expect(CRC32C.check([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.check([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.check((0..<32).map { UInt8($0) }) == 0x46dd_794e)
    #expect(CRC32C.check(Array("123456789".utf8)) == 0xe306_9283)
    // As TensorBoard wants it: turned right by 15 bits, and 0xa282ead8 more.
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xc78a_b0e5)
  }

  @Test func exactBytes() {
    let event = EventFile.event([("loss", 0.5)], step: 300, seconds: 1)
    let expected: [UInt8] =
      [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]  // wall_time = 1.0
      + [0x10, 0xac, 0x02]  // step = 300
      + [0x2a, 13, 0x0a, 11]  // summary, value
      + [0x0a, 4] + Array("loss".utf8)  // tag
      + [0x15, 0, 0, 0, 0x3f]  // simple_value = 0.5
    #expect(event == expected)
    let record = EventFile.record(event)
    #expect(record.count == event.count + 16)
    #expect(record[..<8] == [27, 0, 0, 0, 0, 0, 0, 0])
    #expect(EventFile.version(0).suffix(13) == Array("brain.Event:2".utf8))
  }
}
