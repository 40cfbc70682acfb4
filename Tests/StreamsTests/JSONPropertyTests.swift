import Mechanics
import TestFolders
import Testing

@testable import Streams

struct JSONPropertyTests {
  private func text(_ document: Document) throws -> [UInt8] {
    try written { output in
      var json = JSONWriter(output)
      document.write(&json)
    }
  }

  @Test func randomDocumentsComeBack() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<300 {
      let document = Document.random(5, &random)
      let text = try text(document)
      #expect(try parse(text) { Document($0) } == document)
      // Copied value for value, the text is the same byte for byte.
      let copy = try parse(text) { value in
        try written { output in
          var json = JSONWriter(output)
          json.copy(value)
        }
      }
      #expect(copy == text)
    }
  }

  @Test func everyPrefixFailsButForTheWhole() throws {
    let text = Array(#" {"a":[1,-2.5e3,"x\u00e9é\ud83d\ude00"],"b":{"c":true,"d":null}} "#.utf8)
    for length in 0..<text.count - 1 {
      #expect(throws: Failure.self) { try parse(Array(text[..<length])) { _ in } }
    }
    try parse(text) { #expect($0.count == 2) }
  }

  @Test func mutationsNeverCrash() throws {
    var random = SplitMix64(seed: 2)
    var accepted = 0
    for _ in 0..<100 {
      let original = try text(Document.random(3, &random))
      for _ in 0..<40 {
        var mutant = original
        for _ in 0..<Int.random(in: 1...3, using: &random) where !mutant.isEmpty {
          let place = Int.random(in: 0..<mutant.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: mutant[place] = UInt8.random(in: 0...255, using: &random)
          case 1: mutant.remove(at: place)
          case 2:
            mutant.insert(
              Array("{}[],:\"\\e.-0u".utf8).randomElement(using: &random) ?? 0, at: place)
          default: mutant.swapAt(place, Int.random(in: 0..<mutant.count, using: &random))
          }
        }
        // What is accepted must be walkable and come back.
        guard let document = try? parse(mutant, { Document($0) }) else { continue }
        accepted += 1
        let again = try text(document)
        #expect(try parse(again) { Document($0) } == document)
      }
    }
    #expect(accepted > 100)
  }

  @Test func nestingHasALimit() {
    for bracket in ["[", "{\"a\":"] {
      let text = Array(String(repeating: bracket, count: 100_000).utf8)
      let column = 512 * bracket.utf8.count + 1
      #expect(
        message { try parse(text) { _ in } } == "t:1:\(column): nesting is over 512 levels deep")
    }
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(message { try parse(Array(deep.utf8)) { _ in } } == "no error")
  }

  @Test func manyKeysAreLookedThroughForTwins() throws {
    func object(_ keys: [String]) -> [UInt8] {
      Array("{\(keys.map { "\"\($0)\":0" }.joined(separator: ","))}".utf8)
    }
    let keys = (0..<1000).map { "key\($0)" }
    #expect(message { try parse(object(keys)) { _ in } } == "no error")
    for twin in ["key0", #"\u006bey999"#] {
      let name = twin == "key0" ? "key0" : "key999"
      #expect(
        message { try parse(object(keys + [twin])) { _ in } }.hasSuffix(
          "key '\(name)' comes twice in the object"))
    }
    try parse(object(keys)) { value in
      #expect(value["key500"]?.int == 0)
      #expect(value["key"] == nil)
    }
  }

  @Test func invalidUTF8IsRefused() {
    let bad: [[UInt8]] = [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80],
      [0xe2, 0x82], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
      [0xff], [0xe2, 0x28, 0xa1],
    ]
    for bytes in bad {
      let digits = String(bytes[0], radix: 16, uppercase: true)
      for padding in [0, 7, 20] {
        let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + bytes + [0x22]
        #expect(
          message { try parse(text) { _ in } }
            == "t:1:\(padding + 2): expected UTF-8 in a string, got byte 0x\(digits)")
      }
    }
  }

  @Test func everyScalarPasses() throws {
    // Each scalar as it is and as an escape.
    for code in UInt32(0)...0x10ffff where code % 61 == 0 || code < 0x900 {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let units = Array(String(scalar).utf16)
      let escape = units.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
      var text = "\"\(escape)\""
      if code >= 0x20, scalar != "\"", scalar != "\\" { text = "\"\(scalar)\(escape)\"" }
      let read = try parse(Array(text.utf8)) { $0.string }
      if read?.unicodeScalars.allSatisfy({ $0 == scalar }) != true { Issue.record("\(code)") }
    }
  }
}
