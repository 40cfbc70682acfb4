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
        ("result", "5/6"), ("text", "1/2+1/3=5/6"), ("latex", "\\frac{1}{2}+\\frac{1}{3}"),
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
      _ = try browser.evaluate("globalThis.copied = ''")
      try browser.press("c", code: "KeyC", number: 67, held: 2)
      try browser.wait("globalThis.copied", for: "5/6")
    }
  }
}
