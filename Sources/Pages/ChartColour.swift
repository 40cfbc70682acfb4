/// A colour of charts; the raw value is the colour on white.
///
/// Source of the colours that tell things apart: Okabe and Ito, "Color universal design", 2008, the light ones
/// darkened until a line stands out from the page as WCAG 2.2 asks (3 : 1). The groups go from orange over grey
/// to blue, which also the colour-blind see in order.
public enum ChartColour: String, CaseIterable, Sendable {
  case blue = "#0072b2"
  case lightBlue = "#3a95cf"
  case grey = "#7d7d7d"
  case orange = "#c44e00"
  case lightOrange = "#b98500"
  case green = "#007a5a"
  case purple = "#a8487f"
  case group1 = "#08519c"
  case group2 = "#4a94c0"
  case group3 = "#8c8c8c"
  case group4 = "#c97a22"
  case group5 = "#a63603"
  case text = "#595959"
  case axis = "#8a8a8a"
  case grid = "#e6e6e6"

  /// The colour on a dark page.
  public var dark: String {
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
  /// Charts have colours as attributes, which any rule of a style sheet goes before.
  static let darkRules = allCases.map {
    ".chart [stroke='\($0.rawValue)']{stroke:\($0.dark)}"
      + ".chart [fill='\($0.rawValue)']{fill:\($0.dark)}"
      + ".key i[data-c='\($0.rawValue)'],.tip i[data-c='\($0.rawValue)']{background:\($0.dark)!important}"
  }.joined(separator: "\n")
}
