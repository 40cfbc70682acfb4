import Testing

@testable import Pages

@Suite struct LineChartTests {
  private func curve(_ values: [Double]) -> ThinnedCurve {
    var curve = ThinnedCurve()
    for (place, value) in values.enumerated() { curve.add(Double(place + 1), value) }
    return curve
  }

  private func file(_ curves: [[Double]], across: String = "steps") -> String {
    LineChart(
      "Training", across: across,
      [
        .init(
          "loss, nats",
          curves.enumerated().map { .init("curve \($0)", .blue, curve($1)) })
      ]
    ).file
  }

  /// The points of each line of a picture.
  private func lines(_ file: String) -> [[(x: Double, y: Double)]] {
    file.matches(of: #/<polyline points='([^']*)'/#).map { match in
      match.1.split(separator: " ").map { point in
        let numbers = point.split(separator: ",").compactMap { Double($0) }
        return (numbers[0], numbers[1])
      }
    }
  }

  @Test("a curve is drawn where its numbers are, between marks that say them")
  func linear() throws {
    let file = file([[1, 3, 2]])
    let points = try #require(lines(file).first)
    #expect(points.map(\.x) == [78, 389, 700])
    // Higher numbers stand higher, and as much as they differ.
    #expect(abs((points[0].y - points[1].y) - 2 * (points[0].y - points[2].y)) < 0.05)
    for text in ["Training", "loss, nats", "steps", "curve 0", ">1<", ">2<", ">3<", ">1.5<"] {
      #expect(file.contains(text), "\(text)")
    }
  }

  @Test("no number is a gap, one number a point, and none a line that says so")
  func gaps() {
    #expect(lines(file([[1, .nan, 2, 3, .infinity]])).map(\.count) == [1, 2])
    #expect(lines(file([[5]])).map(\.count) == [1] && file([[5]]).contains("<circle"))
    for curves in [[[]], [[.nan, .nan]], []] as [[[Double]]] {
      #expect(file(curves).contains("no numbers") && lines(file(curves)).isEmpty)
    }
    #expect(!file([[0, 0, 0], [-1e300, 1e300], [.leastNonzeroMagnitude, 1]]).contains("nan"))
    #expect(!file([[1e300, 1e-300]]).contains("inf"))
  }

  @Test("losses that are far apart stand by powers of ten")
  func logarithmic() throws {
    let file = file([[100, 1, 0.01]])
    let y = try #require(lines(file).first).map(\.y)
    #expect(abs((y[1] - y[0]) - (y[2] - y[1])) < 0.05)
    for mark in [">100<", ">1<", ">0.01<"] { #expect(file.contains(mark), "\(mark)") }
  }

  @Test("marks of an axis are few, lie within it, and differ")
  func marks() {
    for values in [
      [0, 1], [1, 1], [-3, 4e-5], [0.5, 0.50001], [1e-12, 3e-12], [1e9, 5e9], [7, 7e12],
      [-1e-300, 1],
      [0, 0], [1, 1_000_000], [93.1, 99.8],
    ] {
      // What goes on is whole.
      let isWhole = values.allSatisfy { $0 == $0.rounded() }
      for isWhole in isWhole ? [true, false] : [false] {
        let axis = Axis(values, isWhole: isWhole)
        let texts = axis.marks.map(\.text)
        #expect(
          (1...13).contains(texts.count) && Set(texts).count == texts.count, "\(values) \(texts)")
        for mark in axis.marks { #expect((0...1).contains(axis.share(mark.value))) }
      }
    }
  }

  @Test("a million points are thinned: their means, and the least and greatest around them")
  func thinned() {
    var curve = ThinnedCurve()
    for step in 1...1_000_000 { curve.add(Double(step), step % 2 == 0 ? 1 : 3) }
    #expect((513...1024).contains(curve.pieces.count))
    #expect(curve.pieces.reduce(0) { $0 + $1.count } == 1_000_000)
    #expect(curve.pieces.allSatisfy { $0.least == 1 && $0.most == 3 && abs($0.mean - 2) < 0.01 })
    #expect(curve.pieces.first?.from == 1 && curve.pieces.last?.to == 1_000_000)
    let file = LineChart("t", across: "x", [.init("y", [.init("c", .blue, curve)])]).file
    #expect(file.utf8.count < 60_000 && file.contains("<polygon"))
  }

  @Test("a curve is what its text says, and goes on from there")
  func texts() throws {
    var (whole, first) = (ThinnedCurve(), ThinnedCurve())
    for step in 1...3000 {
      let value = step % 7 == 0 ? Double.nan : 1 / Double(step)
      whole.add(Double(step), value)
      if step == 2051 { first = try #require(ThinnedCurve(text: whole.text)) }
      if step > 2051 { first.add(Double(step), value) }
    }
    #expect(first == whole && ThinnedCurve(text: ThinnedCurve().text) == ThinnedCurve())
    for text in [
      "", "1", "1 1", "0 0", "1 2 1 1 1 1 1 1", "1 1 1 1 1 1 1", "1 1 2 1 1 1 1 1",
      "1 1 1 1 1 x 1 1",
      "1 1 nan 1 1 1 1 1", "1 1 1 1 1 1 2 1", "1 1 1 1 -1 1 1 1", "1 1 1 1 1 inf 1 1",
      "1 1 1 1 1 1 1 1 0 0 1 1 1 1",
    ] { #expect(ThinnedCurve(text: text) == nil, "\(text)") }
  }

  @Test("words of others are no markup")
  func words() {
    let name = "<b>&'\""
    let file = LineChart(
      name, notes: [name], across: name, [.init(name, [.init(name, .blue, curve([1]))])]
    )
    .file
    #expect(!file.contains("<b>") && file.contains("&lt;b&gt;&amp;"))
  }
}
