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
    #expect(Characters.all.count == 24)
    #expect(Characters.index(of: "÷") == 13)
    #expect(Characters.index(of: "−") == 11)
    #expect(Characters.index(of: "\\sqrt") == Characters.index(of: "√"))
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
    let truths = ink.symbols.filter { $0.origin == .written }
    #expect(truths.map(\.label) == [3, 10, 10])
    let wrong = ink.symbols.filter { $0.origin == .wrongGroup }
    #expect(!wrong.isEmpty)
    #expect(wrong.allSatisfy { $0.label == Characters.none && $0.strokes.count > 1 })
  }

  @Test("a fold keeps aside its writers and no others", arguments: 0..<3)
  func writersAreKeptApart(_ fold: Int) throws {
    let lines = (0..<60).map {
      #"{"id":"s\#($0)","writer":"w\#($0 % 12)","label":"7","strokes":[[[0,0],[5,0],[2,9]]]}"#
    }
    var data = TrainingData()
    data.add(try Self.collection(lines))
    try data.split(validation: 0, heldOut: HoldOut(count: 3, fold: fold), workers: Workers(2))
    func isAside(_ symbol: InkSymbol) -> Bool { fnv1a(symbol.writer) % 3 == UInt64(fold) }
    let aside = data.symbols.filter(isAside).count
    #expect(aside > 0 && aside < 60)
    #expect(data.validationLabels.count == aside)
    #expect(data.count == 60 - aside)
    for sample in data.training {
      guard case .ink(let index) = sample.source else { continue }
      #expect(!isAside(data.symbols[index]))
    }
    #expect(data.validationImages.count == aside * 784)
    #expect(data.classes.count == 10)
  }

  @Test("groups across symbols of a layout are none; parts of letters and two bars are not told")
  func layoutsTeachWhatIsNone() throws {
    // ≠ of three strokes over a bar of a fraction, and a 3 close by.
    let line = #"""
      {"id":"l","writer":"w","strokes":[[[0,0],[8,0]],[[0,3],[8,3]],[[6,-3],[2,6]],[[0,7],[9,7]],
      [[9,-2],[14,0],[9,2],[14,4],[9,6]]],
      "symbols":[{"label":"\neq","strokes":[0,1,2]},{"label":"-","strokes":[3]},
      {"label":"3","strokes":[4]}]}
      """#.split(separator: "\n").joined()
    let wrong = try Self.collection([line]).symbols
    #expect(!wrong.isEmpty && wrong.count <= 4)
    let three = Box(lower: Point(9, -2), upper: Point(14, 6))
    for symbol in wrong {
      #expect(symbol.label == Characters.none && symbol.origin == .wrongGroup)
      #expect(symbol.strokes.contains { $0.box == three } || symbol.strokes.count > 2)
    }
    let doubtful = line.replacing(#""symbols""#, with: #""truth_differs":1,"symbols""#)
    #expect(try Self.collection([doubtful]).symbols.isEmpty)
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
    (still.slant, still.device) = (0, 0)
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

  @Test("strokes as other devices have them stay about where they were, end to end")
  func otherDevices() throws {
    var devices = Augmentation()
    devices.device = 1
    let curve = (0...40).map { Point(Double($0) / 2 - 10, 8 * sin(Double($0) / 6)) }
    let strokes = [Stroke(curve), Stroke([Point(0, 0)])]
    var lengths: Set<Int> = []
    for key in 0..<200 as Range<UInt64> {
      var random = RandomNumbers(key)
      let bent = devices.bend(strokes, by: Warp(devices, &random), &random)
      #expect(bent.count == 2)
      lengths.insert(bent[0].points.count)
      for point in bent.flatMap(\.points) {
        // 10 pixels, scaled, turned, sheared by all measures, and knots that lie 4 deviations off.
        #expect(abs(point.x) < 24 && abs(point.y) < 24)
      }
    }
    #expect(lengths.isSuperset(of: [41, 21, 11]))
  }

  @Test("ink of any size and place is drawn", arguments: [1e9, 1, 1e-90])
  func extremes(_ size: Double) {
    for strokes in [
      [Stroke([Point(-size, size)])], [Stroke([Point(-size, 0), Point(size, 0)])],
      [Stroke([Point(0, 0), Point(size, size / 2)]), Stroke([Point(size / 3, size)])],
    ] {
      let symbol = InkSymbol(
        label: 1, strokes: strokes, writingSize: writingSize(strokes), writer: "")
      for key in 0..<20 as Range<UInt64> {
        var random = RandomNumbers(key)
        let drawn = Augmentation().draw(symbol, &random)
        #expect(drawn.count == Glyph.count && drawn.contains { $0 > 100 })
      }
    }
  }
}
