import Mechanics
import Streams
import Testing

@testable import Ink

private func segmented(_ strokes: [Stroke], id: String = "a") -> Drawing {
  Drawing(id: id, strokes: strokes, groups: Lattice.groups(strokes))
}

@Test func thePipeAndTheTrainerSeeTheSameGlyph() throws {
  var random = SplitMix64(seed: 20)
  for _ in 0..<5 {
    let drawing = segmented(randomStrokes(4, using: &random))
    var table = GlyphTable()
    var arrays: [NpyArray] = []
    try drawing.groupPictures(penWidth: Pen.defaultWidth) { picture in
      #expect(table.gap(before: picture) == nil)
      if let array = try table.add(picture) { arrays.append(array) }
    }
    let groups = try #require(drawing.groups)
    let array = try #require(arrays.first)
    #expect(arrays.count == 1 && array.count == groups.count)
    let image = try array.field("image", .uint8, [28, 28])
    let id = try array.field("id", .bytes(64))
    let (first, last) = (try array.field("first", .int32), try array.field("last", .int32))
    let box = try array.field("box", .float32, [4])
    for (row, group) in groups.enumerated() {
      let glyph = Glyph.image(
        strokes: group.strokes.map { drawing.strokes[$0] },
        writingSize: writingSize(drawing.strokes))
      #expect(Array(array.bytes(image, row: row)) == glyph)
      #expect(try array.text(id, row: row) == "a")
      #expect(array.int32(first, row: row) == Int32(group.first))
      #expect(array.int32(last, row: row) == Int32(group.last))
      let corners = (0..<4).map { array.float(box, row: row, $0) }
      #expect(corners == group.box.corners.map { Float($0) })
    }
  }
}

@Test func aDrawingWithoutStrokesIsOneEmptyRow() throws {
  var table = GlyphTable()
  var array: NpyArray?
  try segmented([]).groupPictures(penWidth: 0.1) { picture in
    #expect((picture.width, picture.height, picture.samples) == (1, 1, [255]))
    #expect(picture.text("group") == "1/1" && picture.text("box") == "0 0 0 0")
    array = try table.add(picture)
  }
  let row = try #require(array)
  #expect(row.count == 1)
  #expect(row.int32(try row.field("last", .int32), row: 0) == 0)
  #expect(row.bytes(try row.field("image", .uint8, [28, 28]), row: 0).allSatisfy { $0 == 0 })
}

@Test func aPlainPictureIsADrawing() throws {
  var table = GlyphTable()
  _ = try table.add(Picture(width: 3, height: 2, samples: [255, 0, 255, 255, 255, 255]))
  let array = try #require(
    try table.add(Picture(width: 3, height: 2, samples: [255, 0, 255, 255, 255, 255])))
  #expect(try array.text(array.field("id", .bytes(64)), row: 0) == "2")
  let box = try array.field("box", .float32, [4])
  #expect((0..<4).map { array.float(box, row: 0, $0) } == [0, 0, 3, 2])
}

@Test func longIdsWidenTheField() throws {
  var table = GlyphTable()
  let id = String(repeating: "ü", count: 40)
  let picture = Picture(width: 1, height: 1, samples: [255], texts: [("id", id)])
  let array = try #require(try table.add(picture))
  #expect(try array.text(array.field("id", .bytes(80)), row: 0) == id)
}

@Test func missingPicturesAreFound() throws {
  var pictures: [Picture] = []
  let stroke = Stroke([Point(0, 0), Point(0, 1)])
  let other = Stroke([Point(3, 0), Point(3, 1)])
  try segmented([stroke, other]).groupPictures(penWidth: 0.1) { pictures.append($0) }
  #expect(pictures.count == 2)
  var table = GlyphTable()
  #expect(try table.add(pictures[0]) == nil)
  #expect(table.gap(before: pictures[1]) == nil)
  #expect(
    table.gap(before: pictures[0])?.description
      == "drawing 'a' is cut short: expected 2 groups, got 1")
  #expect(try table.add(pictures[0]) == nil)
  #expect(table.gap(before: nil) != nil)
  #expect(throws: InkError.self) { _ = try table.add(pictures[1]) }
  for (keyword, text) in [("group", "0/2"), ("group", "x"), ("first", "-1"), ("box", "1 2 3")] {
    var broken = pictures[0]
    broken.texts = broken.texts.map { $0.keyword == keyword ? (keyword, text) : $0 }
    var table = GlyphTable()
    #expect(throws: InkError.self) { _ = try table.add(broken) }
  }
}
