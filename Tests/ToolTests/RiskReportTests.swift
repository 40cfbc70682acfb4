import TestFolders
import Testing

/// The page of risk-report, and what ledgers may be.
@Suite struct RiskReportTests {
  static let ledger = "\(root)/testdata/risk/ledger.ndjson.gz"

  /// Ledgers at the edge of what can be drawn, as shell that makes them.
  static let edges = [
    "head -1", "head -2", "sed 's/\"bench\":[^,]*/\"bench\":null/'",
    "sed 's/\"return\":[^,]*/\"return\":null/'",
    "head -9 | sed 's/\"\\(return\\|cost\\|bench\\|turnover\\)\":[^,]*/\"\\1\":0/g'",
    "sed 's/\"return\":[^,]*/\"return\":-1.5e300/'", "sed 's/\"return\":[^,]*/\"return\":-1/'",
    "sed 's/\"\\(return\\|cost\\|bench\\|turnover\\)\":[^,]*/\"\\1\":null/g'",
    "sed 's/\"orders\":[^,]*}/\"new\":{\"a\":[1]}}/'",
  ]

  /// Whether nothing is said but, of returns that an edit has changed, that the account does not grow by
  /// them.
  private func isQuiet(_ outcome: Outcome, _ edit: String) -> Bool {
    let isChanged = edit.contains("return") && !edit.contains("null")
    return isChanged
      ? outcome.errorLines.count == 1
        && outcome.errors.hasPrefix("risk-report: the account does not grow by its returns on ")
      : outcome.errors.isEmpty
  }

  private func withLedger(_ edit: String, _ body: (String) throws -> Void) throws {
    try withFolder { folder in
      let made = bash(
        "set -o pipefail; gzip -dc \(Self.ledger) | { \(edit); cat > /dev/null; } > ledger",
        folder: folder)
      try #require(made.ending == .exit(0), "\(made.errors)")
      try body(folder)
    }
  }

  private func expectWhole(_ page: String) throws {
    let html = try #require(text(page))
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    #expect(!html.contains(">nan<") && !html.contains("http://") && !html.contains("https://"))
  }

  @Test("tables and numbers of any ledger: quiet, never nan", arguments: edges)
  func edge(_ edit: String) throws {
    try withLedger(edit) { folder in
      for options in ["", "--table"] {
        let outcome = bash("risk-report \(options) ledger", folder: folder)
        #expect(outcome.ending == .exit(0) && isQuiet(outcome, edit), "\(outcome.errors)")
        let text = String(decoding: outcome.output, as: UTF8.self)
        #expect(!text.isEmpty && !text.contains("nan") && !text.contains("inf\n"))
      }
    }
  }

  @Test("a page of any ledger: quiet, whole, never nan", arguments: edges)
  func edgePage(_ edit: String) throws {
    try withLedger(edit) { folder in
      let page = bash("risk-report --html page.html ledger", folder: folder)
      #expect(page.ending == .exit(0) && isQuiet(page, edit), "\(page.errors)")
      try expectWhole("\(folder)/page.html")
    }
  }

  @Test("the page of a few days says what they came to, and nothing of a year")
  func fewDays() throws {
    try withFolder { folder in
      for (ledger, tile, other) in [
        (
          "one-day", "<b>−10.0 %</b><span>strategy’s return, compounded; 1 day: not annualised",
          "start"
        ),
        (
          "constant", "<b>2.8 %</b><span>strategy’s return, compounded; 28 days: not annualised",
          "constant: the deviation is below rounding"
        ),
      ] {
        let page = bash(
          "risk-report --html page.html '\(root)/testdata/risk/\(ledger).ndjson'",
          folder: folder)
        #expect(page.ending == .exit(0), "\(page.errors)")
        let html = try #require(text("\(folder)/page.html"))
        #expect(
          html.contains(tile) && html.contains(other) && html.contains("not annualised</small>"))
        #expect(
          !html.contains("a year, compounded") && !html.contains("a year, with cost")
            && !html.contains("e+16"))
      }
    }
  }

  @Test("with scores: every chart and table, and the same bytes twice")
  func page() throws {
    try withFolder { folder in
      let made = bash(
        """
        simbars --days 120 --instruments 30 > bars.npy
        alpha158 --fields ROC5 bars.npy > scores.npy
        topk-backtest --score ROC5 --topk 5 --n-drop 1 --bars bars.npy --benchmark INDEX scores.npy |
          risk-report --html page.html --scores scores.npy --score ROC5 --title '<"a" & b>'
        """, folder: folder)
      try #require(made.ending == .exit(0) && made.errors.isEmpty, "\(made.errors)")
      let html = try #require(text("\(folder)/page.html"))
      #expect(html.contains("&lt;&quot;a&quot; &amp; b&gt;") && !html.contains("<\"a\""))
      #expect(html.split(separator: "<svg").count - 1 == 7 + 2 + 3 + 4 + 2 + 3 + 6)
      for part in [
        "compounded</label>", "summed</label>", "log scale</label>", "Excess over the benchmark",
        "Volatility of a year", "Quantiles of returns", "Kurtosis", "Omega", "How it was traded",
        "Scores from day to day", "SHA-256 of the input",
        "Below the highest so far", "Turnover", "Groups by score", "IC by day",
        "Distribution of the IC",
        "IC beside a normal", "mean of the days of a month", "VaR 95", "CVaR", "Sharpe", "Sortino",
        "Calmar", "Alpha", "Beta", "Recovered", "N = 238",
      ] {
        #expect(html.contains(part), "\(part)")
      }
      let again = bash(
        """
        cp page.html other.html
        topk-backtest --score ROC5 --topk 5 --n-drop 1 --bars bars.npy --benchmark INDEX scores.npy |
          risk-report --html page.html --scores scores.npy --score ROC5 --title '<"a" & b>' |
          grep -c '"record":"signal"'
        cmp page.html other.html
        """, folder: folder)
      #expect(again.ending == .exit(0) && again.output == Array("1\n".utf8), "\(again.errors)")
    }
  }

  @Test("a page is whole or not there: no day, a ledger cut short, a bad folder")
  func refusals() throws {
    try withFolder { folder in
      put(Array("old".utf8), "\(folder)/page.html")
      for (command, status, message) in [
        ("risk-report --html page.html < /dev/null", 65, "there is no day to write a page about"),
        ("gzip -dc \(Self.ledger) | head -c 5000 | risk-report --html page.html", 65, "<stdin>:"),
        ("risk-report --html no/such/page.html \(Self.ledger)", 74, "no/such/page.html"),
        ("risk-report --scores no-such \(Self.ledger)", 66, "no-such"),
        ("risk-report --scores \(root)/testdata/npy/glyphs.npy \(Self.ledger)", 65, "glyphs.npy"),
      ] as [(String, Int32, String)] {
        let outcome = bash(command, folder: folder)
        #expect(outcome.ending == .exit(status), "\(command): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(message))
        #expect(outcome.output.isEmpty)
        #expect(text("\(folder)/page.html") == "old")
      }
    }
  }

  @Test("scores without the label are refused, with the remedy")
  func noLabel() {
    let outcome = bash(
      #"risk-report --scores <(echo '{"instrument":"A","date":"2020-01-02","score":1}') "#
        + Self.ledger)
    #expect(outcome.ending == .exit(65) && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains("'LABEL0'") && outcome.errors.contains("--label"))
  }

  @Test("several inputs side by side: names, one span, the same figures as each alone")
  func sideBySide() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        returns='\(root)/testdata/risk/returns.csv'
        head -400 $returns > early.csv
        tail -n +300 $returns | sed '1i date,return,benchmark' > late.csv
        risk-report --side-by-side --html page.html early.csv late.csv > both 2> note
        cat note
        { head -1 $returns; sed -n 300,400p $returns; } > common.csv
        for name in early late; do
          risk-report --name $name common.csv | grep -v '"account"' > one
          grep "\\"name\\":\\"$name\\"" both | grep -v '"account"\\|"correlation",' | cmp - one
        done
        grep -c '"record":"correlation"' both
        risk-report early.csv late.csv
        """, folder: folder)
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == """
          risk-report: compared from 2016-02-25 to 2016-07-14, which all have: 569 days of 2 inputs are left out
          1

          """)
      #expect(outcome.ending == .exit(65) && outcome.errors.contains("days must ascend"))
      try expectWhole("\(folder)/page.html")
    }
  }

  @Test("ten years of days: the page is small, and holds no more points than can be seen")
  func tenYears() throws {
    try withFolder { folder in
      let page = bash(
        """
        awk 'BEGIN { print "date,return,benchmark"; srand(1); for (i = 0; i < 3653; i++) {
          d = strftime("%Y-%m-%d", 1262304000 + 86400 * i, 1); w = strftime("%u", 1262304000 + 86400 * i, 1)
          if (w < 6) print d "," 0.02 * (rand() - 0.49) "," 0.02 * (rand() - 0.49) } }' > returns.csv
        risk-report --html page.html returns.csv > /dev/null
        wc -c < page.html
        """, folder: folder)
      #expect(page.ending == .exit(0) && page.errors.isEmpty, "\(page.errors)")
      let size = try #require(
        Int(String(decoding: page.output, as: UTF8.self).filter(\.isNumber)))
      #expect(size > 100_000 && size < 2_000_000)
      try expectWhole("\(folder)/page.html")
    }
  }
}
