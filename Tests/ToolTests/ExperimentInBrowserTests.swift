import TestFolders
import Testing

/// The page of `conv-bench --summary --html` as a browser shows it.
@Suite(.serialized, .enabled(if: Requirement.chromium.isMet, "\(Requirement.chromium)"))
struct ExperimentInBrowserTests {
  @Test("numbers stand whole under the right ends of their headings; no page is wider than a phone")
  func tables() throws {
    try withFolder { folder in
      let made = bash(
        """
        conv-bench --summary --html page.html \
          '\(root)/Tests/golden/conv-bench/summary/records.ndjson' > /dev/null
        """, folder: folder)
      try #require(made.ending == .exit(0), "\(made.errors)")
      let browser = try Browser(folder: folder, language: "en-US")
      defer { browser.quit() }
      try browser.open("file://\(folder)/page.html")
      let numbers =
        "[...document.querySelectorAll('td')].filter(c => /^[0-9][0-9.,e-]*$/.test(c.textContent))"
      let isWhole =
        "(s => s.textAlign === 'right' && s.whiteSpace === 'nowrap')(getComputedStyle(c))"
      for (width, height, isPhone) in [(1100, 900, false), (390, 844, true)] {
        try browser.screen(width, height, isPhone: isPhone)
        #expect(try browser.evaluate("\(numbers).length > 20") == "true")
        #expect(
          try browser.evaluate("\(numbers).filter(c => !\(isWhole)).map(c => c.textContent)") == "")
        #expect(try browser.evaluate("document.documentElement.scrollWidth") == "\(width)")
      }
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }
  }
}
