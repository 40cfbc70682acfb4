/// A text as a QR code for a terminal, two rows of modules a line of characters; nil where it is too long.
///
/// Dark on light in whatever colours the terminal has, as some readers do not know it the other way round;
/// without colours, as where `NO_COLOR` is set, light is what the terminal writes with, which is
/// right on dark ones.
public func qrCode(of text: String, isColoured: Bool) -> String? {
  guard let code = QRCode(text) else { return nil }
  // Four light modules all around belong to the code.
  let rows = stride(from: -4, to: code.size + 4, by: 2).map { y in
    (-4..<(code.size + 4)).map { x in
      let upper = code[x, y] == isColoured
      let lower = code[x, y + 1] == isColoured
      return upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
    }.joined()
  }
  let (start, end) = isColoured ? ("\u{1B}[38;5;16;48;5;231m", "\u{1B}[0m") : ("", "")
  return rows.map { "\(start)\($0)\(end)\n" }.joined()
}
