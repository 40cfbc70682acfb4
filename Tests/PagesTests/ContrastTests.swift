import Testing

@testable import Pages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The page's colours are far enough apart to be read, light and dark.
///
/// Source: WCAG 2.2, relative luminance and contrast ratio; 1.4.3 asks 4.5 : 1 of text, 1.4.11 3 : 1 of what a chart
/// is read by.
@Suite struct ContrastTests {
  private typealias Colour = (red: Double, green: Double, blue: Double)

  private func colour(_ text: Substring) throws -> Colour {
    let digits = text.dropFirst().map { String($0) }
    let pairs =
      digits.count == 3
      ? digits.map { $0 + $0 } : stride(from: 0, to: 6, by: 2).map { digits[$0] + digits[$0 + 1] }
    let numbers = try pairs.map { Double(try #require(Int($0, radix: 16))) }
    return (numbers[0], numbers[1], numbers[2])
  }

  private func luminance(_ colour: Colour) -> Double {
    func linear(_ part: Double) -> Double {
      let share = part / 255
      return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722
      * linear(colour.blue)
  }

  private func contrast(_ one: Colour, _ other: Colour) -> Double {
    let (low, high) = (min(luminance(one), luminance(other)), max(luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
  }

  /// The variables of the style sheet: light, and those that are others in the dark.
  private func variables(isDark: Bool) throws -> [Substring: Substring] {
    let blocks = PageStyle.text.split(separator: ":root{")
    var found: [Substring: Substring] = [:]
    for block in blocks.prefix(isDark ? 2 : 1) {
      for rule in block.prefix(while: { $0 != "}" }).split(separator: ";") {
        let pair = rule.drop { $0.isWhitespace }.split(separator: ":")
        if pair.count == 2, pair[0].hasPrefix("--") { found[pair[0].dropFirst(2)] = pair[1] }
      }
    }
    try #require(found.count >= 9)
    return found
  }

  @Test("text is at 4.5 : 1, on the page and on panels", arguments: [false, true])
  func text(isDark: Bool) throws {
    let all = try variables(isDark: isDark)
    for ground in ["paper", "panel"] {
      let paper = try colour(try #require(all[ground[...]]))
      for name in ["ink", "soft", "good", "bad"] {
        let ratio = contrast(try colour(try #require(all[name[...]])), paper)
        #expect(ratio >= 4.5, "\(name) on \(ground), dark \(isDark): \(ratio)")
      }
      let chart = try colour(isDark ? ChartColour.text.dark[...] : ChartColour.text.rawValue[...])
      #expect(contrast(chart, paper) >= 4.5)
    }
    #expect(all["paper"] == (isDark ? "#15181b" : "#fff"))
  }

  @Test(
    "lines of charts are at 3 : 1; the grid, which says nothing, is not", arguments: [false, true])
  func lines(isDark: Bool) throws {
    let paper = try colour(try #require(try variables(isDark: isDark)["paper"]))
    for one in ChartColour.allCases where one != .grid {
      let ratio = contrast(try colour((isDark ? one.dark : one.rawValue)[...]), paper)
      #expect(ratio >= 3, "\(one), dark \(isDark): \(ratio)")
    }
  }

  @Test(
    "numbers on the colours of months are at 4.5 : 1, on the deepest of them",
    arguments: [false, true])
  func months(isDark: Bool) throws {
    let all = try variables(isDark: isDark)
    let (paper, ink) = (
      try colour(try #require(all["paper"])), try colour(try #require(all["ink"]))
    )
    for name in ["blue", "orange"] {
      let parts = try #require(all[name[...]]).split(separator: ",").compactMap { Double($0) }
      try #require(parts.count == 3)
      let deepest = 0.5
      func mixed(_ part: Double, _ ground: Double) -> Double {
        deepest * part + (1 - deepest) * ground
      }
      let ground = (
        mixed(parts[0], paper.red), mixed(parts[1], paper.green), mixed(parts[2], paper.blue)
      )
      #expect(contrast(ink, ground) >= 4.5, "\(name), dark \(isDark)")
    }
  }
}
