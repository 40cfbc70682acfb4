import Streams

/// Parts of a picture that stands in a page, or is a file of its own.
public enum SVG {
  /// How wide a text is, of letters so high: in a wide font, as nobody knows which one is there.
  public static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { width, letter in
      width + ("ilj.,:;|'!ft ".contains(letter) ? 0.39 : "mwMW%×".contains(letter) ? 0.9 : 0.64)
    } * size
  }

  /// A text; the anchor is `start`, `middle` or `end`.
  public static func text(
    _ x: Double, _ y: Double, _ text: String, size: Double = 12, anchor: String = "start",
    colour: ChartColour = .text, isBold: Bool = false
  ) -> String {
    "<text x='\(number(x))' y='\(number(y))' font-size='\(number(size))' text-anchor='\(anchor)'"
      + "\(isBold ? " font-weight='600'" : "") fill='\(colour.rawValue)'>"
      + "\(HTML.escaped(text))</text>"
  }

  /// A line.
  public static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: ChartColour,
    width: Double = 1, dashes: String = ""
  ) -> String {
    "<line x1='\(number(x1))' y1='\(number(y1))' x2='\(number(x2))' y2='\(number(y2))'"
      + " stroke='\(colour.rawValue)' stroke-width='\(number(width))'"
      + "\(dashes.isEmpty ? "" : " stroke-dasharray='\(dashes)'")/>"
  }

  /// A bar.
  public static func bar(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ colour: ChartColour
  ) -> String {
    "<rect x='\(number(x))' y='\(number(y))' width='\(number(max(width, 0)))'"
      + " height='\(number(height))' fill='\(colour.rawValue)'/>"
  }

  /// The picture in a page, as wide as there is room.
  public static func picture(_ label: String, width: Double, height: Double, _ parts: [String])
    -> String
  {
    "<svg viewBox='0 0 \(number(width)) \(number(height))' role=img"
      + " aria-label='\(HTML.escaped(label))'>\(parts.joined())</svg>"
  }

  /// A length in hundredths, without digits that say nothing.
  static func number(_ value: Double) -> String {
    var text = fixed(value, 2)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
