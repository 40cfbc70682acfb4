import Ink
import TestFolders
import Testing

/// Corrections, numbers that are changed, sums that are typed, and taking all of it back.
extension PadTests.InBrowser {
  private func undo(_ browser: Browser) throws {
    try browser.press("z", code: "KeyZ", number: 90, held: 2)
  }

  private func redo(_ browser: Browser) throws {
    try browser.press("Z", code: "KeyZ", number: 90, held: 10)
  }

  @Test("a character above the line is tapped and corrected; that is undone, and done again")
  func correctedInTwoDimensions() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(try sample("power"))))")
      try browser.wait(lines, for: "2^3+1=9")
      try choose("7", forCharacter: 0, in: browser)
      try browser.wait(lines, for: "7^3+1=344")
      try choose("2", forCharacter: 1, in: browser)
      try browser.wait(lines, for: "7^2+1=50")
      try undo(browser)
      try browser.wait(lines, for: "7^3+1=344")
      try undo(browser)
      try browser.wait(lines, for: "2^3+1=9")
      try redo(browser)
      try browser.wait(lines, for: "7^3+1=344")

      // It is kept with the drawing: in the history, and in a file.
      _ = try browser.evaluate("pad.clear()")
      try browser.click("#history button")
      try browser.wait(lines, for: "7^3+1=344")
      let answer = bash(
        "pipelines/mnist-calc --text", Array(try browser.evaluate("pad.ndjson()").utf8))
      #expect(String(decoding: answer.output, as: UTF8.self) == "7^3+1=344\n")
    }
  }

  @Test("clearing is undone, and so is forgetting; in Cyrillic too")
  func clearingUndone() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(lines, for: "4+4=8")
      try browser.press("Escape", code: "Escape", number: 27)
      try browser.wait("pad.state.entries.length", for: "1")
      try undo(browser)
      try browser.wait(lines, for: "4+4=8")
      #expect(try browser.evaluate("pad.state.entries.length") == "0")
      try browser.press("Escape", code: "Escape", number: 27)
      try browser.click("#forget")
      try browser.wait("document.querySelectorAll('#history li').length", for: "0")
      try browser.press("я", code: "KeyZ", number: 90, held: 2)
      try browser.wait("document.querySelectorAll('#history li').length", for: "1")
    }
  }

  @Test("a number in the answer is dragged, or changed by the arrow keys, and all goes back")
  func scrubbing() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(try sample("two-fractions"))))")
      try browser.wait(lines, for: "1/2+1/3=5/6")
      let number = try browser.spot(
        browser.evaluate(
          "(r => `${r.x + r.width / 2} ${r.y + r.height / 2}`)"
            + "(document.querySelector('#lines [data-number=\"1\"]').getBoundingClientRect())"))
      try browser.drag([number, (number.x + 10, number.y), (number.x + 19, number.y)], by: "mouse")
      try browser.wait(lines, for: "1/4+1/3=7/12")
      try browser.press("ArrowUp", code: "ArrowUp", number: 38)
      try browser.wait(lines, for: "1/5+1/3=8/15")
      try undo(browser)
      try browser.wait(lines, for: "1/2+1/3=5/6")
    }
  }

  @Test("a sum is typed, for those who cannot draw")
  func typed() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(lines, for: "4+4=8")
      try browser.press("/", code: "Slash", number: 191)
      try browser.wait("document.activeElement.id", for: "typed")
      try browser.call("Input.insertText", #"{"text":"1/3+1/6"}"#)
      try browser.wait(lines, for: "1/3+1/6=1/2")
      try browser.wait(
        "document.getElementById('said').textContent", for: "1 over 3 plus 1 over 6 equals 1 over 2"
      )
      try browser.press("Escape", code: "Escape", number: 27)
      try browser.wait(lines, for: "4+4=8")
      #expect(try browser.evaluate("document.activeElement.id") == "sheet")
    }
  }

  @Test("what can be undone, and what was corrected, does not grow for ever")
  func bounded() throws {
    try withBrowser { browser, _ in
      let counts =
        "`${pad.state.past.length} ${pad.state.chosen.length} ${pad.state.entries.length}`"
      _ = try browser.evaluate(
        """
        (() => {
          for (let i = 0; i < 400; i += 1) {
            pad.load([[[0, 0], [i, 100]]]);
            pad.choose([pad.state.strokes[0].id], { text: '1', read: '7', top: [] });
            pad.clear();
          }
        })()
        """)
      #expect(try browser.evaluate(counts) == "200 0 60")
    }
  }

  @Test(
    "what is typed while the server is away is answered when it is back, and nothing stands for it")
  func typedAlone() throws {
    try withFolder { folder in
      var pad = Pad.start(in: folder)
      let browser = try Browser(folder: folder, language: "en-US")
      defer { browser.quit() }
      try browser.open(pad.address)
      try browser.wait("globalThis.pad?.state.health.text", for: "ready")
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait(lines, for: "4+4=8")
      pad.killAtOnce()
      try browser.wait("pad.state.socket.readyState === 1", for: "false")
      _ = try browser.evaluate("document.getElementById('typed').focus()")
      try browser.call("Input.insertText", #"{"text":"1+2"}"#)
      try browser.wait(lines, for: "")
      #expect(try browser.evaluate("document.querySelectorAll('#marks .answer').length") == "0")
      #expect(
        try browser.evaluate("document.getElementById('hint').textContent")
          == "The answer appears here.")
      pad = Pad.start(["--port", "\(pad.port)"], in: folder)
      defer { pad.killAtOnce() }
      try browser.wait(lines, for: "1+2=3")
    }
  }

  @Test("a text that is too long, or none, is told so in its place, and goes with it")
  func typedTooLong() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait(lines, for: "4+4=8")
      let notice = "document.getElementById('notice').hidden"
      _ = try browser.evaluate("pad.type('1'.repeat(8000))")
      try browser.wait(value, for: "this is too long: a typed sum may have 4,096 bytes")
      #expect(try browser.evaluate(notice) == "true")
      _ = try browser.evaluate("document.getElementById('language').click()")
      try browser.wait(value, for: "太长了：输入的算式最多 4096 字节")
      _ = try browser.evaluate("document.getElementById('language').click()")
      _ = try browser.evaluate("pad.type('1'.repeat(4093) + '+1\\t')")
      try browser.wait("pad.lines()[0]?.value?.length", for: "4093")
      _ = try browser.evaluate("pad.type('{1}')")
      try browser.wait(value, for: "“{” is nothing that is read here")
      _ = try browser.evaluate("pad.type('√2+√3')")
      try browser.wait(value, for: "≈ 3.14626436994")
      #expect(try browser.evaluate(notice) == "true")

      // What is said of a drawing goes when it changes.
      _ = try browser.evaluate(
        "pad.load(Array.from({ length: 1001 }, (_, x) => [[x, 0], [x, 9]]))")
      try browser.wait(notice, for: "false")
      _ = try browser.evaluate("pad.load([[[10, 10], [10, 90]]])")
      #expect(try browser.evaluate(notice) == "true")
    }
  }

  @Test(
    "values without an exact form are about so much, once",
    arguments: [
      ("√2+√3", "≈ 3.14626436994"), ("2^0.5+1", "≈ 2.41421356237"), ("2^(1/3)", "≈ 1.25992104989"),
      ("√2", "≈ 1.4142= 2"), ("1/8", "= 0.125= 18"), ("1000000×√2+√3", "≈ 1414215.29442"),
    ])
  func irrational(_ sum: String, _ shown: String) throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.type('\(sum)')")
      try browser.wait("pad.lines()[0]?.expression", for: sum)
      #expect(try browser.evaluate(value) == shown)
    }
  }

  @Test("of a line that has no value the sum is put into words, and not what is said of it")
  func spokenProblems() throws {
    try withBrowser { browser, _ in
      for (sum, words) in [
        ("1+×2", "1 plus times 2: “times” cannot follow “plus”"),
        (",5", "comma 5: the number at “comma” is not written as numbers are"),
        ("×3", "times 3: a sum cannot start with “times”"),
      ] {
        _ = try browser.evaluate("pad.type('\(sum)')")
        try browser.wait("pad.lines()[0]?.expression", for: sum)
        try browser.wait(
          "pad.sheet.getAttribute('aria-label')", for: "Writing area, 0 strokes. \(words)")
        try browser.wait("document.getElementById('said').textContent", for: words)
      }
    }
  }
}
