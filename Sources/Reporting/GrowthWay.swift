import Portfolio

/// A way to add returns up that the reader of a page can switch to.
enum GrowthWay: String, CaseIterable {
  case product = "compounded"
  case sum = "summed"
  case log = "log scale"
  case matched = "same volatility"

  /// What is drawn of daily returns: percent, or on a logarithmic scale how many times the start.
  func values(_ daily: [Double]) -> [Double] {
    (self == .sum ? ReturnConvention.sum : .product).cumulative(daily).map {
      self == .log ? 1 + $0 : 100 * $0
    }
  }

  /// Makes a chart one of this way.
  func apply(to manner: inout ChartSheet.Manner) {
    if self == .log { (manner.isLogarithmic, manner.unit) = (true, "times the start") }
  }
}

/// Charts of several ways of which one is shown, and the switch between them, which needs no script.
enum WaySwitch {
  /// The switch and the charts; the first way is shown at first.
  static func html(_ ways: [GrowthWay], _ charts: (GrowthWay) -> String) -> String {
    var parts = ["<div class=switch>"]
    for (place, way) in ways.enumerated() {
      parts.append(
        "<input type=radio name=way id=way-\(way)\(place == 0 ? " checked" : "")>"
          + "<label for=way-\(way)>\(way.rawValue)</label>")
    }
    for way in ways { parts.append("<div class='way way-\(way)'>\(charts(way))</div>") }
    return parts.joined(separator: "\n") + "</div>"
  }

  /// Its rules.
  static let style = """

    .switch input{position:absolute;opacity:0}.switch label{display:inline-block;font-size:13px;cursor:pointer;
    color:var(--soft);border:1px solid var(--rule);padding:3px 11px;margin-right:-1px}
    .switch input:checked+label{color:var(--ink);background:var(--panel);font-weight:600}
    .switch input:focus-visible+label{outline:2px solid var(--good)}
    .way{display:none;margin-top:16px}.way figure{margin-bottom:22px}
    \(GrowthWay.allCases.map { "#way-\($0):checked~.way-\($0)" }.joined(separator: ",")){display:block}
    details{margin-bottom:24px}summary{cursor:pointer;font-size:14px;font-weight:600;margin-bottom:8px}
    @media print{.switch input,.switch label{display:none}}
    """
}
