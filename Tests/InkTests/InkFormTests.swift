import Streams
import TestFolders
import Testing

@testable import Ink

/// What `segment` would make of a text: each drawing, and how it is written.
private func read(
  _ text: String, skipBad: Bool = false
) throws -> (drawings: [Drawing], written: String) {
  try withFolder { folder in
    put(Array(text.utf8), "\(folder)/ink")
    let output = try ByteWriter("\(folder)/out")
    var json = JSONWriter(output)
    var drawings: [Drawing] = []
    let input = ByteReader(["\(folder)/ink"], badRecords: BadRecords(tolerated: skipBad))
    try input.drawings { arrived in
      drawings.append(arrived.drawing)
      try arrived.write(groups: [], to: &json)
    }
    try output.finish()
    return (drawings, String(decoding: contents("\(folder)/out") ?? [], as: UTF8.self))
  }
}

private func refusal(_ text: String) -> String {
  do { return "accepted: \(try read(text))" } catch { return "\(error)" }
}

@Suite struct InkFormTests {
  private let line = Stroke([Point(1, 2), Point(3, 4)])

  @Test func pointsMayBeObjectsAndHavePressureAndTime() throws {
    for strokes in [
      "[[[1,2],[3,4]]]", "[[[1,2,0.5],[3,4,0.5]]]", "[[[1,2,0.5,17],[3,4,0.5,18]]]",
      #"[[{"x":1,"y":2,"t":0},{"y":4,"x":3}]]"#, #"[{"x":[1,3],"y":[2,4],"t":[0,1],"p":[0,0]}]"#,
      #"[{"points":[{"x":1,"y":2},{"x":3,"y":4}]}]"#,
    ] {
      let (drawings, written) = try read(#"{"id":"a","word":"w","strokes":\#(strokes),"k":[1]}"#)
      #expect(drawings == [Drawing(id: "a", strokes: [line])])
      #expect(
        written
          == #"{"id":"a","word":"w","strokes":[[[1,2],[3,4]]],"k":[1],"groups":[]}"# + "\n")
    }
    // Strokes of our own are written as they came, to the last digit.
    let own = #"{"id":"a","strokes":[[[1.0,2e0]]],"groups":[]}"# + "\n"
    #expect(try read(own).written == own)
  }

  @Test func signaturePadIsAnArrayOverOneLineOrSeveral() throws {
    let one =
      #"[{"penColor":"rgb(0, 0, 0)","points":[{"time":1,"x":1,"y":2,"pressure":0},"#
      + #"{"time":2,"x":3,"y":4}]}]"#
    let (drawings, written) = try read("\(one)\n\n\(one)")
    #expect(drawings == ["1", "3"].map { Drawing(id: $0, strokes: [line]) })
    #expect(written.hasPrefix(#"{"id":"1","strokes":[[[1,2],[3,4]]],"groups":[]}"# + "\n"))
    let long =
      "\n[\n  {\"penColor\": \"a ] \\\" [\",\n\n "
      + "\"points\": [{\"x\":1,\"y\":2},\r\n{\"x\":3,\"y\":4}]}\n ]"
    #expect(try read(long).drawings == [Drawing(id: "2", strokes: [line])])
    // Before version 3 a stroke was its points.
    #expect(try read(#"[[{"x":1,"y":2},{"x":3,"y":4}]]"#).drawings[0].strokes == [line])
    #expect(try read("[]").drawings == [Drawing(id: "1", strokes: [])])
    let mixed = "\(one)\n" + #"{"strokes":[]}"# + "\n[\n]"
    #expect(try read(mixed).drawings.map(\.id) == ["1", "2", "3"])
    #expect(refusal("[\n{\"points\":[}\n]").hasSuffix("ink:1: array is cut short: it has no end"))
    #expect(refusal("\n[{\"points\":[]").hasSuffix("ink:2: array is cut short: it has no end"))
    #expect(refusal(#"[{"points":[]}]"#).hasSuffix("stroke 1: has no points"))
    #expect(refusal(#"[{"points":7}]"#).contains("'points' is a number"))
    let (kept, _) = try read("[1]\n\(one)", skipBad: true)
    #expect(kept.map(\.id) == ["2"])
  }

  @Test func myScriptHasColumnsInStrokesAndInGroupsOfThem() throws {
    let group = #"{"penStyle":"","strokes":[{"x":[1,3],"y":[2,4],"t":[1,2],"pointerType":"PEN"}]}"#
    let (drawings, written) = try read(
      #"{"xDPI":96,"yDPI":96,"strokeGroups":[\#(group),\#(group)],"contentType":"Math"}"#)
    #expect(drawings == [Drawing(id: "1", strokes: [line, line])])
    #expect(
      written == #"{"id":"1","xDPI":96,"yDPI":96,"strokes":[[[1,2],[3,4]],[[1,2],[3,4]]],"#
        + #""contentType":"Math","groups":[]}"# + "\n")
    let tall = try read(#"{"xDPI":100,"yDPI":200,"strokeGroups":[\#(group)]}"#).drawings[0]
    #expect(tall.strokes == [Stroke([Point(1, 1), Point(3, 2)])])
    #expect(refusal(#"{"xDPI":0,"strokeGroups":[]}"#).contains("xDPI must be a positive number"))
    #expect(
      refusal(#"{"strokeGroups":[{}]}"#).contains("group 1 of 'strokeGroups' has no 'strokes'"))
    #expect(
      refusal(#"{"strokes":[{"x":[1],"y":[1,2]}]}"#).contains("x has 1 numbers, y has 2"))
    #expect(refusal(#"{"strokes":[{"x":[1],"y":["1"]}]}"#).contains("must be arrays of numbers"))
    #expect(refusal(#"{"strokes":[{"x":[1]}]}"#).contains("neither 'points' nor 'x' and 'y'"))
  }

  @Test func quickDrawHasColumnsWithTimesOrWithout() throws {
    for drawing in ["[[[1,3],[2,4]]]", "[[[1,3],[2,4],[0,70]]]"] {
      let (drawings, written) = try read(
        #"{"word":"line","key_id":"512","recognized":true,"drawing":\#(drawing)}"#)
      #expect(drawings == [Drawing(id: "512", strokes: [line])])
      #expect(
        written == #"{"id":"512","word":"line","key_id":"512","recognized":true,"#
          + #""strokes":[[[1,2],[3,4]]],"groups":[]}"# + "\n")
    }
    #expect(refusal(#"{"drawing":[[[1,3],[2,4],[0]]]}"#).contains("the times are 1"))
    #expect(refusal(#"{"drawing":[[[1,3]]]}"#).contains("is not [[x, ...], [y, ...]]"))
    #expect(refusal(#"{"drawing":[[[],[]]]}"#).contains("has no points"))
  }

  @Test func whatCouldMeanTwoThingsIsRefused() throws {
    // Three points with pressure and time, or four points in columns with times: the key tells.
    let numbers = "[[[1,2,3,4],[5,6,7,8],[9,10,11,12]]]"
    #expect(try read(#"{"strokes":\#(numbers)}"#).drawings[0].strokes[0].points.count == 3)
    #expect(try read(#"{"drawing":\#(numbers)}"#).drawings[0].strokes[0].points.count == 4)
    #expect(refusal(numbers).contains("array of numbers without a key"))
    #expect(
      refusal(#"{"strokes":\#(numbers),"drawing":\#(numbers)}"#)
        .contains("'strokes' and 'drawing' both hold strokes"))
    #expect(
      refusal(#"{"strokeGroups":[],"drawing":[]}"#)
        .contains("'strokeGroups' and 'drawing' both hold strokes"))
    // A text is no ink.
    #expect(try read(#"{"strokes":[],"drawing":"cat.png"}"#).drawings.count == 1)
    #expect(refusal(#"[{"strokes":[]}]"#).contains("array of drawings, expected strokes"))
    #expect(refusal(#"{"strokes":[[[1,2,3,4,5]]]}"#).contains("columns of numbers are read under"))
    #expect(
      refusal(#"{"strokes":[{"points":[],"x":[],"y":[]}]}"#).contains("which is meant?"))
  }

  @Test func limitsHoldInEveryForm() {
    let many = Array(repeating: "[[1],[2]]", count: 2001).joined(separator: ",")
    #expect(refusal(#"{"drawing":[\#(many)]}"#).contains("over 2000 strokes"))
    #expect(refusal(#"{"drawing":[[[2e9],[2]]]}"#).contains("beyond ±1e9"))
    let half = Array(repeating: #"{"x":[1],"y":[2]}"#, count: 1200).joined(separator: ",")
    let group = #"{"strokes":[\#(half)]}"#
    #expect(refusal(#"{"strokeGroups":[\#(group),\#(group)]}"#).contains("over 2000 strokes"))
    #expect(
      refusal(#"{"xDPI":100000,"yDPI":0.001,"strokeGroups":[{"strokes":[{"x":[1],"y":[900]}]}]}"#)
        .contains("beyond ±1e9"))
  }
}
