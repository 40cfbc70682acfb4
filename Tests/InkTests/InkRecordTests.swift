import Streams
import Testing

@testable import Ink

private func read(_ text: String, groups: Bool = false) throws -> Drawing {
  try Array(text.utf8).withUnsafeBytes { bytes in
    try withJSON(bytes, name: "test") { record in
      var drawing = try Drawing(record, line: 7)
      if groups { try drawing.readGroups(record) }
      return drawing
    }
  }
}

/// What is said about a record.
private func refusal(_ text: String, groups: Bool = false) -> String {
  do {
    return "accepted: \(try read(text, groups: groups))"
  } catch {
    return "\(error)"
  }
}

@Test func inkIsRead() throws {
  let drawing = try read(#"{"id":"a","strokes":[[[1,2],[-3.5,4e2]],[[0,0]]]}"#)
  #expect(drawing.id == "a")
  #expect(drawing.strokes == [Stroke([Point(1, 2), Point(-3.5, 400)]), Stroke([.zero])])
  #expect(try read(#"{"strokes":[]}"#) == Drawing(id: "7", strokes: []))
}

@Test func brokenInkIsRefused() {
  #expect(
    refusal(#"{"strokes":[[[1,2]],[[1,2]],[[5]]]}"#)
      == "stroke 3: point has 1 coordinate, expected [x, y]")
  #expect(
    refusal(#"{"strokes":[[[1,2,3],[1,2]]]}"#)
      == "stroke 1: point has 2 numbers, the first has 3")
  #expect(refusal(#"{"strokes":[[[1,2]],[]]}"#) == "stroke 2: has no points")
  #expect(refusal(#"{"strokes":[7]}"#) == "stroke 1: is a number, expected an array of points")
  #expect(refusal(#"{"strokes":[[7]]}"#) == "stroke 1: point is a number, expected [x, y]")
  #expect(
    refusal(#"{"strokes":[[[1,null]]]}"#) == "stroke 1: coordinate is null, expected a number")
  #expect(
    refusal(#"{"strokes":[[[1,-2e9]]]}"#) == "stroke 1: coordinate is beyond ±1e9: -2000000000.0")
  #expect(refusal(#"{"strokes":{}}"#) == "'strokes' is an object, expected an array of strokes")
  #expect(refusal(#"{"id":3,"strokes":[]}"#) == "id is a number, not a string")
  #expect(refusal(#"{"id":"a"}"#).contains("key 'strokes' is missing"))
  let many = Array(repeating: "[[1,2]]", count: 2001).joined(separator: ",")
  #expect(refusal("{\"strokes\":[\(many)]}") == "drawing is over 2000 strokes: 2001")
}

@Test func groupsAreRead() throws {
  let text = #"{"strokes":[[[1,2]]],"groups":[{"first":0,"last":1,"strokes":[0],"box":[1,2,1,2]}]}"#
  let box = Box(lower: Point(1, 2), upper: Point(1, 2))
  #expect(
    try read(text, groups: true).groups == [Group(first: 0, last: 1, strokes: [0], box: box)])
}

@Test func brokenGroupsAreRefused() {
  func groups(_ text: String) -> String {
    refusal("{\"strokes\":[[[1,2]]],\"groups\":[\(text)]}", groups: true)
  }
  #expect(
    refusal(#"{"strokes":[]}"#, groups: true) == "key 'groups' is missing; run segment first")
  #expect(groups(#"{"label":"1","strokes":[0]}"#).hasPrefix("group 1: needs 0 <= first < last"))
  #expect(groups(#"{"first":0,"last":2,"strokes":[0],"box":[0,0,0,0]}"#).hasPrefix("group 1:"))
  #expect(
    groups(#"{"first":0,"last":1,"strokes":[1],"box":[0,0,0,0]}"#)
      == "group 1: needs 'strokes', indices from 0 to 0")
  #expect(
    groups(#"{"first":0,"last":1,"strokes":[0],"box":[0,0,0]}"#)
      == "group 1: needs 'box', [x0, y0, x1, y1]")
}

@Test func everyLimitOfInkMayBeReached() throws {
  func id(_ count: Int) -> String {
    refusal("{\"id\":\"\(String(repeating: "i", count: count))\",\"strokes\":[]}")
  }
  #expect(id(1024).hasPrefix("accepted"))
  #expect(id(1025) == "id is over 1024 bytes: 1025")
  let many = Array(repeating: "[[1,2]]", count: Drawing.strokeLimit).joined(separator: ",")
  #expect(try read("{\"strokes\":[\(many)]}").strokes.count == Drawing.strokeLimit)
  #expect(try read(#"{"strokes":[[[1e9,-1e9]]]}"#).strokes == [Stroke([Point(1e9, -1e9)])])
  #expect(refusal(#"{"strokes":[[[1e9,-1000000000.0000001]]]}"#).hasPrefix("stroke 1: coordinate"))
}
