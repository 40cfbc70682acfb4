/// A colour of charts; the raw value is the colour on white.
///
/// Source of the colours that tell things apart: Okabe and Ito, "Color universal design", 2008. The groups
/// go from orange over grey to blue, which also the colour-blind see in order.
public enum ChartColour: String, CaseIterable, Sendable {
  case blue = "#0072b2"
  case lightBlue = "#56b4e9"
  case grey = "#7d7d7d"
  case orange = "#c44e00"
  case lightOrange = "#e69f00"
  case green = "#007a5a"
  case purple = "#a8487f"
  case group1 = "#08519c"
  case group2 = "#6baed6"
  case group3 = "#969696"
  case group4 = "#f0a04b"
  case group5 = "#a63603"
  case text = "#595959"
  case axis = "#9a9a9a"
  case grid = "#e6e6e6"

  /// The colour on a dark page.
  var dark: String {
    switch self {
    case .blue: "#4aa8e8"
    case .lightBlue: "#9fd3f5"
    case .grey: "#a3a3a3"
    case .orange: "#f28a4c"
    case .lightOrange: "#ffcb66"
    case .green: "#3cc79f"
    case .purple: "#e39cc6"
    case .group1: "#5b9ff0"
    case .group2: "#9ccbec"
    case .group3: "#b0b0b0"
    case .group4: "#f5bd7f"
    case .group5: "#e8743b"
    case .text: "#b4b4b4"
    case .axis: "#7a7a7a"
    case .grid: "#34373b"
    }
  }

  /// The colours of groups, the highest scores first.
  public static let groups: [ChartColour] = [.group1, .group2, .group3, .group4, .group5]

  /// The rules that give charts other colours on a dark screen.
  ///
  /// gnuplot writes colours as attributes, which any rule of a style sheet goes before.
  static let darkRules = allCases.map {
    ".chart [stroke='\($0.rawValue)']{stroke:\($0.dark)}"
      + ".chart [fill='\($0.rawValue)']{fill:\($0.dark)}"
      + ".key i[data-c='\($0.rawValue)']{background:\($0.dark)!important}"
  }.joined(separator: "\n")
}
