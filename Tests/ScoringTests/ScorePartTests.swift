import Mechanics
import Streams
import TestFolders
import Testing

@testable import Scoring

@Suite struct ScorePartTests {
  /// Drawings and answers, as lines of the files that the tools read.
  private func lines(_ seed: Int) -> [(truth: String, answer: String?)] {
    var random = SplitMix64(seed: UInt64(seed))
    return (0..<60 + seed).map { number in
      let id = "d\(number)"
      let truth = [
        #"{"id":"\#(id)","truth":"1+1","strokes":[[[0,0],[0,9]]],"groups":[{"label":"1","strokes":[0]}]}"#,
        #"{"id":"\#(id)","truth":"7","strokes":[[[0,0],[5,9]]],"groups":[{"label":"7","strokes":[0]}]}"#,
        #"{"id":"\#(id)","truth":"x","latex":"2^{2}","value":"4","kinds":["power"],"strokes":[[[0,0],[5,9]]]}"#,
      ][Int(random.next() % 3)]
      let confidence = Double(random.next() % 1_000_000_007) / 1_000_000_007
      let text = ["1", "7"][Int(random.next() % 2)]
      let answer =
        random.next() % 5 == 0
        ? nil
        : #"{"id":"\#(id)","symbols":[{"text":"\#(text)","box":[0,0,5,9]}],"value":"\#(text)","confidence":\#(confidence)}"#
      return (truth, answer)
    }
  }

  private func report(
    _ lines: [(truth: String, answer: String?)], _ folder: String
  ) throws -> ScoreReport {
    put(Array(lines.map(\.truth).joined(separator: "\n").utf8), "\(folder)/truth")
    put(Array(lines.compactMap(\.answer).joined(separator: "\n").utf8), "\(folder)/answers")
    let truths = try LabelledDrawings("\(folder)/truth", keeping: nil, maxLine: 1 << 20)
    return ScoreReport(
      truths, try CalculatorAnswers(ByteReader(["\(folder)/answers"]), to: truths), seconds: nil)
  }

  /// The bytes that a report is written as.
  private func bytes(_ folder: String, _ body: (ByteWriter) -> Void) throws -> [UInt8] {
    let output = try ByteWriter("\(folder)/out")
    body(output)
    try output.finish()
    return contents("\(folder)/out") ?? []
  }

  private func sum(_ parts: [[UInt8]], _ folder: String) throws -> ScoreReport {
    put(Array(parts.joined()), "\(folder)/parts")
    return try ScoreReport(summing: ByteReader(["\(folder)/parts"]), seconds: nil)
  }

  @Test("parts of any splitting, in any order, add up to the bytes of one run", arguments: 1...12)
  func sum(_ seed: Int) throws {
    try withFolder { folder in
      let lines = lines(seed)
      let whole = try report(lines, folder)
      let expected = try bytes(folder) {
        whole.writeJSON($0)
        whole.reliability.writeRows(to: $0)
      }
      let count = [1, 2, 3, 7, 11][seed % 5]
      var parts = try (0..<count).map { shard in
        let part = try report(
          lines.enumerated().filter { ($0.offset * 31 + seed) % count == shard }.map(\.element),
          folder)
        return try bytes(folder, part.writePart)
      }
      parts.reverse()
      let found = try sum(parts, folder)
      #expect(
        try bytes(folder) {
          found.writeJSON($0)
          found.reliability.writeRows(to: $0)
        } == expected)
      // A sum is a part of a larger sum.
      let tree = try sum(
        [
          bytes(folder, sum(Array(parts.prefix(2)), folder).writePart),
          parts.count > 2 ? bytes(folder, sum(Array(parts.dropFirst(2)), folder).writePart) : [],
        ], folder)
      #expect(try bytes(folder, tree.writePart) == bytes(folder, whole.writePart))
    }
  }

  @Test("a part twice, and parts of different splittings, are refused")
  func twice() throws {
    try withFolder { folder in
      let lines = lines(99)
      func part(_ shard: Int, of count: Int) throws -> [UInt8] {
        let chosen = lines.enumerated().filter { $0.offset % count == shard }.map(\.element)
        return try bytes(folder, report(chosen, folder).writePart)
      }
      for parts in [
        [try part(0, of: 2), try part(0, of: 2)], [try part(0, of: 2), try part(2, of: 3)],
      ] {
        #expect { try sum(parts, folder) } throws: {
          "\($0)".contains("drawing is in two parts: 'd")
        }
      }
    }
  }

  @Test("counts that cannot be are refused")
  func counts() throws {
    try withFolder { folder in
      let part = String(
        decoding: try bytes(folder, report(lines(3), folder).writePart), as: UTF8.self)
      let cases = [
        ("\"calc-score 2\"", "\"calc-score 1\"", "part must be 'calc-score 2'"),
        ("\"drawings\":63", "\"drawings\":1", "counts are more than what they are of"),
        ("\"answered\":", "\"answered\":-", "answered must be a whole number from 0"),
        ("\"answered\":", "\"answered\":0.", "answered must be a whole number from 0"),
        ("\"steps\":", "\"steps\":99999999", "counts are more than what they are of"),
        ("\"characters\":", "\"characterz\":", "key 'characters' is missing"),
        ("\"confidences\":[", "\"confidences\":[0,", "expected 10 bins, got 11"),
      ]
      for (text, other, rule) in cases {
        let damaged = part.replacing(text, with: other, maxReplacements: 1)
        #expect(damaged != part, "\(text)")
        #expect { try sum([Array(damaged.utf8)], folder) } throws: { "\($0)".contains(rule) }
      }
      #expect { try sum([], folder) } throws: { "\($0)".contains("there is no part") }
      let most = part.replacing(#/"drawings":63/#, with: "\"drawings\":2305843009213693952")
      let whole = ScorePart.sealed(most.utf8.dropLast(ScorePart.sealed([]).count + 1))
      #expect { try sum([whole, [0x0a], Array(part.utf8)], folder) } throws: {
        "\($0)".contains("counts add up to over 2^61")
      }
    }
  }

  @Test("any digit that became another is found, and a file without a part")
  func damage() throws {
    try withFolder { folder in
      let part = try bytes(folder, report(lines(3), folder).writePart)
      #expect(throws: Never.self) { try sum([part], folder) }
      for (place, byte) in part.enumerated() where (0x30...0x39).contains(byte) {
        var damaged = part
        damaged[place] = byte ^ 1
        #expect(throws: Failure.self, "\(place)") { try sum([damaged], folder) }
      }
      put(part, "\(folder)/one")
      put([], "\(folder)/none")
      #expect {
        try ScoreReport(summing: ByteReader(["\(folder)/one", "\(folder)/none"]), seconds: nil)
      } throws: { "\($0)".hasSuffix("/none: there is no part in it to be added up") }
    }
  }
}
