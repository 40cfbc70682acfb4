import Alphabet
import Streams
import Testing

@testable import Arithmetic

@Suite struct LatticeInputTests {
  private func read(_ text: String) throws -> [LatticeSymbol] {
    var text = text
    return try text.withUTF8 { bytes in
      try withJSON(UnsafeRawBufferPointer(bytes), name: "test") {
        try LatticeSymbol.lattice($0)
      }
    }
  }

  private func symbol(
    _ first: String = "0", _ last: String = "1", box: String = "[0,0,1,1]",
    top: String = "[[\"4\",0.9],[\"none\",0.1]]"
  ) -> String { "{\"first\":\(first),\"last\":\(last),\"box\":\(box),\"top\":\(top)}" }

  @Test func readsCandidates() throws {
    let symbols = try read("[\(symbol(box: "[-1,0.5,2,1e3]")),\(symbol("1", "3"))]")
    #expect(symbols.count == 2)
    #expect(symbols[0].box == .init(x0: -1, y0: 0.5, x1: 2, y1: 1000))
    #expect(symbols[0].top.map(\.text) == ["4", "none"])
    #expect((symbols[1].first, symbols[1].last) == (1, 3))
    #expect(try read("[]").isEmpty)
  }

  @Test func anyOrderIsAChain() throws {
    #expect(try read("[\(symbol("1", "2")),\(symbol()),\(symbol("0", "2"))]").count == 3)
  }

  @Test func everyLimitMayBeReached() throws {
    for (first, last) in [("0", "1"), ("2047", "2048")] {
      let chain = first == "0" ? "" : "\(symbol("0", first)),"
      #expect(try read("[\(chain)\(symbol(first, last))]").last?.last == Int(last))
    }
    #expect(throws: Error.self) {
      try read("[\(symbol("0", "2048")),\(symbol("2048", "2049"))]")
    }
    for box in ["[1,0,1,1]", "[0,1,1,1]", "[-1e12,-1e12,1e12,1e12]"] {
      #expect(try read("[\(symbol(box: box))]").count == 1)
    }
    for box in ["[1,0,0.5,1]", "[0,1,1,0.5]", "[0,0,1e12,1000000000001]"] {
      #expect(throws: Error.self) { try read("[\(symbol(box: box))]") }
    }
    let top = try read("[\(symbol(top: "[[\"4\",0],[\"5\",1]]"))]")[0].top
    #expect(top.map(\.probability) == [0, 1])
    #expect(Alphabet.classes.count < LatticeSymbol.topLimit)
    let pairs = { (count: Int) in
      "[\(Array(repeating: #"["4",0]"#, count: count).joined(separator: ","))]"
    }
    #expect(try read("[\(symbol(top: pairs(256)))]")[0].top.count == 256)
    #expect(throws: Error.self) { try read("[\(symbol(top: pairs(257)))]") }
  }

  @Test func refusesWhatIsMalformed() {
    let refused: [(String, String)] = [
      ("{}", "expected an array"), ("[7]", "expected an object"),
      ("[\(symbol("0", "0"))]", "less than last"), ("[\(symbol("880", "0"))]", "less than last"),
      ("[\(symbol("-1"))]", "position"),
      ("[\(symbol("0", "1.5"))]", "position"), ("[\(symbol("0", "1e9"))]", "position"),
      ("[\(symbol(box: "[0,0,1]"))]", "3 numbers"), ("[\(symbol(box: "[2,0,1,1]"))]", "x0 <= x1"),
      ("[\(symbol(box: "[0,0,1,null]"))]", "expected a number"),
      ("[\(symbol(top: "[]"))]", "pairs"), ("[\(symbol(top: "[[\"44\",1]]"))]", "one character"),
      ("[\(symbol(top: "[[\"4\"]]"))]", "pair"), ("[\(symbol(top: "[[\"4\",1.5]]"))]", "0...1"),
      ("[\(symbol("1", "2"))]", "beyond position 0"),
      ("[\(symbol()),\(symbol("2", "3"))]", "beyond position 1"),
    ]
    for (text, rule) in refused {
      do {
        _ = try read(text)
        Issue.record("accepted: \(text)")
      } catch {
        #expect("\(error)".hasPrefix("test:1:"), "\(error)")
        #expect("\(error)".contains(rule), "\(text): \(error)")
      }
    }
  }
}
