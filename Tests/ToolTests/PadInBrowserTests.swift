import Ink
import Streams
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The pad as people use it: a server, a browser, a pen.
extension PadTests {
  @Suite(
    .serialized, .enabled(if: Requirement.chromium.isMet, "\(Requirement.chromium)"))
  struct InBrowser {
    /// A browser at the pad.
    func withBrowser(
      language: String = "en-US", query: String = "",
      _ body: (Browser, Process) throws -> Void
    ) throws {
      try Pad.run { pad in
        try withFolder { folder in
          let browser = try Browser(folder: folder, language: language)
          defer { browser.quit() }
          try browser.open(pad.address + query)
          try browser.wait(
            "pad.state.health.ink + pad.state.health.digit + pad.state.health.text",
            for: "readyreadyready")
          try body(browser, pad.process)
          #expect(browser.complaints.isEmpty, "\(browser.complaints)")
        }
      }
    }

    /// Drawings of testdata, by their ids, with what they say where that is known.
    struct Sample {
      let id: String
      let truth: String
      let strokes: [Stroke]

      static func all(_ file: String) -> [Sample] {
        let lines = text("\(root)/testdata/ink/\(file).ndjson") ?? ""
        return lines.split(separator: "\n").compactMap { line in
          try? Array(line.utf8).withUnsafeBytes { bytes in
            try withJSON(bytes, name: file) {
              Sample(
                id: $0["id"]?.string ?? "", truth: $0["truth"]?.string ?? "",
                strokes: try Drawing($0, line: 1).strokes)
            }
          }
        }
      }
    }

    static let drawings = Sample.all("drawings")
    static let layouts = Sample.all("two-dimensions")

    /// The strokes of one of them.
    func sample(_ id: String) throws -> [Stroke] {
      try #require((Self.drawings + Self.layouts).first { $0.id == id }).strokes
    }

    /// Draws strokes on the sheet, point by point, `size` pixels high.
    func draw(_ strokes: [Stroke], in browser: Browser, size: Double = 120) throws {
      let place = try browser.evaluate(
        "(r => `${r.x} ${r.y} ${r.width} ${r.height}`)"
          + "(document.getElementById('sheet').getBoundingClientRect())")
      let sheet = place.split(separator: " ").compactMap { Double($0) }
      try #require(sheet.count == 4)
      let box = try #require(Box(around: strokes))
      let scale = min(size / box.height, (sheet[2] - 80) / box.width)
      let left = sheet[0] + (sheet[2] - scale * box.width) / 2
      let top = sheet[1] + (sheet[3] - 60 - scale * box.height) / 2
      for stroke in strokes {
        try browser.drag(
          stroke.points.map {
            (left + scale * ($0.x - box.lower.x), top + scale * ($0.y - box.lower.y))
          })
      }
    }

    /// The characters that were read, as their marks on the paper have them.
    let reading =
      "[...document.querySelectorAll('#marks [data-character]')].map(m => m.dataset.character).join('')"
    /// What the lines come to.
    let value =
      "[...document.querySelectorAll('#lines .value')].map(v => v.textContent).join(' | ')"

    /// The lines with their values as texts.
    let lines = "pad.lines().map(line => line.text).join(' | ')"

    /// Taps on the ink of a character, and takes another one for it.
    func choose(_ text: String, forCharacter place: Int, in browser: Browser) throws {
      try browser.wait("pad.state.characters.length > \(place)", for: "true")
      usleep(Self.strokeIsDone)
      try browser.drag([spotOfInk(place, in: browser)])
      try browser.wait("document.querySelector('#choices:popover-open') !== null", for: "true")
      try browser.click("#choices [data-character=\"\(text)\"]")
    }

    /// Where a character has ink, in the window.
    func spotOfInk(_ place: Int, in browser: Browser) throws -> Browser.Spot {
      try browser.spot(
        browser.evaluate(
          """
          (() => {
            const stroke = pad.state.strokes.find(({ id }) => id === pad.state.characters[\(place)].ids[0]);
            const [x, y] = pad.toSheet(stroke.points[stroke.points.length >> 1]);
            const frame = pad.sheet.getBoundingClientRect();
            return `${frame.x + x} ${frame.y + y}`;
          })()
          """))
    }

    /// Strokes as a text of JavaScript.
    func script(_ strokes: [Stroke]) -> String {
      "["
        + strokes.map { stroke in
          "[" + stroke.points.map { "[\($0.x),\($0.y)]" }.joined(separator: ",") + "]"
        }.joined(separator: ",") + "]"
    }

    @Test("a drawing is written stroke by stroke, read, undone, done again, and cleared")
    func calculator() throws {
      try withBrowser(query: "?debug") { browser, _ in
        let strokes = Self.drawings[0].strokes
        try browser.wait("document.title", for: "Ink pad")
        try draw(strokes, in: browser)
        try browser.wait(reading, for: "4+4=")
        try browser.wait(value, for: "= 8")
        try browser.wait("document.getElementById('said').textContent", for: "4 plus 4 equals 8")
        // An answer that a newer stroke overtakes is not timed.
        try browser.wait("document.getElementById('latency').dataset.count > 0", for: "true")

        try browser.press("z", code: "KeyZ", number: 90, held: 2)
        try browser.press("z", code: "KeyZ", number: 90, held: 2)
        try browser.wait(reading, for: "4+4")
        try browser.wait(value, for: "= 8")
        try browser.press("Z", code: "KeyZ", number: 90, held: 10)
        try browser.click("#redo")
        try browser.wait(reading, for: "4+4=")

        // Another character for the first one, and its value; then the first again.
        try choose("6", forCharacter: 0, in: browser)
        try browser.wait(reading, for: "6+4=")
        try browser.wait(value, for: "= 10")
        try choose("4", forCharacter: 0, in: browser)
        try browser.wait(value, for: "= 8")
        try browser.wait("pad.state.chosen.length", for: "0")

        try browser.press("Escape", code: "Escape", number: 27)
        try browser.wait("pad.state.strokes.length", for: "0")
        try browser.wait(value, for: "")
        try browser.wait("document.querySelector('#history span').textContent", for: "4+4=8")
        try browser.click("#history button")
        try browser.wait(value, for: "= 8")
      }
    }

    @Test("every shipped drawing is read as it was written")
    func allDrawings() throws {
      try withBrowser { browser, _ in
        for drawing in Self.drawings where !drawing.strokes.isEmpty {
          #expect(
            try browser.evaluate("(() => { pad.clear(); return pad.state.strokes.length })()")
              == "0")
          try draw(drawing.strokes, in: browser)
          try browser.wait(reading, for: drawing.truth.replacing("*", with: "×"))
        }
      }
    }

    @Test("the eraser, a scribble, stroke groups, digits, files")
    func rest() throws {
      try withBrowser { browser, _ in
        let strokes = Self.drawings[0].strokes
        try draw(strokes, in: browser)
        try browser.wait(value, for: "= 8")
        try browser.click("#groups")
        #expect(try browser.evaluate("pad.strokeColours().size") == "8")
        #expect(try browser.evaluate("new Set(pad.strokeColours().values()).size") == "4")
        #expect(
          try browser.evaluate(
            "pad.sheet.width === Math.round(pad.sheet.clientWidth * devicePixelRatio)")
            == "true")

        // The eraser down through the two strokes of the equals sign.
        let middle = try browser.evaluate(
          "(([x0, y0, x1, y1], r) => `${r.x + (x0 + x1) / 2} ${r.y + y0} ${r.y + y1}`)"
            + "(pad.state.characters[3].box, pad.sheet.getBoundingClientRect())")
        let place = middle.split(separator: " ").compactMap { Double($0) }
        try browser.click("#eraser")
        try browser.drag(
          (0...10).map { (place[0], place[1] - 20 + (place[2] - place[1] + 40) * Double($0) / 10) })
        try browser.click("#eraser")
        try browser.wait(reading, for: "4+4")
        try browser.press("z", code: "KeyZ", number: 90, held: 2)
        try browser.wait(reading, for: "4+4=")

        // To and fro across it: struck through, and taken away.
        try browser.drag(
          (0...48).map { step in
            let along = Double(step % 8) / 8
            let x = (step / 8).isMultiple(of: 2) ? along : 1 - along
            return (
              place[0] - 25 + 50 * x, place[1] - 8 + (place[2] - place[1] + 16) * Double(step) / 48
            )
          })
        try browser.wait(reading, for: "4+4")

        let ndjson = try browser.evaluate("pad.ndjson()")
        let answer = bash("pipelines/mnist-calc", Array(ndjson.utf8))
        #expect(String(decoding: answer.output, as: UTF8.self).contains(#""text":"4+4=8""#))
        let inkml = try browser.evaluate("pad.inkml()")
        let same = bash("pipelines/mnist-calc --inkml", Array(inkml.utf8))
        #expect(
          String(decoding: same.output, as: UTF8.self).contains(#""text":"4+4=8""#),
          "\(same.errors)")

        try browser.evaluateAndWait(
          "pad.open(new File([\(quoted(text("\(root)/testdata/ink/drawings.ndjson") ?? ""))], 'x'))",
          "pad.state.entries.length >= \(Self.drawings.count - 2)", for: "true")
        try browser.wait(reading, for: "4+4=")

        try browser.click("#clear")
        try browser.click("#mode-digit")
        try draw(Array(strokes[..<2]), in: browser)
        try browser.wait("document.getElementById('digit').textContent", for: "4")
        #expect(try browser.evaluate("document.querySelectorAll('#bars li').length") == "11")
        #expect(try browser.evaluate("document.querySelector('#bars .best').lastChild.data") == "4")
      }
    }

    @Test("in Chinese where the browser says so, and in English at a click")
    func languages() throws {
      try withBrowser(language: "zh-CN") { browser, _ in
        try browser.wait("document.documentElement.lang + document.title", for: "zh-CN手写板")
        try browser.click("#language")
        try browser.wait("document.documentElement.lang + document.title", for: "enInk pad")
        #expect(try browser.evaluate("document.getElementById('undo').title") == "Undo (Ctrl+Z)")
        // No text is missing in either language.
        #expect(
          try browser.evaluate(
            "Object.keys(pad.TEXTS.en).sort().join() === Object.keys(pad.TEXTS.zh).sort().join()")
            == "true")
      }
    }

    @Test("the pipeline is killed: the page says so, and the next drawing is answered")
    func death() throws {
      try withBrowser { browser, pad in
        let strokes = Self.drawings[0].strokes
        _ = try browser.evaluate(
          """
          (() => { globalThis.notices = []; new MutationObserver(() => notices.push(document.getElementById('notice').textContent)) \
          .observe(document.getElementById('notice'), { childList: true }); })()
          """)
        #expect(bash("pkill -KILL -P \(pad.id) -f mnist-calc").ending == .exit(0))
        try browser.wait("notices.some(text => text.includes('started again'))", for: "true")
        try draw(strokes, in: browser)
        try browser.wait(value, for: "= 8")
        try browser.wait("document.getElementById('notice').hidden", for: "true")
      }
    }

    @Test("the page measures the time from pen-up to the answer, and shows it with ?debug")
    func latency() throws {
      try withBrowser(query: "?debug") { browser, _ in
        for drawing in Self.drawings.prefix(3) {
          _ = try browser.evaluate("pad.clear()")
          try draw(drawing.strokes, in: browser)
        }
        let shown = "document.getElementById('latency')"
        let median = try #require(Double(try browser.evaluate("\(shown).dataset.median")))
        #expect(median > 0 && median < 60_000)
        #expect(try browser.evaluate("\(shown).textContent").contains(" ms"))
        // No bound: other tests run meanwhile.
        print("ink-pad: pen-up to answer, median \(median) ms")
      }
    }

    @Test("an installed pad finds its pipelines")
    func installed() throws {
      try withFolder { folder in
        let tools = "segment strokes2png center28 lenet-infer expr-eval ink-pad"
        let done = run(
          ["\(root)/Scripts/install-tools", "\(folder)/opt", tools, "mnist-calc mnist-digit"])
        try #require(done.ending == .exit(0), "\(done.errors)")
        try Pad.run(tool: "\(folder)/opt/bin/ink-pad") { pad in
          let guest = RawGuest(port: pad.port)
          #expect(guest.greet(port: pad.port).hasPrefix("HTTP/1.1 101 "))
          guest.say(#"{"type":"digit","seq":1,"strokes":[[[0,0],[0,9]]]}"#)
          #expect(guest.message()?.contains(#""symbols":[{"first":0,"last":1,"#) == true)
        }
      }
    }
  }
}

extension Browser {
  /// Does something in the page and waits until an expression comes to this.
  func evaluateAndWait(
    _ action: String, _ expression: String, for expected: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    _ = try evaluate("(() => { \(action) })()")
    try wait(expression, for: expected, location: location)
  }
}
