import Ink
import Testing

/// What goes into the clipboard.
extension PadTests.InBrowser {
  @Test("the answer is copied as its result, as text, LaTeX, MathML and a picture")
  func copied() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate(
        """
        Object.defineProperty(navigator, 'clipboard', { value: {
          writeText: async (text) => { globalThis.copied = text; },
          write: async ([item]) => { globalThis.copied = (await item.getType('image/png')).size > 500; },
        } })
        """)
      _ = try browser.evaluate("pad.load(\(script(try sample("two-fractions"))))")
      try browser.wait(lines, for: "1/2+1/3=5/6")
      for (item, expected) in [
        ("result", "5/6"), ("text", "1/2+1/3=5/6"),
        ("latex", "\\frac{1}{2}+\\frac{1}{3}=\\frac{5}{6}"),
        ("picture", "true"),
      ] {
        try browser.click("#copy")
        // It has come to its place when it has the focus.
        try browser.wait("document.activeElement.id", for: "copy-result")
        try browser.click("#copy-\(item)")
        try browser.wait("globalThis.copied", for: expected)
      }
      _ = try browser.evaluate("document.getElementById('copy-mathml').click()")
      try browser.wait("/^<math .*<mfrac>/.test(globalThis.copied)", for: "true")
      try browser.wait(
        "globalThis.copied.endsWith('<mo>=</mo><mfrac><mrow><mn>5</mn></mrow><mn>6</mn></mfrac></math>') || globalThis.copied",
        for: "true")
      _ = try browser.evaluate("globalThis.copied = ''")
      try browser.press("c", code: "KeyC", number: 67, held: 2)
      try browser.wait("globalThis.copied", for: "5/6")

      // Several lines are one display; what is not exact is about so much.
      for (sums, expected) in [
        (
          ["1+1", "2-√2×2", "2+2=5"],
          [
            #"\begin{gathered}"#, #"1+1=2 \\"#,
            #"2-\sqrt{2}\times 2\approx -0.828427124746 \\"#, "2+2=5", #"\end{gathered}"#,
          ]
        ), (["√8×3"], [#"\sqrt{8}\times 3=6\sqrt{2}"#]),
        (["0-1/2"], [#"0-\frac{1}{2}=-\frac{1}{2}"#]),
      ] {
        for (place, sum) in sums.enumerated() {
          _ = try browser.evaluate("pad.type('\(sum)')")
          try browser.wait("pad.lines()[0]?.expression", for: sum)
          _ = try browser.evaluate("(globalThis.found ??= [])[\(place)] = pad.state.typed")
        }
        _ = try browser.evaluate(
          "(() => { pad.state.typed = { lines: found.slice(0, \(sums.count)) }; document.getElementById('copy-latex').click(); })()"
        )
        try browser.wait("globalThis.copied", for: expected.joined(separator: "\n"))
      }
    }
  }
}
