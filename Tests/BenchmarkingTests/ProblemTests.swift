import Streams
import Tensor
import Testing

@testable import Benchmarking

/// Reads a problem from its JSON.
func problem(_ text: String) throws -> Problem {
  try Array(text.utf8).withUnsafeBytes { try withJSON($0, name: "it") { try Problem($0) } }
}

/// The text of what is thrown.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch { return "\(error)" }
}

@Suite struct ProblemTests {
  private static let sizes = #""n":2,"c":3,"h":8,"w":9,"k":4,"r":3,"s":3"#

  @Test func recordsAreRead() throws {
    let plain = try problem("{\(Self.sizes)}")
    #expect(plain.name == "2×3×8×9 → 4, 3×3")
    #expect(plain.pass == .forward)
    let full = try problem(
      #"{"name":"x","op":"conv2d",\#(Self.sizes),"stride":[2,1],"padding":1,"pass":"backward"}"#)
    #expect(full.name == "x" && full.pass == .backward)
    guard case .convolution(let shape) = full.operation else {
      Issue.record("no convolution")
      return
    }
    #expect(shape.stride == PerAxis(rows: 2, columns: 1) && shape.padding == 1)
    #expect(full.operation.description == "2×3×8×9 → 4, 3×3, stride 2×1, padding 1")
    let row = try problem(
      #"{"op":"conv1d","n":2,"c":3,"w":9,"k":4,"s":3,"padding":1,"stride":2}"#)
    guard case .convolution(let flat) = row.operation else {
      Issue.record("no convolution")
      return
    }
    #expect(flat.outHeight == 1 && flat.outWidth == 5)
    let linear = try problem(#"{"op":"linear","n":2,"inputs":30,"outputs":4}"#)
    #expect(linear.work == 480 && linear.bytes == 4 * (60 + 120 + 4 + 8))
  }

  @Test func whatIsNoProblemIsRefusedByRuleAndValue() {
    for (text, rule) in [
      ("{}", "it:1:1: key 'n' is missing"),
      (#"{"op":"conv3d"}"#, "it:1:7: op must be one of conv2d, conv1d, linear: \"conv3d\""),
      (
        "{\(Self.sizes),\"pass\":\"up\"}",
        "it:1:51: pass must be one of forward, backward, backward_weight, forward_backward: \"up\""
      ),
      (#"{"op":"linear","n":1.5}"#, "it:1:20: n must be a whole number: 1.5"),
      (#"{"op":"linear","n":"2"}"#, "it:1:20: n must be a whole number: \"2\""),
      (#"{"name":7,"n":2}"#, "it:1:9: name must be a string: got a number"),
      (
        #"{"op":"linear","n":0,"inputs":1,"outputs":1}"#,
        "it:1:20: n must be in 1...16777216: 0"
      ),
      ("{\(Self.sizes),\"groups\":0}", "it:1:53: groups must not be below 1: 0"),
      (
        "{\(Self.sizes),\"pad\":1}", "it:1:50: key 'pad' is none of a problem: it has 'padding'"
      ),
      (
        #"{"op":"linear","n":16777216,"inputs":16777216,"outputs":1}"#,
        "tensor must have at most 2^34 elements: 16777216×16777216"
      ),
      (
        "{\(Self.sizes),\"dilation\":9}",
        "kernel must fit the padded picture: 3×3 with dilation 9 in 8×9 with padding 0"
      ),
      (
        "{\(Self.sizes),\"stride\":[1,2,3]}",
        "it:1:53: stride must be a number or [rows, columns]: [1, 2, 3]"
      ),
      (
        "{\(Self.sizes),\"groups\":2}",
        "groups must divide input and output channels: 2 does not divide 3 and 4"
      ),
    ] {
      #expect(message { _ = try problem(text) } == rule)
    }
  }

  @Test("a key that looks like one of a problem is refused with the right name, others pass")
  func misspeltKeys() throws {
    for (key, meant) in [
      ("strides", "stride"), ("pad", "padding"), ("pad_h", "padding"), ("padding_mode", "padding"),
      ("Stride", "stride"), ("dilate", "dilation"), ("dilations", "dilation"), ("group", "groups"),
      ("input", "inputs"), ("ouputs", "outputs"), ("nmae", "name"), ("passs", "pass"), ("N", "n"),
    ] {
      #expect(ProblemKeys.meant(key) == meant, "\(key)")
      #expect(
        message { _ = try problem("{\(Self.sizes),\"\(key)\":1}") }
          .hasSuffix("key '\(key)' is none of a problem: it has '\(meant)'"), "\(key)")
    }
    let others = [
      "note", "layer", "model", "id", "ms", "x", "date", "layout", "seed", "spread", "path",
      "st", "", "stripe_of_the_picture_and_more",
    ]
    for key in others + ProblemKeys.all + ResultRecord.keys {
      #expect(ProblemKeys.meant(key) == nil, "\(key)")
    }
  }

  @Test func lettersThatDiffer() {
    for (one, other, distance) in [
      ("", "", 0), ("pad", "pad", 0), ("pad", "bad", 1), ("nmae", "name", 1),
      ("stride", "strides", 1),
      ("ab", "ba", 1), ("kitten", "sitting", 3), ("a", "abc", 2), ("a", "abcd", Int.max),
    ] {
      #expect(ProblemKeys.distance(one, other) == distance, "\(one) \(other)")
      #expect(ProblemKeys.distance(other, one) == distance, "\(other) \(one)")
    }
  }

  @Test func whatIsWrittenReadsBack() throws {
    for suite in ProblemSuite.allCases {
      for item in try suite.problems() {
        let text = try written { item.write(to: &$0) }
        #expect(try problem(text) == item)
      }
    }
  }

  @Test func suitesHaveEachProblemOnce() throws {
    let all = try ProblemSuite.all.problems()
    #expect(Set(all.map { "\($0.name) \($0.pass)" }).count == all.count)
    #expect(all.count >= 60)
  }

  @Test func workAndBytesOfPasses() throws {
    // 3×3 on 8×9 without padding: 6×7 places of 27 products for each of 2×4 planes.
    let work = Double(2 * 2 * 4 * 6 * 7 * 27)
    for (pass, share) in [
      ("forward", 1.0), ("backward", 2), ("backward_weight", 1), ("forward_backward", 3),
    ] {
      #expect(try problem("{\(Self.sizes),\"pass\":\"\(pass)\"}").work == share * work)
    }
    // 432 inputs, 108 weights, 4 of a bias, 336 outputs: what each pass must read and write once.
    for (pass, floats) in [
      ("forward", 432 + 108 + 4 + 336), ("backward_weight", 432 + 336 + 108 + 4),
      ("backward", 432 + 336 + 108 + 4 + 108 + 432),
      ("forward_backward", 2 * (432 + 108 + 4 + 336) + 108 + 432),
    ] {
      #expect(try problem("{\(Self.sizes),\"pass\":\"\(pass)\"}").bytes == 4 * floats)
    }
    // Of a 3×3 window in the corner of a padded picture 4 elements lie on pixels.
    let padded = try problem(#"{"n":1,"c":1,"h":2,"w":2,"k":1,"r":3,"s":3,"padding":1}"#)
    #expect(padded.work == 2 * 4 * 4)
  }

  /// One object of NDJSON, as it is written.
  private func written(_ body: (inout JSONWriter) -> Void) throws -> String {
    try temporaryFile { path in
      let output = try ByteWriter(path)
      var json = JSONWriter(output)
      json.beginObject()
      body(&json)
      json.endObject()
      try output.finish()
      return try text(of: path)
    }
  }
}
