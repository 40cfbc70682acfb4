import Streams
import TestFolders
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

@Test func eachTraceOfInkMLHasTheFormatOfItsContext() throws {
  let document = try read(
    """
    <ink><definitions>
      <traceFormat xml:id="yx"><channel name="Y"/><channel name="X"/></traceFormat>
      <context xml:id="c"><traceFormat><channel name="T"/><channel name="X"/><channel name="Y"/>
        </traceFormat></context>
      <context xml:id="d" contextRef="#c" traceFormatRef="#yx"/>
      <trace xml:id="shape">9 9</trace>
    </definitions>
    <trace>1 2</trace><trace contextRef="#c">9 1 2</trace>
    <traceGroup contextRef="#d"><trace>2 1</trace><trace contextRef="#DefaultContext">3 4</trace>
    </traceGroup>
    <context traceFormatRef="#yx"/><trace>2 1</trace>
    <traceFormat><channel name="X"/><channel name="Y"/></traceFormat><trace>5 6</trace></ink>
    """)
  #expect(
    document.drawing.strokes.map { $0.points[0] } == [
      Point(1, 2), Point(1, 2), Point(1, 2), Point(3, 4), Point(1, 2), Point(5, 6),
    ])
  #expect(
    refusal(##"<ink><trace contextRef="#x">1 2</trace></ink>"##)
      == "test:1: refers to a <context> that is not before it: '#x'")
}

@Test func unitsOfInkMLAreMadeOne() throws {
  func traces(_ first: String, _ second: String) -> String {
    func format(_ units: String) -> String {
      "<traceFormat><channel name='X' \(units)/><channel name='Y' \(units)/></traceFormat>"
    }
    return "<ink>\(format(first))<trace>1 2</trace>\(format(second))<trace>1 2</trace></ink>"
  }
  let mixed = try read(traces("units='cm'", "units='mm'")).drawing.strokes
  #expect(mixed.map { $0.points[0] } == [Point(10, 20), Point(1, 2)])
  // One scale, whatever it is, stays as it is.
  let same = try read(traces("units='cm'", "units='cm'")).drawing.strokes
  #expect(same.map { $0.points[0] } == [Point(1, 2), Point(1, 2)])
  #expect(
    refusal(traces("units='cm'", "")).contains("some traces have units or a resolution, and some"))
  // Devices that see twice as fine across as down.
  let device = try read(
    """
    <ink><definitions><inkSource xml:id="s">
      <traceFormat><channel name="X"/><channel name="Y"/></traceFormat>
      <channelProperties><channelProperty channel="X" name="resolution" value="200" units="1/cm"/>
      <channelProperty channel="Y" name="resolution" value="100" units="1/cm"/></channelProperties>
    </inkSource></definitions><context inkSourceRef="#s"/><trace>200 100</trace></ink>
    """)
  #expect(device.drawing.strokes[0].points == [Point(10, 10)])
}

@Test func mappingsOfInkMLAreFollowed() throws {
  func canvas(_ mapping: String) -> String {
    "<ink><context><canvasTransform>\(mapping)</canvasTransform></context><trace>3 4</trace></ink>"
  }
  func point(_ text: String) throws -> Point { try read(text).drawing.strokes[0].points[0] }
  #expect(try point(canvas("<mapping type='identity'/>")) == Point(3, 4))
  #expect(try point(canvas("<mapping type='unknown'/>")) == Point(3, 4))
  let affine = "<mapping type='affine'><affine>2 0 1, 0 -1 10</affine></mapping>"
  #expect(try point(canvas(affine + "<mapping type='identity'/>")) == Point(7, 6))
  let turned =
    "<mapping type='affine'><bind source='Y'/><bind source='X'/><bind target='X'/><bind target='Y'/>"
    + "<affine>1 0 0, 0 1 0</affine></mapping>"
  #expect(try point(canvas(turned)) == Point(4, 3))
  for (way, x) in [("linear", 15.0), ("floor", 10), ("ceiling", 20), ("middle", 15)] {
    let table =
      "<mapping type='lookup'><bind source='X' column='1'/><bind target='X' column='2'/>"
      + "<table apply='absolute' interpolation='\(way)'>2 10, 4 20, 9 0</table></mapping>"
    #expect(try point(canvas(table)) == Point(x, 4))
    let channel =
      "<ink><definitions>\(table.replacing("<mapping", with: "<mapping xml:id='m'"))</definitions>"
      + "<traceFormat><channel name='X'><mapping mappingRef='#m'/></channel><channel name='Y'/>"
      + "</traceFormat><trace>3 4, 0 0, 99 0</trace></ink>"
    #expect(try point(channel) == Point(x, 4))
    #expect(try read(channel).drawing.strokes[0].points[1...] == [Point(10, 0), Point(0, 0)])
  }
  #expect(refusal(canvas("<mapping type='mathml'/>")).contains("'mathml' is not read"))
  #expect(
    refusal(canvas("<mapping type='affine'><affine>1 2</affine></mapping>"))
      .contains("needs 2 rows of 3 numbers"))
  #expect(
    refusal(canvas("<mapping type='affine'><affine>1 2 x, 1 2 3</affine></mapping>"))
      .contains("no number: 'x'"))
  #expect(
    refusal(canvas("<mapping type='affine'><affine>1e300 0 0, 0 1 0</affine></mapping>"))
      .contains("beyond ±1e9"))
  #expect(
    refusal(canvas("<mapping type='lookup'><table>1 2</table></mapping>"))
      .contains("one source and one target"))
}

@Test func inkMLBehindBlankLinesAndInUTF16IsRead() throws {
  let text = "<?xml version=\"1.0\"?>\n<ink><trace>1 2</trace></ink>"
  func drawings(_ bytes: [UInt8]) throws -> [Drawing] {
    try withFolder { folder in
      put(bytes, "\(folder)/ink")
      var drawings: [Drawing] = []
      try ByteReader(["\(folder)/ink"]).drawings { drawings.append($0.drawing) }
      return drawings
    }
  }
  let expected = [Drawing(id: "1", strokes: [Stroke([Point(1, 2)])])]
  #expect(try drawings(Array("\n \r\n\(text)".utf8)) == expected)
  let units = Array(text.utf16)
  let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  let big = units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
  #expect(try drawings([0xff, 0xfe] + little) == expected)
  #expect(try drawings([0xfe, 0xff] + big) == expected)
  #expect(throws: Failure.self) { try drawings([0xff, 0xfe] + [0x7b, 0, 0x7d, 0]) }
  do {
    _ = try drawings(Array("\n\n<ink>\n<trace>1</trace></ink>".utf8))
    Issue.record("accepted")
  } catch { #expect("\(error)".hasSuffix("ink:4: stroke 1: point has 1 value, expected 2")) }
}
