import Ink
import Testing

/// How long frames take on a full sheet.
extension PadTests.InBrowser {
  @Test("drawing goes on smoothly with 5,000 points on the sheet")
  func fullSheet() throws {
    try withBrowser(query: "?debug") { browser, _ in
      _ = try browser.evaluate(
        """
        pad.load(Array.from({ length: 100 }, (_, stroke) => Array.from({ length: 50 }, (_, point) =>
          [stroke % 20 * 40 + 15 * Math.cos(point / 8), Math.floor(stroke / 20) * 60 + 20 * Math.sin(point / 6)])))
        """)
      try browser.wait("pad.state.isAnswered", for: "true")
      let zigzag: [Browser.Spot] = (0...120).map { step in
        (x: 300 + 4 * Double(step), y: step.isMultiple(of: 2) ? 500 : 530)
      }
      try browser.drag(zigzag)
      try browser.wait("pad.state.strokes.length", for: "101")
      let longest = try #require(
        Double(try browser.evaluate("document.getElementById('latency').dataset.frame")))
      // Other tests run meanwhile: by itself it is bounded by 50 ms.
      #expect(longest > 0 && longest < 400)
      // What a frame costs, apart from what else the machine does.
      let cost = try #require(
        Double(
          try browser.evaluate(
            """
            (() => {
              const times = [];
              pad.state.current = { points: Array.from({ length: 200 }, (_, i) => [i, i % 7]), widths: null };
              for (let i = 0; i < 50; i += 1) {
                const start = performance.now();
                pad.paint();
                times.push(performance.now() - start);
              }
              pad.state.current = null;
              pad.paint();
              return times.sort((one, other) => one - other)[25];
            })()
            """)))
      print("ink-pad: with 5,000 points, longest frame \(longest) ms, painting one \(cost) ms")
      #expect(cost < 50)
    }
  }
}
