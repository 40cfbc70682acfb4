import Ink
import Testing

/// Several lines, and what is still being written.
extension PadTests.InBrowser {
  /// Drawings below each other, as three lines.
  private func threeLines() throws -> [Stroke] {
    try ["four-plus-four", "touching", "true-or-false"].enumerated().flatMap { place, id in
      let strokes = try sample(id)
      let box = try #require(Box(around: strokes))
      let scale = 100 / box.height
      return strokes.map { stroke in
        Stroke(
          stroke.points.map {
            Point(
              x: scale * ($0.x - box.lower.x),
              y: Double(230 * place) + scale * ($0.y - box.lower.y))
          })
      }
    }
  }

  @Test("three lines have three answers, each beside its own line on the paper")
  func severalLines() throws {
    try withBrowser { browser, _ in
      try browser.screen(1024, 900)
      _ = try browser.evaluate("pad.load(\(script(threeLines())))")
      try browser.wait(value, for: "= 8 | = 134 | ✓ true")
      let answers = "[...document.querySelectorAll('#marks .answer:not([hidden])')]"
      #expect(try browser.evaluate("\(answers).map(a => a.textContent).join('|')") == "8|= 134|✓")
      // Each in the height of its line, behind its last character.
      let places = """
        \(answers).every((answer, line) => {
          const own = pad.state.characters.filter((one) => one.line === line).map(({ box }) => box);
          const middle = answer.offsetTop + answer.offsetHeight / 2;
          const [, top] = pad.toSheet([0, Math.min(...own.map((box) => box[1]))]);
          const [right, bottom] = pad.toSheet([Math.max(...own.map((box) => box[2])), Math.max(...own.map((box) => box[3]))]);
          return middle > top && middle < bottom && answer.offsetLeft >= right;
        })
        """
      #expect(try browser.evaluate(places) == "true")
      try browser.wait(
        "document.getElementById('said').textContent",
        for: "4 plus 4 equals 8; 56 plus 78 equals 134; 9 times 9 equals 81: true")
    }
  }

  @Test("what can still be completed is a grey …, and nothing is wrong while the pen writes")
  func stillWritten() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate(
        """
        (() => {
          globalThis.kinds = new Set();
          new MutationObserver(() => {
            for (const one of document.querySelectorAll('#lines .value')) kinds.add(one.className);
          }).observe(document.getElementById('lines'), { childList: true, subtree: true });
        })()
        """)
      try draw(try sample("late-stroke"), in: browser)
      try browser.wait(lines, for: "5×(2-1)=5")
      let shouted = "[...kinds].filter(kind => /wrong|unsure/.test(kind)).join()"
      #expect(try browser.evaluate(shouted) == "")
      // Without the last bracket it stays so, however long the pen rests.
      _ = try browser.evaluate("pad.type('5×(2−1')")
      try browser.wait(value, for: "…")
    }
  }

  @Test("what is not sure has no value: the doubtful character is ringed, and words say what to do")
  func unsure() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate(
        "pad.load([[[0,0],[30,40],[3,50],[50,3],[20,20]],[[100,0],[100,30],[80,80],[120,60]]])")
      try browser.wait("document.querySelectorAll('#marks .doubtful').length > 0", for: "true")
      #expect(try browser.evaluate(value).contains("tap it and choose"))
      #expect(try browser.evaluate("document.querySelector('#marks .answer').textContent") == "?")
    }
  }

  @Test("exact and decimal: a tap swaps them; fractions, powers and roots are set as mathematics")
  func exactAndDecimal() throws {
    try withBrowser { browser, _ in
      for (sum, first, second) in [
        ("1/3", "≈ 0.3333", "= 1/3"), ("1/3+1/3", "= 2/3", "≈ 0.6667"),
        ("1/4+1/2", "= 3/4", "= 0.75"),
        ("0.1+0.2", "= 0.3", "= 3/10"), ("√8", "= 2√2", "≈ 2.8284"), ("√2", "≈ 1.4142", "= √2"),
      ] {
        _ = try browser.evaluate("pad.type('\(sum)')")
        try browser.wait("pad.lines()[0]?.expression", for: sum)
        let forms =
          "pad.outcome(pad.lines()[0]).forms.map(f => `${f.isExact ? '=' : '≈'} ${f.text}`).join('; ')"
        #expect(try browser.evaluate(forms) == "\(first); \(second)")
      }
      _ = try browser.evaluate("pad.type('1/3+1/3')")
      try browser.wait(value, for: "= 23≈ 0.6667")
      #expect(
        try browser.evaluate("document.querySelectorAll('#lines .expression mfrac').length") == "2")
      #expect(try browser.evaluate("document.querySelectorAll('.value mfrac').length") == "1")
      try browser.click("#lines .value")
      try browser.wait(value, for: "≈ 0.6667= 23")
      // Nothing but mathematics comes in from what the server says.
      let foreign =
        "[...document.querySelectorAll('#lines math, #lines math *')].filter(e => !/MathML/.test(e.namespaceURI)).length"
      #expect(try browser.evaluate(foreign) == "0")
    }
  }
}
