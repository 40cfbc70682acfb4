import Testing

@testable import Ink

/// Every rule of the segmentations at its boundary, and one step beside it.
///
/// Numbers are such that the paper's grid of 2^-20 of the writing size has them exactly.
@Suite struct LatticeBoundaryTests {
  /// The grid's step.
  private let step = 0x1p-20

  /// A stroke straight down, of the size that the tests write in.
  private func upright(_ x: Double, _ height: Double = 1) -> Stroke {
    Stroke([Point(x, 0), Point(x, height)])
  }

  private func level(_ x: ClosedRange<Double>) -> Stroke {
    Stroke([Point(x.lowerBound, 0.5), Point(x.upperBound, 0.5)])
  }

  private func candidates(_ strokes: [Stroke]) -> [[Int]] { Lattice.groups(strokes).map(\.strokes) }

  @Test("two strokes are a candidate over a quarter of the writing size, and no further")
  func pairs() {
    #expect(candidates([upright(0), upright(0.25)]).contains([0, 1]))
    #expect(!candidates([upright(0), upright(0.25 + step)]).contains([0, 1]))
  }

  @Test("three strokes are none over that gap, nor are four, but over a tenth")
  func runs() {
    for count in 3...4 {
      let near = (0..<count).map { upright(0.0999 * Double($0)) }
      let apart = (0..<count).map { upright(0.1001 * Double($0)) }
      #expect(candidates(near).contains(Array(0..<count)))
      #expect(!candidates(apart).contains(Array(0..<count)))
    }
  }

  @Test("a candidate is two and a half writing sizes wide at most, and high")
  func largest() {
    // Enough uprights for one large stroke to leave the writing size alone.
    let others = (0..<6).map { upright(10 + 10 * Double($0)) }
    for (length, isCandidate) in [(2.5, true), (2.5 + step, false)] {
      let wide = [level(0...length), upright(1)]
      #expect(candidates(wide + others).contains([0, 1]) == isCandidate)
      let high = [upright(0, length), upright(0)]
      #expect(candidates(high + others).contains([0, 1]) == isCandidate)
    }
  }

  @Test("five strokes may be a candidate, six are none")
  func longest() {
    let counts = Set(candidates((0..<7).map { _ in upright(0) }).map(\.count))
    #expect(counts == Set(1...5))
  }

  @Test("a stroke without width belongs to what it touches; a share is more than the share")
  func projection() {
    func groups(_ strokes: [Stroke], overlap: Double = 0.125) -> Int {
      Projection.groups(strokes, overlap: overlap).count
    }
    #expect(groups([level(0...1), upright(1)]) == 1)
    #expect(groups([level(0...1), upright(1 + step)]) == 2)
    #expect(groups([upright(0), upright(0)]) == 1)
    #expect(groups([level(0...1), level(0.875...1.875)]) == 2)
    #expect(groups([level(0...1), level((0.875 - step)...1.875)]) == 1)
  }

  @Test("of the writing size what is a fifth of the usual size is a stroke, what is less a speck")
  func specks() {
    func size(_ speck: Double) -> Double {
      writingSize([upright(0, speck), upright(1, 1), upright(2, 1.5)])
    }
    // The usual size is 1.25, three quarters up; the writing size is at 0.7.
    #expect(abs(size(0.25) - 1.2) < 1e-12)
    #expect(abs(size(0.25 - step) - 1.35) < 1e-12)
  }

  @Test("the overlap of a narrow stroke counts by a tenth of the writing size, not by its width")
  func narrow() {
    // The two wide ones share 0.4 of the first; the upright lies within both, but is a fiftieth wide. So they
    // come together first, and the upright stands before the middle of both.
    let upright = Stroke([Point(0.29, 0), Point(0.31, 1)])
    #expect(Lattice.order([level(-0.5...0.5), upright, level(0.1...1.5)]) == [1, 0, 2])
    // One that is wide enough comes first to the one whose middle it is behind.
    let slanted = Stroke([Point(0.15, 0), Point(0.45, 1)])
    #expect(Lattice.order([level(-0.5...0.5), slanted, level(0.1...1.5)]) == [0, 1, 2])
  }

  @Test("the page of a group has whole sides, whatever its scale: rounding adds no column")
  func sides() {
    for place in 0..<200 {
      let size = 0.1 + 0.37 * Double(place)
      // A pen of an eleventh is 6 of 72 pixels wide; half of the 66 beside it are 33.
      let strokes = [Stroke([.zero, Point(size / 2, size)])]
      let page = GroupPage(strokes, pen: size / 11)
      #expect(page.width == 33 + 6 + 2 * GroupPage.margin)
      #expect(page.height == GroupPage.inkSide + 2 * GroupPage.margin)
    }
  }
}
