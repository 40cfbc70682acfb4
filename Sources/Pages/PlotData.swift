#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What plots show under a pointer, as the page's script reads it.
///
/// Values are whole numbers of the last digit that is shown, each as its difference from the one before: most of
/// them are a digit or two.
public struct PlotData {
  private var axes: [String] = []
  private var plots: [String] = []

  /// Data of no plot.
  public init() {}

  /// Adds a plot; returns its number.
  mutating func add(_ plot: Plot) -> Int {
    let axis =
      switch plot.names {
      case .days: "[0,\"\(Self.text(plot.places, digits: 0))\"]"
      case .numbers: "[2,\"\(Self.text(plot.places, digits: 4))\",4]"
      case .words(let words): "[1,[\(words.map(Self.quoted).joined(separator: ","))]]"
      }
    let number = axes.firstIndex(of: axis) ?? axes.count
    if number == axes.count { axes.append(axis) }
    let curves = plot.curves.filter { $0.places == nil }.map {
      "[\(Self.quoted($0.name)),\"\($0.colour.rawValue)\",\"\(Self.text($0.values, digits: plot.digits))\"]"
    }
    let range = plot.range
    plots.append(
      "[\(number),\(range.low),\(range.high),\(plot.digits),[\(curves.joined(separator: ","))]]")
    return plots.count - 1
  }

  /// The element that the script reads, and the script; nothing where there is no plot.
  public var html: String {
    plots.isEmpty
      ? ""
      : "<script type=application/json id=plots>{\"axes\":[\(axes.joined(separator: ","))],\n"
        + "\"plots\":[\(plots.joined(separator: ",\n"))]}</script>\n<script>\(PlotScript.text)</script>"
  }

  /// Differences in units of the last digit, with nothing for what is no number.
  private static func text(_ values: [Double], digits: Int) -> String {
    let scale = pow(10, Double(digits))
    var bytes: [UInt8] = []
    var last = 0
    for (place, value) in values.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      guard Plot.isDrawable(value) else { continue }
      let whole = Int((value * scale).rounded(), within: -(1 << 60)...1 << 60)
      bytes.append(contentsOf: String(whole - last).utf8)
      last = whole
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text within JSON, within a page: names are the house's own or those of files.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "<", "&", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case "\u{0}"..<" ": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
