import TestFolders
import Testing

/// The page of risk-report as a browser shows it, and its pictures in docs/report.md.
@Suite(.serialized, .enabled(if: Requirement.chromium.isMet, "\(Requirement.chromium)"))
struct ReportInBrowserTests {
  /// Opens the page of a synthetic market, the one of docs/desk.md.
  private func withPage(_ body: (Browser) throws -> Void) throws {
    try withFolder { folder in
      let made = bash(
        """
        simbars --days 750 --instruments 200 > bars.npy; alpha158 --fields ROC5 bars.npy > scores.npy
        topk-backtest --score ROC5 --bars bars.npy --benchmark INDEX --delisting last-price --settings \
          scores.npy 2> /dev/null |
          risk-report --html report.html --title 'Synthetic market, five-day reversal' \
            --scores scores.npy --score ROC5 > /dev/null
        """, folder: folder)
      try #require(made.ending == .exit(0), "\(made.errors)")
      let browser = try Browser(folder: folder, language: "en-US")
      defer { browser.quit() }
      try browser.open("file://\(folder)/report.html")
      try body(browser)
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }
  }

  @Test(
    "a switch without script, values under the pointer and by arrow keys, no page wider than a phone"
  )
  func use() throws {
    try withPage { browser in
      try browser.screen(1280, 900)
      let shown = "[...document.querySelectorAll('.way')].map(w => +(w.offsetHeight > 0)).join('')"
      #expect(try browser.evaluate(shown) == "1000")
      try browser.click("label[for=way-log]")
      #expect(try browser.evaluate(shown) == "0010")
      // The last day of the first chart that is seen: its date, and a value of each curve.
      let place = try browser.spot(
        try browser.evaluate(
          "(r => `${r.right - 0.2} ${r.y + 20}`)(document.querySelector('.way-log .plot').getBoundingClientRect())"
        ))
      try browser.mouse("mouseMoved", place, held: 0, pointer: "mouse")
      let tip = "document.querySelector('.tip').innerText"
      let last = try browser.evaluate(tip)
      #expect(last.hasPrefix("2017-11-15") && last.contains("strategy with cost "), "\(last)")
      #expect(last.split(separator: "\n").count == 4)
      // By keys with no pointer near, whose leaving would hide them.
      try browser.mouse("mouseMoved", (1, 1), held: 0, pointer: "mouse")
      _ = try browser.evaluate("document.querySelector('.way-log .plot').focus()")
      try browser.press("ArrowLeft", code: "ArrowLeft", number: 37)
      #expect(try browser.evaluate(tip).hasPrefix("2017-11-14"))

      // Values that were beside the right edge do not stay there, and make the page wider, when it gets narrower.
      try browser.screen(700, 900)
      try browser.wait("document.querySelector('.tip').hidden", for: "true")
      #expect(try browser.evaluate("document.documentElement.scrollWidth") == "700")

      try browser.screen(390, 844, isPhone: true)
      #expect(try browser.evaluate("document.documentElement.scrollWidth") == "390")
      // The first column stays where it is when the others are moved, and Excess is the first of these.
      let column = """
        (s => { s.scrollLeft = 80; const t = s.querySelector('tbody th').getBoundingClientRect(); \
        return Math.round(t.x) + s.querySelectorAll('thead th')[1].innerText })\
        (document.querySelector('.freeze').parentNode)
        """
      #expect(try browser.evaluate(column) == "16Excess")
      // Texts of charts are as large here as there, and lie within the page.
      let texts = """
        [...document.querySelectorAll('.plot i')].filter(i => i.offsetWidth).every(i => { \
        const r = i.getBoundingClientRect(); return r.x >= 0 && r.right <= 391 && r.height >= 11 })
        """
      #expect(try browser.evaluate(texts) == "true")
    }
  }

  @Test(
    "the pictures of docs/report.md",
    .enabled(
      if: variable("CONVOY_PICTURES") == "update", "CONVOY_PICTURES=update takes them"))
  func pictures() throws {
    try withPage { browser in
      for (name, width, height, scheme) in [
        ("report", 1280, 780, "light"), ("report-dark", 1280, 780, "dark"),
        ("report-phone", 390, 780, "light"), ("report-phone-dark", 390, 780, "dark"),
      ] {
        try browser.screen(width, height, isPhone: width < 1000)
        try browser.colours(scheme)
        // On the telephone what is below the headline: charts and the first table.
        _ = try browser.evaluate(
          "scrollTo(0, innerWidth < 1000 ? document.querySelector('h2').offsetTop : 0)")
        try browser.picture("\(root)/docs/\(name).png")
      }
    }
  }
}
