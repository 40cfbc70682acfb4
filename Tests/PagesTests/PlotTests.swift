import Testing

@testable import Pages

/// Charts of the house's own: axes, lines thinned to what can be seen, what is under a pointer.
@Suite struct PlotTests {
  @Test("marks are round, evenly apart, and hold all between them", arguments: 0..<200)
  func axis(_ seed: Int) {
    let least = Double(seed * seed % 977) / 7 - 60
    let most = least + [1e-6, 0.003, 0.7, 12, 4e5][seed % 5] * Double(seed % 11 + 1)
    let axis = PlotAxis(from: least, to: most)
    #expect(axis.low <= least + 1e-9 * abs(least) && axis.high >= most - 1e-9 * abs(most))
    #expect((3...8).contains(axis.marks.count), "\(least) \(most): \(axis.marks)")
    #expect(Set(axis.marks.map(\.text)).count == axis.marks.count, "\(axis.marks)")
    #expect(axis.share(axis.low) == 0 && axis.share(axis.high) == 1)
  }

  @Test("a constant has room about it; factors are marked as such")
  func axes() {
    let still = PlotAxis(from: 5, to: 5)
    #expect(still.low < 5 && still.high > 5)
    #expect(PlotAxis(from: 0, to: 10).marks.map(\.text) == ["0", "2", "4", "6", "8", "10"])
    #expect(PlotAxis(from: -0.1, to: 0.1).marks.first?.text == "−0.10")
    let factors = PlotAxis(factorsFrom: 0.5, to: 40)
    #expect(factors.marks.map(\.text) == ["×0.5", "×1", "×2", "×5", "×10", "×20"])
    #expect(abs(factors.share(0.5 * 80.0.squareRoot()) - 0.5) < 1e-12)
    for (low, high) in [(0.98, 1.03), (1, 1), (0.01, 900), (0.9, 1.7)] {
      #expect((3...9).contains(PlotAxis(factorsFrom: low, to: high).marks.count), "\(low) \(high)")
    }
  }

  @Test("a line that is thinned covers what all of its points cover", arguments: 1...20)
  func thinning(_ seed: Int) {
    var state = UInt64(seed)
    let points = (0..<5000).map { place in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return PlotThinning.Point(x: place * 2000 / 4999, y: Int(state >> 56))
    }
    let columns = 100
    let thin = PlotThinning.thinned(points, columns: columns)
    #expect(thin.count <= 4 * columns + 4 && thin.first == points.first && thin.last == points.last)
    let ends = PlotThinning.extremes(points, columns: columns)
    func column(_ point: PlotThinning.Point) -> Int { point.x * columns / 2000 }
    for place in 0..<columns {
      let (all, some) = (points.filter { column($0) == place }, thin.filter { column($0) == place })
      for few in [some, ends.filter { column($0) == place }] {
        #expect(
          few.map(\.y).min() == all.map(\.y).min() && few.map(\.y).max() == all.map(\.y).max())
      }
      #expect(some.first == all.first && some.last == all.last)
    }
    #expect(
      PlotThinning.thinned(Array(points.prefix(200)), columns: 100) == Array(points.prefix(200)))
  }

  private func plot(_ curves: [Plot.Curve], names: Plot.Names = .days) -> Plot? {
    Plot(
      "<it>", places: [0, 1, 2, 3], names: names,
      horizontal: PlotAxis(0, 3, marks: [(0, "a"), (3, "<b>")]),
      vertical: PlotAxis(from: 0, to: 10), curves: curves)
  }

  @Test("a line breaks where there is no value, and what is beyond the axis ends there")
  func line() throws {
    var data = PlotData()
    let curve = Plot.Curve("x", .blue, [0, 5, .nan, 99], .line(1))
    let html = try #require(plot([curve])).html(&data)
    #expect(html.contains("d='M0 600l667-300M2000 0l0 0'"))
    #expect(html.contains("&lt;it&gt;") && html.contains("&lt;b&gt;") && !html.contains("<b>"))
    let area = try #require(plot([Plot.Curve("x", .blue, [10, 5, .nan, .nan], .area)])).html(&data)
    #expect(area.contains("d='M0 0l667 300V600H0z'"))
    let bars = Plot.Curve("x", .blue, [10, .nan, 5, .infinity], .bars(width: 0.5, offset: 0))
    #expect(
      try #require(plot([bars])).html(&data).contains(
        "d='M-167 600V0H167V600zM1167 600V300H1500V600z'"))
    #expect(plot([Plot.Curve("x", .blue, [.nan, 1e300], .line(1))]) == nil)
    #expect(plot([]) == nil)
  }

  @Test("what is shown under a pointer comes back from the differences that the page has")
  func data() throws {
    var data = PlotData()
    let values = [1.234, .nan, -5.5, 0]
    _ = try #require(plot([Plot.Curve("a\"</script>", .blue, values, .line(1))])).html(&data)
    _ = try #require(plot([Plot.Curve("b", .grey, values, .hidden)])).html(&data)
    let html = data.html
    #expect(html.contains(#"[0,"0,1,1,1"]"#) && html.contains(#""123,,-673,550""#))
    #expect(!html.contains("</script>\"") && html.contains("\\u003c/script>"))
    #expect(html.split(separator: "\"axes\":[[").count == 2 && html.contains("[0,0.0,3.0,2,[["))
    #expect(PlotData().html.isEmpty)
    let words = try #require(
      plot([Plot.Curve("a", .blue, values, .line(1))], names: .words(["w", "&"])))
    _ = words.html(&data)
    #expect(data.html.contains(#"[1,["w","\u0026"]]"#))
  }
}
