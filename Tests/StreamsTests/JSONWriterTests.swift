import Mechanics
import TestFolders
import Testing

@testable import Streams

struct JSONWriterTests {
  private func text(_ body: (inout JSONWriter) -> Void) throws -> String {
    String(
      decoding: try written { output in
        var json = JSONWriter(output)
        body(&json)
      }, as: UTF8.self)
  }

  @Test func commasAndColons() throws {
    let line = try text { json in
      json.beginObject()
      json.key("a")
      json.beginArray()
      json.value(1)
      json.beginArray()
      json.endArray()
      json.beginObject()
      json.endObject()
      json.value("x")
      json.null()
      json.value(true)
      json.value(false)
      json.endArray()
      json.key("b")
      json.value(2.5)
      json.endObject()
      json.endLine()
      json.beginObject()
      json.endObject()
      json.endLine()
    }
    #expect(line == "{\"a\":[1,[],{},\"x\",null,true,false],\"b\":2.5}\n{}\n")
  }

  @Test func escapes() throws {
    let strings = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é😀"
    #expect(try text { $0.value(strings) } == #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7f}é😀\"")
    #expect(
      try text { json in
        json.beginObject(); json.key("\n"); json.value(1); json.endObject()
      } == #"{"\n":1}"#)
  }

  @Test func numbers() throws {
    let doubles: [(Double, String)] = [
      (0, "0"), (-0.0, "-0"), (5, "5"), (-5, "-5"), (0.5, "0.5"), (0.1, "0.1"), (-12.25, "-12.25"),
      (1e-4, "0.0001"), (1e-5, "1e-05"), (123456.789, "123456.789"), (1e15, "1000000000000000"),
      (0x1p53, "9007199254740992"), (1e16, "1e+16"), (1e22, "1e+22"),
      (.leastNonzeroMagnitude, "5e-324"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
      (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
      (999_999_999.999999, "999999999.999999"),
      (0.000123, "0.000123"), (1.000001, "1.000001"), (100.5, "100.5"),
    ]
    for (number, expected) in doubles { #expect(try text { $0.value(number) } == expected) }
    let floats: [(Float, String)] = [
      (0.1, "0.1"), (16_777_216, "16777216"), (3e10, "3e+10"), (0.3333333, "0.3333333"),
      (-0.5, "-0.5"),
      (.nan, "null"), (1e-5, "1e-05"), (0.98, "0.98"), (-0.0, "-0"), (12.5, "12.5"),
    ]
    for (number, expected) in floats { #expect(try text { $0.value(number) } == expected) }
    for number in [Int.min, .max, 0, -1, 10, 99, 100] {
      #expect(try text { $0.value(number) } == "\(number)")
    }
  }

  @Test func decimalsAreTheShortest() throws {
    // Against the standard library's, which is shortest and in another way.
    var random = SplitMix64(seed: 5)
    for scale in [1.0, 1e2, 1e4, 1e6, 1e9, 1e12] {
      for _ in 0..<3000 {
        let short = Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &random)) / scale
        let any = Double.random(in: -1...1, using: &random) * scale
        for number in [short, any] {
          let plain = number.description
          let expected = plain.hasSuffix(".0") ? String(plain.dropLast(2)) : plain
          #expect(try text { $0.value(number) } == expected)
          let small = Float(number)
          let plainFloat = small.description
          // Whole floats print all their digits, as the doubles of the same value do.
          if abs(small) < 0x1p24 {
            let expected = plainFloat.hasSuffix(".0") ? String(plainFloat.dropLast(2)) : plainFloat
            #expect(try text { $0.value(small) } == expected)
          }
        }
      }
    }
  }

  @Test func aRecordTakenBackLeavesNoComma() throws {
    let bytes = try writtenToFile { output in
      var json = JSONWriter(output)
      for number in 1...3 {
        json.beginObject()
        json.key("n")
        json.value(number)
        if number == 2 {
          output.rollback()
        } else {
          json.endObject()
          json.endLine()
          try output.commit()
        }
      }
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "{\"n\":1}\n{\"n\":3}\n")
  }
}
