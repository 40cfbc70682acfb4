import Testing

@testable import Pages

@Suite struct BarChartTests {
  /// The numbers of an attribute, in their order.
  private func numbers(_ attribute: String, _ picture: String) throws -> [Double] {
    let pattern = try Regex("<rect[^>]* \(attribute)='([-0-9.]+)'", as: (Substring, Substring).self)
    return picture.matches(of: pattern).compactMap { Double($0.1) }
  }

  @Test("bars are as long as their values, pieces lie side by side")
  func linear() throws {
    let picture = BarChart([
      .init("a", [(10, .blue)], text: "10"), .init("b", [(4, .grey), (1, .orange)], text: "5"),
      .init("none", [(.nan, .blue)], text: "-"),
    ]).picture("it")
    let (places, widths) = (try numbers("x", picture), try numbers("width", picture))
    #expect(widths.count == 3)
    #expect(abs(widths[0] - 2 * (widths[1] + widths[2])) < 0.05)
    #expect(abs(places[1] + widths[1] - places[2]) < 0.02)
  }

  @Test("by powers of ten, ten times as much is as far again; below the start there is no bar")
  func powers() throws {
    let rows = [1.0, 10, 100, 0.5].map { BarChart.Row("a", [($0, .blue)], text: "\($0)") }
    let picture = BarChart(rows, .powers(from: 1) { "1e\($0)" }).picture("it")
    let widths = try numbers("width", picture)
    #expect(widths[0] == 0 && widths[3] == 0)
    #expect(abs(widths[2] - 2 * widths[1]) < 0.02)
    for mark in ["1e0", "1e1", "1e2"] { #expect(picture.contains(">\(mark)<")) }
  }

  @Test("texts of others are no markup, and nothing leaves the picture")
  func texts() throws {
    let name = "<script>&'\""
    let picture = BarChart(
      [
        .init(title: name), .init(name, [(5, .blue)], text: name, bound: 7),
        .init("b", [(1e300, .blue)], text: "much"),
      ], line: (3, name)
    ).picture(name)
    #expect(!picture.contains("<script") && picture.contains("&lt;script&gt;"))
    for (x, width) in zip(try numbers("x", picture), try numbers("width", picture)) {
      #expect(x >= 0 && x + width <= 360)
    }
    #expect(BarChart([]).picture("nothing").hasPrefix("<svg"))
  }

  @Test("all colours differ, on white and in the dark")
  func colours() {
    #expect(Set(ChartColour.allCases.map(\.dark)).count == ChartColour.allCases.count)
    for colour in ChartColour.allCases { #expect(ChartColour.darkRules.contains(colour.dark)) }
  }
}
