import Ink
import TestFolders
import Testing

/// The pictures of the documentation, taken anew with CONVOY_PICTURES=update.
extension PadTests.InBrowser {
  @Test(
    "the pictures of docs/pad.md",
    .enabled(
      if: variable("CONVOY_PICTURES") == "update", "CONVOY_PICTURES=update takes them"))
  func pictures() throws {
    for (name, width, height, scheme) in [
      ("ink-pad", 1180, 700, "light"), ("ink-pad-dark", 1180, 700, "dark"),
      ("ink-pad-phone", 390, 844, "light"),
    ] {
      try withBrowser { browser, _ in
        try browser.screen(width, height, isPhone: width < 1000)
        try browser.colours(scheme)
        _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
        try browser.wait(lines, for: "4+4=8")
        _ = try browser.evaluate("document.getElementById('example').click()")
        try browser.wait(lines, for: "1/2+1/3=5/6")
        if name == "ink-pad" { try browser.click("#groups") }
        try browser.picture("\(root)/docs/\(name).png")
      }
    }
  }
}
