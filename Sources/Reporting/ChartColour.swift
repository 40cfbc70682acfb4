/// What a colour of the charts stands for; the raw value is the colour on white.
///
/// Source of the colours that tell things apart: Okabe and Ito, "Color universal design", 2008. The groups
/// go from orange over grey to blue, which also the colour-blind see in order.
enum ChartColour: String, CaseIterable {
  case strategy = "#0072b2"
  case strategyGross = "#56b4e9"
  case benchmark = "#7d7d7d"
  case excess = "#c44e00"
  case excessGross = "#e69f00"
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
    case .strategy: "#4aa8e8"
    case .strategyGross: "#9fd3f5"
    case .benchmark: "#a3a3a3"
    case .excess: "#f28a4c"
    case .excessGross: "#ffcb66"
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
  static let groups: [ChartColour] = [.group1, .group2, .group3, .group4, .group5]

  /// The rules that give charts other colours on a dark screen.
  ///
  /// gnuplot writes colours as attributes, which any rule of a style sheet goes before.
  static let darkRules = allCases.map {
    ".chart [stroke='\($0.rawValue)']{stroke:\($0.dark)}"
      + ".chart [fill='\($0.rawValue)']{fill:\($0.dark)}"
      + ".key i[data-c='\($0.rawValue)']{background:\($0.dark)!important}"
  }.joined(separator: "\n")
}
