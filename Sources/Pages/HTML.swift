/// Texts of a page.
public enum HTML {
  /// A text whose signs mean themselves.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{0}"..<" ", "\u{7f}"..<"\u{a0}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A number's text with a minus sign as wide as a digit, and a dash for none.
  public static func number(_ text: String) -> String {
    text == "-" ? "–" : text.hasPrefix("-") ? "−\(text.dropFirst())" : text
  }

  /// A table whose first column names the rows; of cells the text, and a style where it is not empty.
  public static func table(
    _ caption: String, head: [String], rows: [[(text: String, style: String)]],
    class name: String = ""
  ) -> String {
    var lines = ["<div class=scroll><table class='\(name)'><caption>\(caption)</caption>"]
    lines.append("<thead><tr>" + head.map { "<th scope=col>\($0)" }.joined() + "</thead><tbody>")
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let style = cell.style.isEmpty ? "" : " style='\(cell.style)'"
        return column == 0
          ? "<th scope=row>\(cell.text)" : "<td\(style)>\(number(cell.text))"
      }
      lines.append("<tr>" + cells.joined())
    }
    lines.append("</tbody></table></div>")
    return lines.joined(separator: "\n")
  }
}
