import Arithmetic
import Ink
import Mechanics
import Testing

@testable import Scoring

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct GeometryFitTests {
  /// A stroke across a box.
  private func stroke(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Stroke {
    Stroke([Point(x, y), Point(x + width, y + height)])
  }

  /// A line of characters of known size and place, in a unit and at an origin of its own.
  private func add(
    _ boxes: [(text: String, y: Double, width: Double, height: Double)], unit: Double = 1,
    origin: Point = .zero, to fit: inout GeometryFit
  ) {
    let strokes = boxes.enumerated().map { index, box in
      stroke(
        origin.x + unit * 2 * Double(index), origin.y + unit * box.y, unit * box.width,
        unit * box.height)
    }
    let characters = zip(boxes, strokes).enumerated().map { index, pair in
      LabelledDrawing.Character(text: pair.0.text, box: pair.1.box, strokes: [index])
    }
    fit.add(LabelledDrawing(id: "a", text: "", characters: characters), strokes)
  }

  private let sum: [(text: String, y: Double, width: Double, height: Double)] = [
    ("2", 0, 0.6, 1), ("+", 0.4, 0.5, 0.4), ("3", 0, 0.5, 1), ("=", 0.5, 0.5, 0.2),
    ("5", 0, 0.7, 1),
  ]

  private func isNear(
    _ one: GlyphGeometry.Class.Normal, _ mean: Double, _ deviation: Double
  ) -> Bool {
    abs(one.mean - mean) < 1e-5 && abs(one.deviation - deviation) < 1e-5
  }

  @Test func measuresInHeightsOfDigitsFromTheirMiddle() throws {
    var fit = GeometryFit()
    add(sum, to: &fit)
    let rows = try fit.rows()
    #expect(rows.map(\.text) == ["2", "3", "5", "+", "="])
    #expect(rows.allSatisfy { $0.count == 1 })
    #expect(isNear(rows[0].figures.height, log(1.1), 0))
    #expect(isNear(rows[0].figures.width, log(0.7), 0))
    #expect(isNear(rows[0].figures.middle, 0, 0))
    #expect(isNear(rows[3].figures.height, log(0.5), 0))
    #expect(isNear(rows[3].figures.middle, 0.1, 0))
    #expect(isNear(rows[4].figures.height, log(0.3), 0))
  }

  @Test func unitAndPlaceOfADrawingDoNotMatter() throws {
    var one = GeometryFit()
    add(sum, to: &one)
    var many = GeometryFit()
    for (unit, x, y) in [(1.0, 0.0, 0.0), (1000, 5e4, -3e3), (0.01, -7, 2)] {
      add(sum, unit: unit, origin: Point(x, y), to: &many)
    }
    for (row, alone) in zip(try many.rows(), try one.rows()) {
      #expect(row.text == alone.text && row.count == 3)
      #expect(isNear(row.figures.height, alone.figures.height.mean, 0))
      #expect(isNear(row.figures.width, alone.figures.width.mean, 0))
      #expect(isNear(row.figures.middle, alone.figures.middle.mean, 0))
    }
  }

  @Test func deviationsAreOfThePopulation() throws {
    var fit = GeometryFit()
    add(sum, to: &fit)
    var wide = sum
    wide[1].width = 1.5
    add(wide, to: &fit)
    let plus = try #require(try fit.rows().first { $0.text == "+" })
    #expect(isNear(plus.figures.width, (log(0.6) + log(1.6)) / 2, (log(1.6) - log(0.6)) / 2))
  }

  /// Digits that differ, so that lines and table have something to settle between them.
  @Test func theSameTableFromAnyOther() throws {
    var fit = GeometryFit()
    var random = SplitMix64(seed: 1)
    for _ in 0..<40 {
      let characters = "3617-.+=".map {
        text -> (text: String, y: Double, width: Double, height: Double) in
        let height = text == "-" || text == "." ? 0.05 : .random(in: 0.7...1.4, using: &random)
        return (
          String(text), .random(in: -0.1...0.1, using: &random),
          .random(in: 0.3...0.8, using: &random), height
        )
      }
      add(
        characters.shuffled(using: &random), unit: .random(in: 0.1...10, using: &random), to: &fit)
    }
    let rows = try fit.rows()
    for (row, other) in zip(rows, try fit.rows(from: GlyphGeometry.classes)) {
      #expect(row.text == other.text && row.count == other.count)
      #expect(other.distance(to: [row.text: row.figures]) < 1e-4, "\(row) \(other)")
    }
    #expect(rows.count == 8)
  }

  @Test func candidatesThatAreNoCharacterAreNone() throws {
    // A 1 of two strokes, and a third stroke close by that belongs to nothing.
    let strokes = [stroke(0, 0, 0.1, 0.5), stroke(0.05, 0.5, 0.1, 0.5), stroke(0.2, 0, 0.1, 1)]
    let one = LabelledDrawing.Character(
      text: "1", box: strokes[0].box.union(strokes[1].box), strokes: [1, 0])
    var fit = GeometryFit()
    fit.add(LabelledDrawing(id: "a", text: "1", characters: [one]), strokes)
    let rows = try fit.rows()
    #expect(rows.map(\.text) == ["1", "none"])
    #expect(rows.map(\.count) == [1, 2])
    #expect(isNear(rows[1].figures.height, log(0.6), 0))
    #expect(isNear(rows[1].figures.middle, 0, 0.25))
  }

  @Test func nothingToMeasureAndNothingToMeasureBy() throws {
    var fit = GeometryFit()
    #expect(try fit.rows().isEmpty)
    fit.add(LabelledDrawing(id: "a", text: "", characters: []), [])
    #expect(throws: GeometryError.self) { try fit.rows() }
    add([("x", 0, 1, 1), ("+", 0, 1, 1), ("2", 0, 1, 0)], to: &fit)
    #expect(throws: GeometryError.self) { try fit.rows() }
    add([("2", 0, 1, 1), ("2", 0, 1, 1), ("x", 0, 1, 1)], to: &fit)
    #expect(try fit.rows().map(\.text) == ["2", "+"])
  }
}
