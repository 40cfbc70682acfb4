import Ink
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Pens, palms and fingers, several at a time.
extension PadTests.InBrowser {
  /// After this, in microseconds, a pen that was seen is no longer near.
  private static let penIsGone: UInt32 = 2_700_000
  /// After this, a tap belongs to no writing.
  static let strokeIsDone: UInt32 = 700_000

  @Test(
    "a palm that rests first is no stroke: the pen takes over as it comes near, and all is read")
  func palmThenPen() throws {
    try withBrowser { browser, _ in
      try browser.screen(1024, 768, isPhone: true)
      try browser.touch("touchStart", [(1, 640, 600)])
      try browser.wait("pad.state.pointer !== null", for: "true")
      try browser.touch("touchStart", [(1, 640, 600), (2, 700, 640)])
      try browser.touch("touchMove", [(1, 620, 600), (2, 715, 660)])
      try browser.wait("pad.state.view.scale > 1.05", for: "true")
      // It hovers, as tablets tell it: the palm has drawn nothing, and moved nothing.
      try browser.mouse("mouseMoved", (300, 400), held: 0)
      try browser.wait("`${pad.state.pointer} ${pad.state.view.scale}`", for: "null 1")
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.touch("touchMove", [(1, 630, 610), (2, 715, 660)])
      try browser.touch("touchEnd", [])
      try browser.wait("pad.state.strokes.length", for: "8")
      try browser.wait(lines, for: "4+4=8")
    }
  }

  @Test("a palm behind the pen draws nothing, also between its strokes")
  func penThenPalm() throws {
    try withBrowser { browser, _ in
      try browser.screen(1024, 768, isPhone: true)
      let strokes = Self.drawings[0].strokes
      try draw(Array(strokes[..<4]), in: browser)
      let count = try browser.evaluate("pad.state.strokes.length")
      try browser.touch("touchStart", [(1, 700, 600)])
      try browser.touch("touchMove", [(1, 760, 640)])
      try browser.touch("touchEnd", [])
      #expect(count == "4")
      #expect(try browser.evaluate("pad.state.strokes.length") == "4")
    }
  }

  @Test("a second finger drops the line of the first: a pinch draws nothing, and zooms")
  func pinch() throws {
    try withBrowser { browser, _ in
      try browser.screen(1024, 768, isPhone: true)
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(lines, for: "4+4=8")
      usleep(Self.penIsGone)
      try browser.touch("touchStart", [(1, 400, 450)])
      try browser.touch("touchMove", [(1, 405, 455)])
      try browser.wait("pad.state.current?.points.length", for: "2")
      try browser.touch("touchStart", [(1, 405, 455), (2, 600, 450)])
      for step in 1...8 {
        let apart = Double(10 * step)
        try browser.touch("touchMove", [(1, 405 - apart, 455), (2, 600 + apart, 450)])
      }
      try browser.touch("touchEnd", [])
      let scale = try #require(Double(try browser.evaluate("pad.state.view.scale")))
      #expect(scale > 1.5 && scale < 2.2, "\(scale)")
      #expect(try browser.evaluate("pad.state.strokes.length") == "8")
      #expect(try browser.evaluate(lines) == "4+4=8")

      // All of it again at a click; and by the wheel.
      try browser.click("#fit")
      let whole = try #require(Double(try browser.evaluate("pad.state.view.scale")))
      try browser.call(
        "Input.dispatchMouseEvent",
        #"{"type":"mouseWheel","x":500,"y":450,"deltaX":0,"deltaY":-100,"modifiers":2}"#)
      try browser.wait("pad.state.view.scale > \(whole * 1.2)", for: "true")
    }
  }

  @Test("one finger writes, and none does where only a pen may")
  func finger() throws {
    try withBrowser { browser, _ in
      try browser.screen(1024, 768, isPhone: true)
      for expected in ["1", "1"] {
        try browser.touch("touchStart", [(1, 400, 400)])
        for step in 1...10 { try browser.touch("touchMove", [(1, 400, 400 + 12 * Double(step))]) }
        try browser.touch("touchEnd", [])
        #expect(try browser.evaluate("pad.state.strokes.length") == expected)
        _ = try browser.evaluate("document.getElementById('pen-only').click()")
      }
    }
  }

  @Test("the line is wider where the pen presses; its width follows the writing, and the zoom")
  func width() throws {
    try withBrowser { browser, _ in
      for (place, pressure) in [(0, 0.2), (1, 0.9)] {
        let x = 300 + 100 * Double(place)
        try browser.mouse("mousePressed", (x, 300), held: 1, pressure: pressure)
        for step in 1...10 {
          try browser.mouse(
            "mouseMoved", (x, 300 + 12 * Double(step)), held: 1, pressure: pressure)
        }
        try browser.mouse("mouseReleased", (x, 420), held: 0)
      }
      let width =
        "Math.max(...pad.state.strokes[0].widths) < Math.min(...pad.state.strokes[1].widths)"
      #expect(try browser.evaluate(width) == "true")
      // As wide beside the writing on a phone and on a wall.
      var shares: [Double] = []
      for (wide, high) in [(390, 844), (3840, 2160)] {
        try browser.screen(wide, high)
        _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
        let share = "pad.penWidth() / (pad.state.strokes[0].box[3] - pad.state.strokes[0].box[1])"
        shares.append(try #require(Double(try browser.evaluate(share))))
      }
      #expect(shares.allSatisfy { $0 > 0.015 && $0 < 0.07 }, "\(shares)")
    }
  }

  @Test("a tap beside the ink is a point, a tap on it is none")
  func tap() throws {
    try withBrowser { browser, _ in
      try draw(Self.drawings[0].strokes, in: browser)
      try browser.wait(reading, for: "4+4=")
      usleep(Self.strokeIsDone)
      let place = try spotOfInk(0, in: browser)
      try browser.drag([place])
      try browser.wait("document.querySelector('#choices:popover-open') !== null", for: "true")
      #expect(try browser.evaluate("pad.state.strokes.length") == "8")
      // The tap that closes the menu is no point either.
      try browser.drag([(place.x - 150, place.y)])
      #expect(try browser.evaluate("pad.state.strokes.length") == "8")
      try browser.drag([(place.x - 60, place.y + 60)])
      try browser.wait("pad.state.strokes.length", for: "9")
      // Nor is one that follows a stroke at once a tap: so are the dots of a small ÷ set.
      try browser.drag([place])
      try browser.wait("pad.state.strokes.length", for: "10")
    }
  }

  @Test(
    "a stroke that begins on the button of the empty paper is a stroke; a still tap and a key press it",
    arguments: ["pen", "mouse", "touch"])
  func exampleButton(_ pointer: String) throws {
    try withBrowser { browser, _ in
      if pointer == "touch" { try browser.screen(390, 844, isPhone: true) }
      let spot = try browser.spot(
        browser.evaluate(
          "(r => `${r.x + r.width / 2} ${r.y + r.height / 2}`)(document.getElementById('example').getBoundingClientRect())"
        ))
      func drag(_ points: [Browser.Spot]) throws {
        guard pointer == "touch" else { return try browser.drag(points, by: pointer) }
        try browser.touch("touchStart", [(0, points[0].x, points[0].y)])
        for point in points.dropFirst() { try browser.touch("touchMove", [(0, point.x, point.y)]) }
        try browser.touch("touchEnd", [])
      }
      // Back to where it began, too.
      try drag([0, 10, 25, 40, 20, 0].map { (spot.x, spot.y + $0) })
      try browser.wait("pad.state.strokes.length", for: "1")
      #expect(try browser.evaluate("pad.state.strokes[0].points.length > 3") == "true")
      try browser.press("z", code: "KeyZ", number: 90, held: 2)
      try browser.wait("document.getElementById('empty').hidden", for: "false")
      try drag([spot, (spot.x + 1, spot.y + 1)])
      try browser.wait(lines, for: "1/2+1/3=5/6")
      #expect(try browser.evaluate("pad.state.strokes.length") == "10")
      #expect(try browser.evaluate("pad.state.past.length") == "1")

      try browser.press("z", code: "KeyZ", number: 90, held: 2)
      try browser.wait("pad.state.strokes.length", for: "0")
      _ = try browser.evaluate("document.getElementById('example').focus()")
      try browser.call(
        "Input.dispatchKeyEvent",
        #"{"type":"keyDown","key":"Enter","code":"Enter","windowsVirtualKeyCode":13,"text":"\r"}"#)
      try browser.wait("pad.state.strokes.length", for: "10")
    }
  }
}
