import Ink
import TestFolders
import Testing

@testable import InkPad

/// What goes wrong at a desk, in the browser.
extension PadTests.InBrowser {
  private func escape(_ browser: Browser) throws {
    try browser.press("Escape", code: "Escape", number: 27)
  }

  private func undo(_ browser: Browser) throws {
    try browser.press("z", code: "KeyZ", number: 90, held: 2)
  }

  @Test("what is undone is seen where it was, with the characters that were chosen")
  func undoneAsItWas() throws {
    try withBrowser { browser, _ in
      let strokes = Self.drawings[0].strokes
      try draw(strokes, in: browser)
      try browser.wait(reading, for: "4+4=")
      // By the keyboard, which stays where it was.
      _ = try browser.evaluate("document.querySelector('#marks button').focus()")
      try browser.evaluateAndWait(
        "document.activeElement.click()", "document.activeElement.dataset.character", for: "4")
      try browser.evaluateAndWait(
        "document.querySelector('#choices [data-character=\"6\"]').click()", reading, for: "6+4=")
      #expect(try browser.evaluate("document.activeElement.closest('#marks') !== null") == "true")
      #expect(
        try browser.evaluate("document.activeElement.getAttribute('aria-label')")
          == "6, chosen by hand. Choose another.")

      let seen = "pad.toSheet(pad.state.strokes[0]?.points[0] ?? [0, 0]).join()"
      let before = try browser.evaluate(seen)
      try escape(browser)
      try browser.wait("pad.state.strokes.length", for: "0")
      _ = try browser.evaluate("pad.load([[[0.001, 0.001], [0.002, 0.009]]])")
      #expect(try browser.evaluate("pad.state.view.scale > 100") == "true")
      try undo(browser)
      try undo(browser)
      #expect(try browser.evaluate(seen) == before)
      try browser.wait(reading, for: "6+4=")
    }
  }

  @Test("another reading of the whole is taken and undone; the unlikely ones are not offered")
  func otherReading() throws {
    try withBrowser { browser, _ in
      let others = "[...document.querySelectorAll('#others button')]"
      _ = try browser.evaluate("pad.load(\(script(try sample("mixed"))))")
      try browser.wait(lines, for: "(2+1/2)=5/2")
      try browser.wait("\(others).length", for: "1")
      try browser.evaluateAndWait("\(others)[0].click()", lines, for: "2(1/2)=1")
      #expect(try browser.evaluate("pad.state.chosen.length") == "0")
      try undo(browser)
      try browser.wait(lines, for: "(2+1/2)=5/2")
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait(lines, for: "4+4=8")
      #expect(try browser.evaluate("document.getElementById('others').hidden") == "true")
    }
  }

  @Test("Esc while the eraser is down takes back what it took away")
  func erasingAbandoned() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(value, for: "= 8")
      #expect(
        try browser.evaluate(
          """
          (() => {
            const { state, sheet, toSheet } = pad;
            const { x, y } = sheet.getBoundingClientRect();
            const send = (type, [dx, dy]) => sheet.dispatchEvent(new PointerEvent(type, {
              pointerId: 1, isPrimary: true, button: 2, clientX: x + dx, clientY: y + dy }));
            sheet.setPointerCapture = () => {};
            send('pointerdown', toSheet(state.strokes[0].points[0]));
            return `${state.strokes.length} ${state.pointer}`;
          })()
          """) == "7 1")
      try escape(browser)
      try browser.wait(
        "(s => `${s.strokes.length} ${s.pointer} ${s.isAnswered}`)(pad.state)", for: "8 null true")
      try browser.wait(value, for: "= 8")
    }
  }

  @Test("drawings that are refused or too large: the page says so, and no old answer stands there")
  func refused() throws {
    try withBrowser { browser, _ in
      let notice = "document.getElementById('notice').textContent"
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(value, for: "= 8")
      try browser.evaluateAndWait(
        "pad.keepForUndo(); pad.become([...pad.state.strokes, ...Array(1000).fill(pad.newStroke([[5, 5]]))])",
        "\(notice).includes('1000 strokes') + \(value)", for: "true")
      try undo(browser)
      try browser.wait(value, for: "= 8")
      try browser.evaluateAndWait(
        "pad.load([Array.from({ length: 200000 }, (_, i) => [i % 977, i % 991])])",
        "\(notice).includes('too large') + \(value)", for: "true")
      #expect(try browser.evaluate("pad.state.socket.readyState") == "1")

      // The second drawing of a file is refused: the first one is shown all the same.
      let file = #"{"strokes":[[[1,1],[2,9]]]}\n{"strokes":[[[1e10,1],[2,9]]]}"#
      _ = try browser.evaluate("pad.open(new File(['\(file)'], 'x'))")
      try browser.wait(reading, for: "1")
    }
  }

  @Test("a history that is none does not keep the page from working")
  func brokenHistory() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate(
        "localStorage.setItem('ink-pad.history', '[1, null, {\"text\": 1}, {\"text\": \"1\"}]')")
      try browser.reload()
      try browser.wait("pad.state.health.ink + pad.state.entries.length", for: "ready0")
    }
  }

  @Test(
    "--lan is started again: the open page says that its address has changed, and so does the old one",
    .enabled(if: lanAddress() != nil, "no network: none"), arguments: ["en-US", "zh-CN"])
  func movedAway(_ language: String) throws {
    try withFolder { folder in
      var pad = Pad.start(["--lan"], calculator: Pad.echo, in: folder)
      let browser = try Browser(folder: folder, language: language)
      defer { browser.quit() }
      try browser.open(pad.address)
      try browser.wait("globalThis.pad?.state.health.ink", for: "ready")
      let notice = "document.getElementById('notice').textContent"
      pad.killAtOnce()
      let words = language == "en-US" ? ("is lost", "has changed") : ("已断开", "已更换")
      try browser.wait("\(notice).includes('\(words.0)')", for: "true")
      pad = Pad.start(["--lan", "--port", "\(pad.port)"], calculator: Pad.echo, in: folder)
      defer { pad.killAtOnce() }
      try browser.wait("\(notice).includes('\(words.1)')", for: "true")
      try browser.reload()
      for part in ["prints now", "现在显示"] {
        try browser.wait("document.body?.textContent.includes('\(part)')", for: "true")
      }
      try browser.open(pad.address)
      try browser.wait("globalThis.pad?.state.health.ink", for: "ready")
    }
  }
}
