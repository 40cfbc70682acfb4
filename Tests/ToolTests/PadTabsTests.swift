import Ink
import TestFolders
import Testing

/// Several tabs of one browser, and what each of them keeps.
extension PadTests.InBrowser {
  private var count: String { "pad.state.strokes.length" }
  private var history: String { "pad.state.entries.map((one) => one.strokes.length).sort().join()" }

  /// Over a network without TLS browsers have no locks: a page without them knows other tabs all the same.
  private static let locks = [
    "", "Object.defineProperty(navigator, 'locks', { value: undefined })",
  ]

  private func withTabs(
    _ script: String, _ body: (Browser, (_ strokes: Int) throws -> String) throws -> Void
  ) throws {
    try Pad.run { pad in
      try withFolder { folder in
        let browser = try Browser(folder: folder, language: "en-US")
        defer { browser.quit() }
        try body(browser) { strokes in
          let tab = try browser.openTab(pad.address, before: script)
          try browser.wait("globalThis.pad?.state.health.ink + \(count)", for: "ready\(strokes)")
          return tab
        }
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      }
    }
  }

  /// Writes so many strokes at once, and waits until the browser has them.
  private func write(_ strokes: Int, in browser: Browser) throws {
    _ = try browser.evaluate(
      "pad.load(Array.from({ length: \(strokes) }, (_, x) => [[20 * x, \(strokes)], [20 * x, 90]]))"
    )
    try browser.wait("\(written).then((all) => all.includes(\(strokes)))", for: "true")
  }

  /// How many strokes each sheet has that the browser has written.
  private var written: String { kept("sheets") }

  /// How many strokes each drawing of the history has that the browser has written.
  private var remembered: String { kept("history") }

  private func kept(_ store: String) -> String {
    """
    new Promise((done) => { const open = indexedDB.open('ink-pad'); open.onsuccess = () => {
      const all = open.result.transaction('\(store)').objectStore('\(store)').getAll();
      all.onsuccess = () => { done(all.result.map((record) => record.strokes.length)); open.result.close(); }; } })
    """
  }

  @Test(
    "two tabs, both closed: the newest sheet is taken up by the next tab, the other is in the history",
    arguments: locks)
  func sheets(script: String) throws {
    try withTabs(script) { browser, open in
      let one = try open(0)
      try write(3, in: browser)
      // Another tab lives: its sheet is its own.
      let other = try open(0)
      try write(5, in: browser)
      try browser.turn(to: one)
      try browser.reload()
      try browser.wait("globalThis.pad?.state.health.ink + \(count)", for: "ready3")
      try browser.close(one)
      try browser.close(other)
      _ = try open(5)
      try browser.wait(history, for: "3")
      try browser.wait("\(written).then((all) => all.join())", for: "5")
      try browser.reload()
      try browser.wait("\(count) + ' ' + \(history)", for: "5 3")
    }
  }

  @Test("three tabs are closed and two opened: two sheets are taken up, both know of the third")
  func takenUp() throws {
    try withTabs("") { browser, open in
      let closed = try [3, 5, 4].map { strokes in
        let tab = try open(0)
        try write(strokes, in: browser)
        return tab
      }
      for tab in closed { try browser.close(tab) }
      let one = try open(4)
      _ = try open(5)
      try browser.wait(history, for: "3")
      try browser.turn(to: one)
      try browser.wait(history, for: "3")
    }
  }

  @Test("a tab that is doubled has the same sheet, and from then on its own")
  func doubled() throws {
    try withTabs("") { browser, open in
      _ = try open(0)
      try write(3, in: browser)
      let name = try browser.evaluate("sessionStorage.getItem('ink-pad.tab')")
      // A tab that is doubled has what its twin had for its session.
      let twin =
        "globalThis.started ??= sessionStorage.getItem('ink-pad.tab') ?? sessionStorage.setItem('ink-pad.tab', '\(name)')"
      let address = try browser.evaluate("location.href")
      try browser.openTab(address, before: twin)
      try browser.wait("globalThis.pad?.state.health.ink + \(count)", for: "ready3")
      try write(4, in: browser)
      try browser.wait("\(written).then((all) => all.sort().join())", for: "3,4")
    }
  }

  @Test("what one tab clears is in the history of all; what one forgets is forgotten in all")
  func histories() throws {
    try withTabs("") { browser, open in
      let one = try open(0)
      let other = try open(0)
      for (tab, strokes) in [(one, 3), (other, 4), (one, 5)] {
        try browser.turn(to: tab)
        try write(strokes, in: browser)
        _ = try browser.evaluate("pad.clear()")
      }
      try browser.turn(to: other)
      try browser.wait(history, for: "3,4,5")
      try browser.reload()
      try browser.wait("globalThis.pad && \(history)", for: "3,4,5")

      // Clearing is undone here, and forgetting there.
      try browser.turn(to: one)
      try browser.press("z", code: "KeyZ", number: 90, held: 2)
      try browser.wait(history, for: "3,4")
      try browser.evaluateAndWait("document.getElementById('forget').click()", history, for: "")
      try browser.turn(to: other)
      try browser.wait(history, for: "")
      #expect(try browser.evaluate("document.querySelectorAll('#history li').length") == "0")
      try write(6, in: browser)
      _ = try browser.evaluate("pad.clear()")
      try browser.turn(to: one)
      try browser.wait(history, for: "6")
      try browser.reload()
      try browser.wait("globalThis.pad && \(history)", for: "6")
    }
  }

  @Test("nothing that is undone in one tab brings back what another one has forgotten")
  func forgotten() throws {
    try withTabs("") { browser, open in
      let one = try open(0)
      try write(3, in: browser)
      _ = try browser.evaluate(
        "(() => { pad.clear(); document.getElementById('history').querySelector('button').click(); pad.clear(); })()"
      )
      try browser.wait(history, for: "3")
      _ = try open(0)
      try browser.wait(history, for: "3")
      try browser.evaluateAndWait("document.getElementById('forget').click()", history, for: "")
      try browser.turn(to: one)
      try browser.wait(history, for: "")
      for _ in 0..<4 { try browser.press("z", code: "KeyZ", number: 90, held: 2) }
      #expect(try browser.evaluate(history) == "")
    }
  }

  @Test(
    "a file of 70 drawings: what has no room is counted, nothing of one's own goes, and it is undone"
  )
  func opened() throws {
    try withBrowser { browser, _ in
      for strokes in [3, 4] {
        try write(strokes, in: browser)
        _ = try browser.evaluate("pad.clear()")
      }
      try write(5, in: browser)
      let file =
        "Array.from({ length: 70 }, (_, x) => `{\"strokes\":[[[${x},1],[${x},9]]]}`).join('\\n')"
      _ = try browser.evaluate("pad.open(new File([\(file)], 'x'))")
      try browser.wait("pad.state.entries.length", for: "60")
      let kept = "pad.state.entries.filter(({ strokes }) => strokes.length > 1).length"
      #expect(try browser.evaluate(kept) == "3")
      // The first is on the sheet, 57 are in the history.
      #expect(
        try browser.evaluate("document.getElementById('notice').textContent")
          == "The history has room for 60 drawings: 12 of the file were left out.")
      try browser.press("z", code: "KeyZ", number: 90, held: 2)
      try browser.wait("\(count) + ' ' + \(history)", for: "5 3,4")
      // The browser's memory is a moment behind.
      try browser.wait("\(written).then((all) => all.includes(5))", for: "true")
      try browser.wait("\(remembered).then((all) => all.length)", for: "2")
      try browser.reload()
      try browser.wait("globalThis.pad && \(count) + ' ' + \(history)", for: "5 3,4")
    }
  }

  @Test("a history that an older page has kept is taken over")
  func older() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate(
        "localStorage.setItem('ink-pad.history', '[{\"text\":\"1\",\"strokes\":[[[1,1],[1,9]]]},{\"text\":\"2\",\"strokes\":[[[2,1]]]}]')"
      )
      try browser.reload()
      try browser.wait("globalThis.pad?.state.entries.map(({ text }) => text).join()", for: "1,2")
      #expect(try browser.evaluate("localStorage.getItem('ink-pad.history')") == "null")
      try browser.reload()
      try browser.wait("globalThis.pad?.state.entries.map(({ text }) => text).join()", for: "1,2")
    }
  }
}
