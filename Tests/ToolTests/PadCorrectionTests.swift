import Ink
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
}
