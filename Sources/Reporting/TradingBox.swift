import Days
import Pages
import Portfolio
import Statistics
import Streams

/// The box 'How it was traded': what made these numbers, as far as their source tells.
struct TradingBox {
  private let report: RiskReport

  init(_ report: RiskReport) { self.report = report }

  /// The box, as it stands in the page.
  var html: String {
    let isLedger = report.returns.ledger != nil
    return "<h2>\(isLedger ? "How it was traded" : "Where it is from")</h2>"
      + HTML.table(
        "", head: ["", ""],
        rows: rows.map { [($0.name, ""), (HTML.escaped($0.text), "")] }, class: "words")
  }

  /// What is told, a row each.
  var rows: [(name: String, text: String)] {
    let days = report.days
    var rows: [(name: String, text: String)] = []
    if let first = days.first, let last = days.last {
      rows.append(("Days", "\(days.count), \(first) to \(last)"))
    }
    if let ledger = report.returns.ledger {
      rows += Self.trades(ledger)
    } else {
      rows.append(("Costs", "as they are in the returns: nothing tells"))
    }
    for (key, text) in report.returns.ledger?.settings ?? [] { rows.append((key, text)) }
    rows.append(
      (
        "Days of a year, rate without risk",
        "\(RiskReport.plain(report.annualization)), "
          + "\(fixed(100 * report.riskFree, 2)) %"
      ))
    if let fingerprint = report.returns.fingerprint {
      rows.append(("SHA-256 of the input", fingerprint))
    }
    return rows
  }

  private static func trades(_ ledger: LedgerHistory) -> [(name: String, text: String)] {
    let accounts = ledger.column("account")
    let (gross, cost) = (ledger.column("return").first ?? .nan, ledger.column("cost").first ?? .nan)
    let start = (accounts.first ?? .nan) / (1 + gross - cost)
    let orders = ledger.column("orders").known
    let traded = ledger.column("total_turnover").known.last ?? .nan
    var rows: [(name: String, text: String)] = []
    if start.isFinite { rows.append(("Account at the start", grouped(start))) }
    if !orders.isEmpty {
      let days = orders.count { $0 > 0 }
      rows.append(
        (
          "Orders",
          "\(grouped(orders.reduce(0, +))) on \(days) day\(days == 1 ? "" : "s"), "
            + "\(fixed(orders.mean, 1)) a day"
        ))
    }
    if traded > 0, ledger.totalCost.isFinite {
      rows.append(("Cost", "\(fixed(1e4 * ledger.totalCost / traded, 2)) of 10,000 traded"))
    }
    return rows
  }
}
