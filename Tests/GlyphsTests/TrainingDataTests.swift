import Ink
import Mechanics
import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct TrainingDataTests {
  static func collection(_ lines: [String]) throws -> InkCollection {
    var ink = InkCollection()
    try withFolder { folder in
      put(lines.joined(separator: "\n"), "\(folder)/ink")
      try ink.read(ByteReader(["\(folder)/ink"]))
    }
    ink.shareSizes()
    return ink
  }

  @Test func classes() {
    #expect(Characters.all.count == 20)
    #expect(Characters.index(of: "÷") == 13)
    #expect(Characters.index(of: "−") == 11)
    #expect(Characters.index(of: "\\phi") == Characters.none)
  }

  @Test func symbolsOfADrawingShareItsSize() throws {
    let ink = try Self.collection([
      #"{"id":"d#0","writer":"w","label":"1","strokes":[[[0,0],[0,10]]]}"#,
      #"{"id":"d#1","writer":"w","label":".","strokes":[[[3,9],[3.1,9.1]]]}"#,
      #"{"id":"alone","writer":"w","label":".","strokes":[[[3,9],[3.1,9.1]]]}"#,
      #"{"id":"d#2","writer":"w","label":"x","strokes":[[[0,0],[0,10]]]}"#,
    ])
    #expect(ink.symbols.count == 3, "an x is a ×: it is left out")
    #expect(ink.symbols[1].writingSize == 10)
    #expect(ink.symbols[2].writingSize < 0.2)
  }

  @Test func wrongGroupsAreNone() throws {
    // 3 - 5 with the bar of 5 apart, and a + of two strokes.
    let ink = try Self.collection([
      #"""
      {"id":"e","writer":"w","strokes":[[[0,0],[6,2],[1,5],[6,8],[0,10]],
      [[7,5],[12,5]],[[11,0],[11,9]],[[14,4],[24,4]],[[19,-1],[19,9]]],
      "groups":[{"label":"3","strokes":[0]},{"label":"+","strokes":[1,2]},
      {"label":"+","strokes":[3,4]}]}
      """#.split(separator: "\n").joined()
    ])
    let truths = ink.symbols.filter { !$0.isWrongGroup }
    #expect(truths.map(\.label) == [3, 10, 10])
    let wrong = ink.symbols.filter(\.isWrongGroup)
    #expect(!wrong.isEmpty)
    #expect(wrong.allSatisfy { $0.label == Characters.none && $0.strokes.count > 1 })
  }

  @Test func writersAreKeptApart() throws {
    let lines = (0..<60).map {
      #"{"id":"s\#($0)","writer":"w\#($0 % 12)","label":"7","strokes":[[[0,0],[5,0],[2,9]]]}"#
    }
    var data = TrainingData()
    data.add(try Self.collection(lines))
    try data.split(validation: 0, holdOut: 3, workers: Workers(2))
    let aside = (0..<12).filter { fnv1a("w\($0)") % 3 == 0 }.count * 5
    #expect(data.validationLabels.count == aside)
    #expect(data.count == 60 - aside)
    #expect(data.validationImages.count == aside * 784)
    #expect(data.classes.count == 10)
  }

  @Test func epochsAreFairAndRepeatable() {
    let samples = (0..<110).map {
      TrainingData.Sample(source: .ink($0), label: $0 < 100 ? 0 : 1, kind: .ink)
    }
    let plan = EpochPlan(samples, length: 110, balanced: true, digitWeight: 2, seed: 1)
    #expect(plan.order(epoch: 2) == plan.order(epoch: 2))
    #expect(plan.order(epoch: 2) != plan.order(epoch: 3))
    // √100 : √10.
    let rare = plan.order(epoch: 0).filter { $0 >= 100 }.count
    #expect(abs(rare - 26) <= 1)
    var seen = [Int](repeating: 0, count: 110)
    for epoch in 0..<20 { for index in plan.order(epoch: epoch) { seen[index] += 1 } }
    #expect(seen[..<100].max()! - seen[..<100].min()! <= 1)
    #expect(seen[100...].max()! - seen[100...].min()! <= 1)
    let plain = EpochPlan(samples, length: 110, balanced: false, digitWeight: 2, seed: 1)
    #expect(plain.order(epoch: 0).sorted() == Array(0..<110))
  }

  @Test func noBendLeavesThePictureAlone() {
    var still = Augmentation()
    (still.rotation, still.scale, still.shear, still.shift, still.bend, still.pen) =
      (0, 1, 0, 0, 0, 1)
    var random = RandomNumbers(1)
    let picture = (0..<784).map { UInt8($0 % 251) }
    var target = [Float](repeating: 0, count: 784)
    still.bend(picture, &random, &target)
    for (one, other) in zip(picture, target) { #expect(abs(Float(one) - other) < 1e-2) }
    let symbol = InkSymbol(
      label: 4, strokes: [Stroke([Point(0, 0), Point(-3, 8), Point(5, 8)])], writingSize: 9,
      writer: "")
    let drawn = still.draw(symbol, &random)
    let plain = Glyph.image(strokes: symbol.strokes, writingSize: 9)
    #expect(zip(drawn, plain).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
  }

  @Test func aBendIsTheSameForTheSameKey() {
    let symbol = InkSymbol(
      label: 4, strokes: [Stroke([Point(0, 0), Point(-3, 8), Point(5, 8)])], writingSize: 9,
      writer: "")
    var (one, other, third) = (RandomNumbers(1, 2), RandomNumbers(1, 2), RandomNumbers(2, 1))
    let first = Augmentation().draw(symbol, &one)
    #expect(first == Augmentation().draw(symbol, &other))
    #expect(first != Augmentation().draw(symbol, &third))
  }
}
