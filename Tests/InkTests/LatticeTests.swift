import Mechanics
import Testing

@testable import Ink

/// Some characters of one or more strokes in a row.
private func randomWriting(using random: inout SplitMix64) -> [Stroke] {
  (0..<Int.random(in: 1...8, using: &random)).flatMap { index in
    randomStrokes(
      Int.random(in: 1...3, using: &random), at: Point(Double(index) * 1.3, 0), using: &random)
  }
}

/// What a segmentation says, with the strokes themselves instead of their indices.
private func contents(_ groups: [Group], of strokes: [Stroke]) -> [String] {
  groups.map { group in
    let members = group.strokes.map { "\(strokes[$0].points)" }.sorted()
    return "\(group.first) \(group.last) \(members) \(group.box)"
  }
}

@Test(arguments: [true, false]) func theOrderOfStrokesDoesNotMatter(lattice: Bool) {
  var random = SplitMix64(seed: 10)
  for _ in 0..<50 {
    var strokes = randomWriting(using: &random)
    // The same stroke twice, and two in the same box.
    if strokes.count > 3 {
      strokes[0] = strokes[1]
      strokes[2] = Stroke(strokes[3].points.reversed())
    }
    let segmentation = lattice ? Lattice.groups : { Projection.groups($0) }
    let groups = contents(segmentation(strokes), of: strokes)
    let shuffled = strokes.shuffled(using: &random)
    #expect(contents(segmentation(shuffled), of: shuffled) == groups)
  }
}

@Test func scaleAndShiftLeaveTheGroupsAlone() {
  var random = SplitMix64(seed: 11)
  for _ in 0..<50 {
    let strokes = randomWriting(using: &random)
    let lattice = Lattice.groups(strokes)
    let chain = Projection.groups(strokes)
    for (scale, shift) in [(1, Point(1e4, -77)), (1e-3, .zero), (1234.5, Point(1e5, 1e6))] {
      let other = moved(strokes, scale: scale, shift: shift)
      #expect(Lattice.groups(other).map(\.strokes) == lattice.map(\.strokes))
      #expect(Projection.groups(other).map(\.strokes) == chain.map(\.strokes))
    }
  }
}

@Test func theLatticeHasAPath() {
  var random = SplitMix64(seed: 12)
  for _ in 0..<50 {
    let strokes = randomWriting(using: &random)
    let groups = Lattice.groups(strokes)
    #expect(Lattice.order(strokes).sorted() == Array(strokes.indices))
    for position in strokes.indices {
      #expect(groups.contains { $0.first == position && $0.last == position + 1 })
    }
    for group in groups {
      let places = Lattice.order(strokes)[group.first..<group.last]
      #expect(places.contains { $0 == group.strokes[0] } && group.strokes.count <= 5)
      #expect(Set(group.strokes).isSubset(of: places))
      #expect(group.box == Box(around: group.strokes.map { strokes[$0] }))
      #expect(group.last <= strokes.count)
    }
  }
}

@Test func noStrokesNoGroups() {
  #expect(Lattice.groups([]).isEmpty)
  #expect(Projection.groups([]).isEmpty)
  #expect(Group.isChain([]))
}

@Test func strokesOfOneCharacterAreNeighbours() {
  // 1÷4 with the 4 open, the dots last: bar 1, dots 3 and 4, the 4 is 2 and 5.
  let strokes = [
    Stroke([Point(0, 0), Point(0, 1)]), Stroke([Point(0.5, 0.5), Point(1.1, 0.5)]),
    Stroke([Point(1.5, 0), Point(1.4, 0.6), Point(1.8, 0.6)]),
    Stroke([Point(0.8, 0.2)]), Stroke([Point(0.8, 0.8)]),
    Stroke([Point(1.85, 0), Point(1.85, 1)]),
  ]
  let groups = Lattice.groups(strokes).map(\.strokes)
  #expect(groups.contains([1, 3, 4]) && groups.contains([2, 5]))
  #expect(!groups.contains([0, 1]))
  #expect(Projection.groups(strokes).map(\.strokes) == [[0], [1, 3, 4], [2], [5]])
}

/// The rule as it is written: everything that can be reached over overlaps, from each stroke.
private func plainProjection(_ strokes: [Stroke], overlap: Double) -> Set<[Int]> {
  Set(
    strokes.indices.map { start in
      var reached: Set = [start]
      while true {
        let more = strokes.indices.filter { candidate in
          reached.contains { Projection.belong(strokes[$0].box, strokes[candidate].box, overlap) }
        }
        guard !reached.isSuperset(of: more) else { return reached.sorted() }
        reached.formUnion(more)
      }
    })
}

@Test func projectionAgreesWithThePlainRule() {
  var random = SplitMix64(seed: 13)
  for overlap in [0, 0.1, 0.5, 1] {
    for _ in 0..<30 {
      let strokes = randomWriting(using: &random)
      let groups = Projection.groups(strokes, overlap: overlap)
      #expect(Set(groups.map(\.strokes)) == plainProjection(strokes, overlap: overlap))
      #expect(Group.isChain(groups) && groups.last?.last == strokes.count)
      let middles = groups.map(\.box.center.x)
      #expect(middles == middles.sorted())
    }
  }
}

@Test func manyStrokesOnOneSpot() {
  let strokes = (0..<2000).map { Stroke([Point(0, 0), Point(1, Double($0 % 7))]) }
  #expect(Lattice.groups(strokes).count <= 5 * strokes.count)
  #expect(Projection.groups(strokes).count == 1)
}
