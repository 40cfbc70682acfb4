import Streams
import Testing

@testable import Ink

private func read(_ text: String) throws -> InkMLDocument {
  try Array(text.utf8).withUnsafeBytes { try InkMLDocument(parsing: $0, name: "test", number: 3) }
}

private func refusal(_ text: String) -> String {
  do {
    return "accepted: \(try read(text))"
  } catch {
    return "\(error)"
  }
}

@Test func inkMLIsRead() throws {
  let document = try read(
    """
    <?xml version="1.0"?>
    <ink xmlns="http://www.w3.org/2003/InkML" documentID="d1">
      <annotation type="truth"> 1+2 </annotation>
      <annotation type="writer">w</annotation>
      <traceFormat><channel name="T"/><channel name="X"/><channel name="Y"/></traceFormat>
      <traceGroup><annotation type="truth">1</annotation>
        <trace id="0">9 1 2, 9 3.5 -4e1
        </trace>
        <traceGroup><trace>0 5 6</trace></traceGroup>
      </traceGroup>
    </ink>
    """)
  #expect(document.drawing.id == "d1")
  #expect(document.truth == "1+2")
  #expect(
    document.drawing.strokes == [Stroke([Point(1, 2), Point(3.5, -40)]), Stroke([Point(5, 6)])])
}

@Test func idsOfInkML() throws {
  #expect(try read("<ink/>").drawing == Drawing(id: "3", strokes: []))
  #expect(try read(#"<i:ink xmlns:i="x" id="a"></i:ink>"#).drawing.id == "a")
  #expect(try read(#"<ink><annotation type="UI">u</annotation></ink>"#).drawing.id == "u")
  #expect(try read("<ink/>").truth == nil)
}

@Test func differencesOfInkML() throws {
  // The example of section 3.2.1, with its points as the Recommendation lists them.
  let text = "1125 18432,'23'43,\"7\"-8,3-5,7 -3,6 2,6 8,3 6,2 4,*5,3 6,3 5"
  let stroke = try read("<ink><trace>\(text)</trace></ink>").drawing.strokes[0]
  let expected: [Point] = [
    Point(1125, 18432), Point(1148, 18475), Point(1178, 18510), Point(1211, 18540),
    Point(1251, 18567),
  ]
  #expect(Array(stroke.points[..<5]) == expected)
}

@Test func brokenInkMLIsRefused() {
  #expect(refusal("<ink><trace></trace></ink>") == "test:1: stroke 1: has no points")
  #expect(
    refusal("<ink>\n<trace>1</trace></ink>") == "test:2: stroke 1: point has 1 value, expected 2")
  #expect(
    refusal("<ink><trace>1 2 3</trace></ink>")
      == "test:1: stroke 1: point has 3 values, expected 2")
  #expect(
    refusal("<ink><trace>1 nan</trace></ink>")
      == "test:1: stroke 1: has what is no number: 'nan'")
  #expect(refusal("<ink><trace>1 1e999</trace></ink>").contains("beyond ±1e9"))
  #expect(
    refusal("<ink><trace>'1 2</trace></ink>").contains("refers to a point before the first"))
  #expect(refusal("<html/>") == "test:1: document element is <html>, expected <ink>")
  #expect(refusal("<ink>").hasPrefix("test:1:6: XML: no element found"))
  let deep = String(repeating: "<traceGroup>", count: 100_000)
  #expect(refusal("<ink>\(deep)").contains("nest more than 64 deep"))
  let bomb = #"<!DOCTYPE ink [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><ink><trace>&b;</trace></ink>"#
  #expect(refusal(bomb) == "test:1: entities are declared, which is refused")
}

@Test func everyPrefixOfInkMLIsRefused() {
  let text = #"<ink id="a"><annotation type="truth">1</annotation><trace>1 2, 3 4</trace></ink>"#
  for length in 0..<text.utf8.count {
    #expect(!refusal(String(text.prefix(length))).hasPrefix("accepted"))
  }
}

@Test func valuesOfInkMLThatAreNoDecimals() throws {
  let format =
    #"<traceFormat><channel name="X"/><channel name="B"/><channel name="Y"/></traceFormat>"#
  let document = try read("<ink>\(format)<trace>#1F T -#a, 1 F 2, 3 ? 4, * * 5</trace></ink>")
  let expected = [Point(31, -10), Point(1, 2), Point(3, 4), Point(3, 5)]
  #expect(document.drawing.strokes == [Stroke(expected)])
  for value in ["?", "T", "F"] {
    #expect(
      refusal("<ink><trace>1 \(value)</trace></ink>")
        == "test:1: stroke 1: point has T, F or ? for a coordinate, expected a number")
  }
  #expect(refusal("<ink><trace>1 #</trace></ink>").contains("no number: '#'"))
  #expect(refusal("<ink><trace>1 #ffffffffffffffffffff</trace></ink>").contains("no number"))
}

@Test func orientationOfInkML() throws {
  let document = try read(
    """
    <ink><traceFormat><channel name="X"/><channel name="Y" orientation="-ve"/></traceFormat>
    <trace>1 2, 3 0</trace></ink>
    """)
  #expect(document.drawing.strokes == [Stroke([Point(1, -2), Point(3, 0)])])
}

@Test func thePensWayThroughTheAirIsNoStroke() throws {
  let document = try read(
    #"<ink><trace>1 2</trace><trace type="penUp">3 4</trace><trace type="penDown">5 6</trace></ink>"#
  )
  #expect(document.drawing.strokes == [Stroke([Point(1, 2)]), Stroke([Point(5, 6)])])
}

@Test func aTraceThatIsContinuedIsOneStroke() throws {
  let document = try read(
    """
    <ink><trace xml:id="a" continuation="begin">1 2</trace><trace>9 9</trace>
    <trace xml:id="b" continuation="middle" priorRef="#a">3 4</trace>
    <trace continuation="end" priorRef="#b">5 6</trace></ink>
    """)
  #expect(
    document.drawing.strokes
      == [Stroke([Point(1, 2), Point(3, 4), Point(5, 6)]), Stroke([Point(9, 9)])])
  #expect(
    refusal(##"<ink><trace continuation="end" priorRef="#x">1 2</trace></ink>"##)
      == "test:1: stroke 1: continues a trace that is not before it: 'x'")
}

@Test func formatsOfInkMLThatDifferAreRefused() throws {
  let one = #"<traceFormat><channel name="X"/><channel name="Y"/></traceFormat>"#
  let other = #"<traceFormat><channel name="Y"/><channel name="X"/></traceFormat>"#
  #expect(try read("<ink>\(one)\(one)<trace>1 2</trace></ink>").drawing.strokes.count == 1)
  #expect(refusal("<ink>\(one)\(other)</ink>").contains("differs from the one before"))
}
