import Ink
import Testing

/// The page on small, large and wide screens.
extension PadTests.InBrowser {
  /// A sum of 42 strokes: drawings one after the other, with + between them and = behind.
  func longSum() throws -> [Stroke] {
    let parts = try ["divided", "touching", "reversed", "late-stroke"].map(sample)
    let plus = Array(Self.drawings[0].strokes[2..<4])
    let equals = Array(Self.drawings[0].strokes[6..<8])
    var strokes: [Stroke] = []
    var right = 0.0
    func add(_ part: [Stroke], height: Double, top: Double) throws {
      let box = try #require(Box(around: part))
      let scale = height / box.height
      strokes += part.map { stroke in
        Stroke(
          stroke.points.map {
            Point(x: right + scale * ($0.x - box.lower.x), y: top + scale * ($0.y - box.lower.y))
          })
      }
      right += scale * box.width + 30
    }
    for (place, part) in parts.enumerated() {
      if place > 0 { try add(plus, height: 50, top: 28) }
      try add(part, height: 100, top: 0)
    }
    try add(equals, height: 25, top: 40)
    return strokes
  }

  /// Whether all of what a selector finds lies within the window, and under nothing else.
  private func isSeen(_ selector: String, in browser: Browser) throws -> String {
    try browser.evaluate(
      """
      [...document.querySelectorAll('\(selector)')].map((one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && right > left;
        const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return isInside && (one.contains(found) || found?.contains(one)) ? 'seen'
          : `${one.id || one.className} ${left} ${top} ${right} ${bottom} under ${found?.id}`;
      }).filter((one) => one !== 'seen').join('; ') || 'seen'
      """)
  }

  @Test(
    "42 strokes: the value is seen, and nothing covers anything",
    arguments: [(390, 844), (844, 390), (1180, 760), (3840, 2160)])
  func longSums(width: Int, height: Int) throws {
    try withBrowser { browser, _ in
      try browser.screen(width, height, scale: 1, isPhone: width < 1000)
      let strokes = try longSum()
      #expect(strokes.count == 42)
      if width < 1000 {
        try draw(strokes, in: browser, size: 100)
      } else {
        _ = try browser.evaluate("pad.load(\(script(strokes)))")
      }
      try browser.wait("pad.state.strokes.length", for: "42")
      try browser.wait("pad.state.isAnswered", for: "true")
      try browser.wait("pad.lines()[0].value !== undefined", for: "true")
      #expect(try isSeen("#lines .value, #lines .expression", in: browser) == "seen")
      #expect(try isSeen("#tools button, header button, #typed, #copy", in: browser) == "seen")
      // The tools and the answer are beside the paper, not on it.
      let overlaps = """
        (() => {
          const [paper, ...others] = ['paper', 'tools', 'answer', 'past'].map((id) =>
            document.getElementById(id).getBoundingClientRect());
          return others.some((one) => one.left < paper.right && one.right > paper.left
            && one.top < paper.bottom && one.bottom > paper.top);
        })()
        """
      #expect(try browser.evaluate(overlaps) == "false")
      #expect(
        try browser.evaluate(
          "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
        ) == "true")
    }
  }

  @Test("a value of 158 figures stays within a phone")
  func longValue() throws {
    try withBrowser { browser, _ in
      try browser.screen(390, 844, scale: 2, isPhone: true)
      for sum in ["100!", "2^400+1", "10^30/7"] {
        _ = try browser.evaluate("pad.type('\(sum)')")
        try browser.wait("pad.lines()[0]?.expression", for: sum)
        #expect(try isSeen("#lines .value", in: browser) == "seen", "\(sum)")
        if try browser.evaluate("document.querySelector('#lines button.value') !== null") == "true"
        {
          try browser.click("#lines .value")
          #expect(try isSeen("#lines .value", in: browser) == "seen", "\(sum)")
        }
      }
    }
  }

  @Test("a notice does not move the paper")
  func notice() throws {
    try withBrowser { browser, _ in
      let place = "JSON.stringify(pad.sheet.getBoundingClientRect())"
      let before = try browser.evaluate(place)
      try browser.evaluateAndWait(
        "pad.open(new File(['nothing'], 'x'))", "document.getElementById('notice').hidden",
        for: "false")
      #expect(try browser.evaluate(place) == before)
    }
  }

  @Test("what can be pressed is 44 pixels wide and high")
  func targets() throws {
    try withBrowser { browser, _ in
      for (width, height) in [(390, 844), (844, 390), (1180, 760)] {
        try browser.screen(width, height)
        _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
        try browser.wait(lines, for: "4+4=8")
        let small = """
          [...document.querySelectorAll('button:not(.mark), #typed')].filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            return width > 0 && (width < 44 || height < 44);
          }).map((one) => one.id || one.className || one.textContent).join()
          """
        #expect(try browser.evaluate(small) == "", "\(width)×\(height)")
      }
    }
  }

  @Test(
    "narrow and low windows, as at 400 %: all is there or scrolled to, and the paper has its height",
    arguments: [(320, 568), (320, 256), (300, 256), (360, 640), (375, 300), (540, 400)])
  func narrow(width: Int, height: Int) throws {
    try withBrowser { browser, _ in
      try browser.screen(width, height)
      let outside = """
        [...document.querySelectorAll('button:not(.mark), #typed, #paper')].filter((one) => {
          const { left, right, width } = one.getBoundingClientRect();
          return width > 0 && (left < 0 || right > innerWidth) && !one.closest('#history');
        }).map((one) => one.id).join()
        """
      #expect(try browser.evaluate(outside) == "")
      let paper = try browser.evaluate("pad.sheet.clientHeight >= 150 || pad.sheet.clientHeight")
      #expect(paper == "true")
      // What lies below is scrolled to.
      _ = try browser.evaluate("document.getElementById('clear').scrollIntoView()")
      #expect(
        try browser.evaluate(
          "(r => r.top >= 0 && r.bottom <= innerHeight)(document.getElementById('clear').getBoundingClientRect())"
        ) == "true")
      #expect(try browser.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true")
    }
  }

  @Test("what is printed is the paper with its answers, dark on white, as a whole")
  func printed() throws {
    try withBrowser { browser, _ in
      try browser.colours("dark")
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait("document.querySelectorAll('#marks .answer').length", for: "1")
      try browser.call(
        "Emulation.setEmulatedMedia",
        #"{"media":"print","features":[{"name":"prefers-color-scheme","value":"dark"}]}"#)
      let seen = """
        ['header', '#paper', '#ink', '#marks .answer', '#tools', '#answer', '#past', '#notice', '#empty', '.mark']
          .filter((one) => document.querySelector(one).checkVisibility()).join()
        """
      try browser.wait(seen, for: "#paper,#ink,#marks .answer")
      #expect(
        try browser.evaluate(
          "document.getElementById('paper').getBoundingClientRect().width <= 690")
          == "true")
      // Where the first stroke begins there is black ink.
      let pixel = """
        (() => {
          const canvas = document.getElementById('ink');
          const [x, y] = pad.toSheet(pad.state.strokes[0].points[0]).map((one) => one * canvas.width / canvas.clientWidth);
          // By a canvas that is there to be read: of the other one Chromium complains.
          const read = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          read.drawImage(canvas, -Math.floor(x), -Math.floor(y));
          return [...read.getImageData(0, 0, 1, 1).data].join();
        })()
        """
      try browser.wait(pixel, for: "0,0,0,255")
      let file = try browser.call("Page.printToPDF", "{}")
      #expect(file.count > 5000)
      try browser.colours("dark")
      try browser.wait("document.getElementById('tools').checkVisibility()", for: "true")
    }
  }
}
