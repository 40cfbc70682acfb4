import Ink
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is written is there again, whatever has ended: the page, the server, the browser.
extension PadTests.InBrowser {
  private var count: String { "pad.state.strokes.length" }
  private var ready: String { "globalThis.pad?.state.health.ink" }
  /// Whether the browser has written what is on the sheet.
  private var written: String {
    """
    new Promise((done) => { const open = indexedDB.open('ink-pad'); open.onsuccess = () => {
      const all = open.result.transaction('sheets').objectStore('sheets').getAll();
      all.onsuccess = () => { done(all.result.map((record) => record.strokes.length).join()); open.result.close(); }; } })
    """
  }
  private var sheetNames: String {
    "[...document.querySelectorAll('#sheet-list span')].map((one) => one.textContent).join('|')"
  }

  @Test(
    "a reload, in the middle of a stroke too: the strokes that were done are there, where they were"
  )
  func reloaded() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(value, for: "= 8")
      let seen = "pad.toSheet(pad.state.strokes[0]?.points[0] ?? [0, 0]).map(Math.round).join()"
      let before = try browser.evaluate(seen)
      _ = try browser.evaluate(
        """
        (() => { const { x, y } = pad.sheet.getBoundingClientRect(); pad.sheet.setPointerCapture = () => {};
          pad.sheet.dispatchEvent(new PointerEvent('pointerdown', { pointerId: 1, isPrimary: true, button: 0,
            clientX: x + 9, clientY: y + 9 })); })()
        """)
      try browser.wait(written, for: "8")
      try browser.reload()
      try browser.wait("\(ready) + \(count)", for: "ready8")
      try browser.wait(value, for: "= 8")
      #expect(try browser.evaluate(seen) == before)
      try browser.press("Escape", code: "Escape", number: 27)
      try browser.wait(written, for: "0")
      try browser.reload()
      try browser.wait("\(ready) + \(count)", for: "ready0")
      // What was cleared is in the history, and opens as ink.
      try browser.click("#history button")
      try browser.wait(value, for: "= 8")
    }
  }

  @Test(
    "the server and the browser are killed while one writes: the sheet is there again, without a server too"
  )
  func killed() throws {
    try withFolder { folder in
      var pad = Pad.start(["--folder", "\(folder)/sheets"], in: folder)
      let address = pad.address
      var browser = try Browser(folder: folder, language: "en-US")
      defer { browser.quit() }
      try browser.open(address)
      try browser.wait(ready, for: "ready")
      let strokes = Self.drawings[0].strokes
      try draw(Array(strokes[..<4]), in: browser)
      pad.killAtOnce()
      // One goes on writing.
      _ = try browser.evaluate(
        "pad.become([...pad.state.strokes, pad.newStroke([[1, 2], [3, 4]])])")
      try browser.wait(
        "document.getElementById('notice').textContent.includes('lost')", for: "true")
      try browser.wait(written, for: "5")
      // The page is kept too, where the browser allows that: it comes without its server.
      try browser.wait(
        "navigator.serviceWorker.ready.then(({ active }) => active.state)", for: "activated")
      try browser.reload()
      try browser.wait("globalThis.pad && \(count)", for: "5")

      browser.quit()
      browser = try Browser(folder: folder, language: "en-US")
      try browser.open(address)
      try browser.wait("globalThis.pad && \(count)", for: "5")

      pad = Pad.start(["--port", "\(pad.port)", "--folder", "\(folder)/sheets"], in: folder)
      defer { pad.killAtOnce() }
      try browser.wait(ready, for: "ready")
      try browser.wait("pad.state.isAnswered", for: "true")
      // What was written while it was away is in its folder, on the same sheet.
      let lines = {
        TestFolders.names("\(folder)/sheets").filter { $0.hasSuffix(".ndjson") }
          .map { text("\(folder)/sheets/\($0)") ?? "" }
      }
      for _ in 0..<100 where !lines().contains(where: { $0.hasSuffix("[[1,2],[3,4]]]}\n") }) {
        usleep(100_000)
      }
      #expect(lines().count == 1 && lines()[0].hasSuffix("[[1,2],[3,4]]]}\n"), "\(lines())")
    }
  }

  @Test(
    "sheets of the folder are listed with what they say, opened as ink, and discarded at a second click"
  )
  func listed() throws {
    try withFolder { folder in
      try Pad.run(["--folder", "\(folder)/sheets"]) { pad in
        let browser = try Browser(folder: folder, language: "en-US")
        defer { browser.quit() }
        try browser.open(pad.address)
        try browser.wait(ready, for: "ready")
        try draw(Self.drawings[0].strokes, in: browser)
        try browser.wait(value, for: "= 8")
        try browser.wait(sheetNames, for: "4+4=8")
        try browser.press("Escape", code: "Escape", number: 27)
        try browser.wait(count, for: "0")
        _ = try browser.evaluate("pad.load([[[10, 10], [10, 90]]])")
        try browser.wait("\(sheetNames).split('|').length", for: "2")
        #expect(TestFolders.names("\(folder)/sheets").count { $0.hasSuffix(".ndjson") } == 2)

        try browser.evaluateAndWait(
          "[...document.querySelectorAll('#sheet-list span')].find((one) => one.textContent === '4+4=8').click()",
          count, for: "8")
        try browser.wait(value, for: "= 8")
        try browser.wait(
          "document.querySelector('#sheet-list [aria-current] span').textContent", for: "4+4=8")
        // A list that is drawn anew between two clicks has forgotten the first.
        let discard = "document.querySelector('#sheet-list [aria-current] + .discard')?.click()"
        try browser.evaluateAndWait(discard, "\(sheetNames).split('|').length", for: "2")
        try browser.wait("(\(discard), \(sheetNames).split('|').length)", for: "1")
        #expect(TestFolders.names("\(folder)/sheets").count { $0.hasSuffix(".ndjson") } == 1)
        #expect(try browser.evaluate(count) == "8")
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      }
    }
  }

  @Test(
    "what is saved can be opened: NDJSON, InkML, PNG; a picture without ink is refused with words")
  func files() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(value, for: "= 8")
      let wire = "JSON.stringify(pad.state.strokes.map((stroke) => stroke.points))"
      let ink = try browser.evaluate(wire)
      for content in ["pad.ndjson()", "pad.inkml()", "await pad.png()"] {
        _ = try browser.evaluate(
          "(async () => { const content = \(content); pad.clear(); await pad.open(new File([content], 'x')); })()"
        )
        try browser.wait(wire, for: ink)
      }
      // The tools read the picture as any other.
      let bytes = try browser.evaluate(
        "pad.png().then((blob) => blob.arrayBuffer()).then((buffer) => [...new Uint8Array(buffer)].join())"
      )
      let picture = bytes.split(separator: ",").compactMap { UInt8($0) }
      let centred = bash("center28 | lenet-infer", picture)
      #expect(centred.ending == .exit(0), "\(centred.errors)")

      let notice = "document.getElementById('notice').textContent"
      let plain = "new Promise((done) => document.createElement('canvas').toBlob(done))"
      for (content, words) in [
        ("await \(plain)", "carries no ink"),
        ("(await (await pad.png()).arrayBuffer()).slice(0, 400)", "carries no ink"),
        ("'<ink><trace>1 2, \\'3</trace></ink>'", "no InkML"),
        ("'<!DOCTYPE x [<!ENTITY a \"1 2\">]><ink><trace>&a;</trace></ink>'", "no InkML"),
        ("'<ink><trace>1 2'", "no InkML"), ("'<ink/>'", "no drawing"),
        ("'nothing'", "Line 1"), ("new Uint8Array(33 << 20)", "too large"),
      ] {
        _ = try browser.evaluate(
          "(async () => { await pad.open(new File([\(content)], 'x')); })()")
        try browser.wait("\(notice).includes('\(words)') || \(notice)", for: "true")
        #expect(try browser.evaluate(wire) == ink)
      }
      // Other channels beside X and Y, in any order.
      let other =
        "<ink xmlns=\"http://www.w3.org/2003/InkML\"><traceFormat><channel name=\"T\"/><channel name=\"Y\"/>"
        + "<channel name=\"X\"/></traceFormat><trace>0 2 1, 1 4 3</trace></ink>"
      _ = try browser.evaluate("pad.open(new File([\(quoted(other))], 'x'))")
      try browser.wait(wire, for: "[[[1,2],[3,4]]]")

      // Dropped: two files at once.
      _ = try browser.evaluate(
        """
        (() => { const data = new DataTransfer();
          for (const x of [7, 8]) data.items.add(new File([`{"strokes":[[[${x},1],[${x},9]]]}`], 'x.ndjson'));
          dispatchEvent(new DragEvent('dragover', { dataTransfer: data, cancelable: true }));
          globalThis.taking = document.getElementById('paper').classList.contains('taking');
          dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true })); })()
        """)
      try browser.wait(wire, for: "[[[7,1],[7,9]]]")
      #expect(
        try browser.evaluate(
          "`${taking} ${document.getElementById('paper').classList.contains('taking')}`")
          == "true false")
      #expect(
        try browser.evaluate(
          "pad.state.entries.some(({ strokes }) => JSON.stringify(strokes) === '[[[8,1],[8,9]]]')")
          == "true")
    }
  }

  @Test("the page can be installed: Chromium finds nothing wrong with its manifest and worker")
  func installable() throws {
    try withBrowser { browser, _ in
      try browser.wait(
        "navigator.serviceWorker.ready.then(({ active }) => active.state)", for: "activated")
      let manifest = String(
        decoding: try browser.call("Page.getAppManifest", "{}"), as: UTF8.self)
      #expect(manifest.contains(#""errors":[]"#) && manifest.contains("Ink pad"), "\(manifest)")
      let errors = String(
        decoding: try browser.call("Page.getInstallabilityErrors", "{}"), as: UTF8.self)
      #expect(errors.contains(#""installabilityErrors":[]"#), "\(errors)")
      #expect(
        try browser.evaluate("caches.keys().then((names) => names.length)") == "1")
    }
  }

  @Test("files that come and go beneath the server, and sheets of other pages, are listed")
  func filesBeneath() throws {
    try withFolder { folder in
      try Pad.run(["--folder", "\(folder)/sheets"]) { pad in
        let browser = try Browser(folder: folder, language: "en-US")
        defer { browser.quit() }
        let one = try browser.openTab(pad.address)
        try browser.wait(ready, for: "ready")
        let other = try browser.openTab(pad.address)
        try browser.wait(ready, for: "ready")
        _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
        try browser.wait(sheetNames, for: "4+4=8")
        // Without a word from who looks at the other page.
        try browser.turn(to: one)
        try browser.wait(sheetNames, for: "4+4=8")

        let name = "20260101-000000-00000000.ndjson"
        put(#"{"said":"7","strokes":[[[1,2],[3,4]]]}"# + "\n", "\(folder)/sheets/\(name)")
        try browser.reload()
        try browser.wait("globalThis.pad && \(sheetNames)", for: "4+4=8|7")
        unlink("\(folder)/sheets/\(name)")
        try browser.evaluateAndWait(
          "document.querySelectorAll('#sheet-list [data-sheet]')[1].click()",
          "document.getElementById('notice').textContent",
          for: "The sheet cannot be opened: this sheet is not there any more")
        try browser.wait(sheetNames, for: "4+4=8")
        // Another sheet that does open takes the words away.
        try browser.evaluateAndWait(
          "document.querySelector('#sheet-list [data-sheet]').click()", count, for: "8")
        #expect(try browser.evaluate("document.getElementById('notice').hidden") == "true")
        try browser.turn(to: other)
        try browser.wait(sheetNames, for: "4+4=8")
      }
    }
  }
}
