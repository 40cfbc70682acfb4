import Testing

/// What every tool that reads lines must survive.
@Suite struct LineInputTests {
  /// Lines that no tool takes, with what is wrong about them.
  static let badLines: [(rule: String, line: [UInt8])] = [
    ("malformed", Array(#"{"id":"a","strokes":[[[1,2],}"#.utf8)),
    ("cut short", Array(#"{"id":"a","str"#.utf8)),
    ("no object", Array(#"[1,2]"#.utf8)),
    ("two objects", Array(#"{"id":"a"}{"id":"b"}"#.utf8)),
    ("no key", Array("{}".utf8)),
    ("duplicate key", Array(#"{"id":"a","id":"b","strokes":[],"groups":[],"symbols":[]}"#.utf8)),
    ("wrong type", Array(#"{"id":7,"strokes":{},"groups":7,"symbols":"x"}"#.utf8)),
    ("invalid UTF-8", [0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
    ("NUL", [0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0x00, 0x22, 0x7d]),
    ("lone surrogate", Array(#"{"id":"\ud800","strokes":[],"groups":[],"symbols":[]}"#.utf8)),
    ("bare NaN", Array(#"{"id":"a","strokes":[[[NaN,0]]],"symbols":NaN}"#.utf8)),
    ("deep nesting", Array((#"{"id":"# + String(repeating: "[", count: 100_000)).utf8)),
  ]

  /// Rows that no reader of CSV takes, behind a whole table.
  static let badRows = ["A", "A,2020-01-02,1,2,x,1,1,1", "A,2020-13-02,1,1,1,1,1,1", "\"A"]

  @Test(
    "a bad line or row: its number, and the answer to what was before",
    arguments: ToolUnderTest.facing(.badLines))
  func badLine(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    let number = tool.sample.count { $0 == 0x0a } + 1
    var bad = Self.badLines.filter { $0.line.first == UInt8(ascii: "{") || !tool.readsText }
    switch tool.format {
    case .text: bad = [("invalid UTF-8", [0x31, 0xff])]
    case .csv: bad = Self.badRows.map { ($0, Array($0.utf8)) }
    default: break
    }
    for (rule, line) in bad {
      let outcome = run(tool.arguments, tool.sample + line + Array("\n".utf8))
      #expect(outcome.ending == .exit(65), "\(rule): \(outcome.errors)")
      expectRefusal(outcome, by: tool, 65, output: expected, naming: "<stdin>:\(number)")
    }
  }

  @Test(
    "lines cut at any byte: whole records, and one line where it is refused",
    arguments: ToolUnderTest.facing(.cutLines))
  func cut(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    let count = tool.sample.count
    let step = max(1, count / Samples.count(40))
    for place in stride(from: 1, to: count, by: step) {
      let outcome = run(tool.arguments, Array(tool.sample[..<place]))
      let isWhole =
        tool.summarises ? outcome.endsWhole : expected.starts(with: outcome.output)
      let isStated =
        outcome.ending == .exit(0)
        || outcome.ending == .exit(65) && outcome.errorLines.count == 1
          && outcome.errors.hasPrefix("\(tool.name): ")
      #expect(
        // A number of CSV that is cut is a number too.
        isStated && (isWhole || tool.format == .text || tool.format == .csv),
        "cut at \(place) of \(count): \(outcome.ending) \(outcome.errors)")
    }
  }

  @Test("--skip-bad drops bad lines and counts them", arguments: ToolUnderTest.facing(.extraKeys))
  func skipBad(_ tool: ToolUnderTest) throws {
    let bad = Array("{]\n".utf8)
    let mixed = run(tool.arguments + ["--skip-bad"], bad + tool.sample + bad)
    #expect(mixed.ending == .exit(0), "\(mixed.errors)")
    #expect(mixed.output == (try tool.expected()))
    #expect(mixed.errorLines.count == 3, "\(mixed.errors)")
    #expect(mixed.errors.hasSuffix("dropped 2 of 3 records\n"))
    let allBad = run(tool.arguments + ["--skip-bad"], bad + bad)
    #expect(allBad.ending == .exit(65), "\(allBad.errors)")
  }

  @Test(
    "extra keys, large and small numbers: passed through or refused",
    arguments: ToolUnderTest.facing(.extraKeys))
  func extraKeys(_ tool: ToolUnderTest) throws {
    let values = ["1e400", "-0", "1e-400", "9223372036854775807", "1234567890123456789012", "\"\""]
    for value in values {
      let line = Array(#"{"extra":\#(value),"#.utf8) + tool.sample.dropFirst()
      let outcome = run(tool.arguments, line)
      #expect(outcome.ending == .exit(0) || outcome.ending == .exit(65), "\(outcome.errors)")
      // What passes through is the same text.
      let text = String(decoding: outcome.output, as: UTF8.self)
      #expect(!text.contains("\"extra\"") || text.contains("\"extra\":\(value)"))
    }
  }

  @Test(
    "no final newline, CRLF, BOM, blank lines: the same bytes",
    arguments: ToolUnderTest.facing(.lineEnds))
  func lineEnds(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    let line = Array(tool.sample.dropLast())
    #expect(run(tool.arguments, line).output == expected)
    #expect(run(tool.arguments, line + [0x0d, 0x0a]).output == expected)
    #expect(run(tool.arguments, [0xef, 0xbb, 0xbf] + tool.sample).output == expected)
    #expect(run(tool.arguments, tool.sample + Array("\n \r\n\n".utf8)).output == expected)
  }

  @Test(
    "a line over the limit is refused, with its remedy", arguments: ToolUnderTest.facing(.longLines)
  )
  func longLine(_ tool: ToolUnderTest) throws {
    let long = [UInt8](repeating: 0x20, count: 17 << 20) + Array("{}\n".utf8)
    expectRefusal(run(tool.arguments, long), by: tool, 65, naming: "--max-line")
    let outcome = run(tool.arguments + ["--max-line", "1"], tool.sample)
    expectRefusal(outcome, by: tool, 65, naming: ":1: line is over 1 bytes")
  }
}
