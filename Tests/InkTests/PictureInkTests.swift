import Mechanics
import Streams
import TestFolders
import Testing

@testable import Ink

/// A picture that can be drawn upon.
private struct Paper {
  var width: Int
  var height: Int
  var samples: [UInt8]

  init(width: Int, height: Int, _ value: UInt8 = 255) {
    (self.width, self.height) = (width, height)
    samples = [UInt8](repeating: value, count: width * height)
  }

  /// Strokes with a pen of some pixels, 180 pixels high if they are as high as they are large.
  init(_ strokes: [Stroke], pen: Double) throws {
    let page = try #require(
      DrawingPage(strokes, height: 196, margin: 8, penWidth: pen / (180 - pen)))
    (width, height, samples) = (page.width, page.height, page.grey())
  }

  var glyph: [UInt8] { Glyph.ofPicture(samples, width: width, height: height) }

  var negative: Paper {
    var other = self
    other.samples = samples.map { 255 - $0 }
    return other
  }

  /// The picture inside a frame.
  func framed(_ thickness: Int, _ value: UInt8) -> Paper {
    var framed = Paper(width: width + 2 * thickness, height: height + 2 * thickness, value)
    for y in 0..<height {
      let start = (y + thickness) * framed.width + thickness
      framed.samples.replaceSubrange(
        start..<start + width, with: samples[y * width..<(y + 1) * width])
    }
    return framed
  }

  mutating func fill(_ columns: Range<Int>, _ rows: Range<Int>, _ value: UInt8) {
    for y in rows { for x in columns { samples[y * width + x] = value } }
  }

  /// Ink and paper at less contrast.
  func faint(paper: Int, ink: Int) -> Paper {
    var other = self
    other.samples = samples.map { UInt8(ink + (paper - ink) * Int($0) / 255) }
    return other
  }
}

/// The largest and the mean difference of two glyphs.
private func difference(_ one: [UInt8], _ other: [UInt8]) -> (largest: Int, mean: Int) {
  let differences = zip(one, other).map { abs(Int($0) - Int($1)) }
  return (differences.max() ?? 0, differences.reduce(0, +) / differences.count)
}

/// A four with an open top, a seven and a five, by hand.
private let characters: [[Stroke]] = [
  [
    Stroke([Point(4, 0), Point(0, 6), Point(6, 6)]), Stroke([Point(5, 2), Point(4, 10)]),
  ],
  [Stroke([Point(0, 1), Point(6, 0), Point(2, 10)])],
  [
    Stroke([
      Point(5, 0), Point(1, 0), Point(0.5, 4), Point(4, 4), Point(6, 7), Point(3, 10), Point(0, 9),
    ])
  ],
]

@Suite struct PictureInkTests {
  @Test(.enabled(if: Requirement.digits.isMet, "\(Requirement.digits)"))
  func digitsOfMNISTStayAsTheyAre() throws {
    let input = ByteReader([try #require(Requirement.digits.path)])
    _ = try input.nextSource()
    let bytes = try input.idx().bytes
    for start in stride(from: 0, to: 100 * 784, by: 784) {
      let picture = Array(bytes[start..<start + 784])
      let glyph = Glyph.normalise(picture, width: 28, height: 28)
      #expect(difference(glyph, Glyph.ofPicture(picture, width: 28, height: 28)).largest <= 1)
      let negative = picture.map { 255 - $0 }
      #expect(difference(glyph, Glyph.ofPicture(negative, width: 28, height: 28)).largest <= 1)
    }
  }

  @Test func aCleanPictureWithAUsualPenStaysAsItIs() throws {
    for strokes in characters {
      let paper = try Paper(strokes, pen: 24)
      let glyph = Glyph.normalise(paper.samples, width: paper.width, height: paper.height)
      #expect(paper.glyph == glyph)
      #expect(paper.negative.glyph == glyph)
      #expect(
        Glyph.ofPicture(glyph, width: 28, height: 28)
          == Glyph.normalise(glyph, width: 28, height: 28))
    }
  }

  @Test func groupsOfOurOwnAreReadAsTheNetworkLearnedThem() throws {
    // A thin pen, as in a group that is larger than the writing.
    let page = GroupPage(characters[0], pen: 0.2)
    let thin = Glyph.normalise(page.samples, width: page.width, height: page.height)
    #expect(thin == Glyph.image(strokes: characters[0], writingSize: 1, penWidth: 0.2))
    #expect(
      difference(thin, Glyph.ofPicture(page.samples, width: page.width, height: page.height)).mean
        > 3)
    var table = GlyphTable()
    func image(_ texts: [(keyword: String, text: String)]) throws -> [UInt8] {
      let picture = Picture(
        width: page.width, height: page.height, samples: page.samples, texts: texts)
      let array = try #require(try table.add(picture))
      return Array(array.bytes(try array.field("image", .uint8, [28, 28]), row: 0))
    }
    let place = [("group", "1/1"), ("first", "0"), ("last", "1"), ("box", "0 0 1 1")]
    #expect(try image([("id", "a")] + place.map { (keyword: $0, text: $1) }) == thin)
    #expect(try image([("id", "a")]) != thin)
  }

  @Test func thinPensAreGivenTheWidthOfThickOnes() throws {
    for strokes in characters {
      let usual = try Paper(strokes, pen: 19).glyph
      for pen in [1.0, 2, 4, 8, 14] {
        let glyph = try Paper(strokes, pen: pen).glyph
        // A pen of one pixel was 28 grey levels of 255.
        #expect((glyph.max() ?? 0) > 240)
        #expect(difference(usual, glyph).mean <= 7, "pen \(pen)")
        #expect(abs(penWidth(glyph, width: 28) - penWidth(usual, width: 28)) < 0.3, "pen \(pen)")
      }
    }
  }

  @Test func aLargeScanIsThickenedToo() throws {
    // A line of 2 pixels in 2,000 is in blocks of 7.
    var scan = Paper(width: 1400, height: 2200)
    scan.fill(600..<602, 100..<2100, 0)
    scan.fill(600..<1300, 1000..<1002, 0)
    var small = Paper(width: 140, height: 220)
    small.fill(60..<61, 10..<210, 0)
    small.fill(60..<130, 100..<101, 0)
    #expect(difference(scan.glyph, small.glyph).mean <= 2)
  }

  @Test func theWidthOfAPenIsMeasured() {
    for width in [1, 2, 5, 12] {
      var line = Paper(width: 300, height: 40, 0)
      line.fill(20..<280, 10..<10 + width, 255)
      let measured = penWidth(line.samples, width: 300)
      #expect(measured <= Double(width) && measured > 0.94 * Double(width))
    }
    #expect(penWidth([], width: 0) == 0)
    #expect(penWidth([0, 63, 0, 0], width: 2) == 0)
    // Of a square that is all of the picture too.
    #expect(abs(penWidth([UInt8](repeating: 255, count: 100), width: 10) - 5) < 0.3)
  }

  @Test func aFrameIsNoPaper() throws {
    for (strokes, pens) in zip(characters, [[1.0], [24], [6]]) {
      for pen in pens {
        let paper = try Paper(strokes, pen: pen)
        let glyph = paper.glyph
        for (thickness, value) in [(1, UInt8(0)), (1, 90), (2, 0)] {
          #expect(paper.framed(thickness, value).glyph == glyph)
        }
        #expect(paper.negative.framed(1, 255).glyph == glyph)
        // A grey pixel between the frame and the paper, as scans have it.
        #expect(paper.framed(1, 150).framed(1, 20).glyph == glyph)
        // One that a stroke runs into is taken off all the same.
        var touching = paper.framed(1, 0)
        touching.fill(0..<60, 97..<99, 0)
        var unframed = paper
        unframed.fill(0..<59, 96..<98, 0)
        #expect(touching.glyph == unframed.glyph)
      }
    }
    var plain = Paper(width: 30, height: 20).framed(1, 0)
    plain.fill(8..<20, 9..<12, 0)
    var bare = Paper(width: 32, height: 22)
    bare.fill(8..<20, 9..<12, 0)
    #expect(plain.glyph == bare.glyph)
  }

  @Test func paperAroundACharacterThatFillsItsPictureIsNoFrame() {
    var equals = Paper(width: 62, height: 22)
    equals.fill(1..<61, 1..<8, 0)
    equals.fill(1..<61, 14..<21, 0)
    var wide = Paper(width: 80, height: 40)
    wide.fill(10..<70, 10..<17, 0)
    wide.fill(10..<70, 23..<30, 0)
    #expect(equals.glyph == wide.glyph)
    // A bar with round ends.
    func bar(_ margin: Int) -> Paper {
      var bar = Paper(width: 60 + 2 * margin, height: 16 + 2 * margin)
      for y in 0..<16 {
        for x in 0..<60 {
          let (across, down) = (x < 8 ? 8 - x : max(0, x - 51), 2 * y - 15)
          if 4 * across * across + down * down <= 260 {
            bar.fill(x + margin..<x + margin + 1, y + margin..<y + margin + 1, 0)
          }
        }
      }
      return bar
    }
    #expect(bar(1).glyph == bar(12).glyph)
  }

  @Test func dustSetsNeitherScaleNorBox() throws {
    for strokes in characters.dropFirst() {
      let pencil = try Paper(strokes, pen: 14).faint(paper: 230, ink: 150)
      let glyph = pencil.glyph
      // Without its level of ink nothing is left of the pencil.
      var dusty = pencil
      dusty.fill(2..<3, 2..<3, 0)
      dusty.fill(pencil.width - 4..<pencil.width - 2, 190..<192, 20)
      #expect(difference(dusty.glyph, glyph).largest <= 2)
      // Nor does light dust make light ink.
      var sparkling = pencil
      sparkling.fill(3..<4, 3..<4, 255)
      #expect(difference(sparkling.glyph, glyph).largest <= 2)
      var dark = pencil.negative
      dark.fill(2..<3, 2..<3, 0)
      #expect(difference(dark.glyph, glyph).largest <= 2)
      // A dot of the pen's own size is ink.
      var dotted = pencil
      dotted.fill(2..<12, 2..<12, 150)
      #expect(difference(dotted.glyph, glyph).largest > 100)
    }
    // With a pen of a pixel or two, a pixel may be a decimal point.
    let thin = try Paper(characters[1], pen: 2)
    var point = thin
    point.fill(2..<4, 190..<192, 0)
    #expect(difference(point.glyph, thin.glyph).largest > 100)
  }

  @Test func theGrainOfAScanIsNoInk() throws {
    var random = SplitMix64(seed: 7)
    for strokes in characters.prefix(2) {
      let clean = try Paper(strokes, pen: 12).faint(paper: 225, ink: 60)
      var grainy = clean
      grainy.samples = clean.samples.map {
        UInt8(Int($0) + Int.random(in: -12...12, using: &random))
      }
      #expect(difference(grainy.glyph, clean.glyph).mean <= 4)
    }
  }

  @Test func blankAndOddPicturesAreNoInk() {
    let none = [UInt8](repeating: 0, count: Glyph.count)
    #expect(Paper(width: 1, height: 1).glyph == none)
    #expect(Paper(width: 40, height: 3, 9).glyph == none)
    #expect(Paper(width: 100, height: 100).framed(1, 0).glyph.contains { $0 > 0 })
    var speck = Paper(width: 90, height: 90)
    speck.fill(40..<41, 40..<41, 0)
    #expect(speck.glyph.contains { $0 > 0 })
  }
}
