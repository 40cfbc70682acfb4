import Days
import Statistics
import Streams

/// Writes what a signal was worth: a line a day and a summary, or the summary as a table.
public final class SignalReport {
  private let output: ByteWriter
  private var json: JSONWriter
  private let annualization: Double
  private let writesTable: Bool
  private var days = 0
  private var correlation = DailyMean()
  private var rankCorrelation = DailyMean()
  private var longShort = DailyMean()
  private var groups: [DailyMean]
  private var autocorrelation = DailyMean()
  private var turnover = DailyMean()
  /// The last two days.
  private var last: [Day] = []
  /// Scores with a label on all days.
  private var scored = 0
  /// Days with scores of which none has a label, and days of one score alone.
  private var (empty, flat): ([Day], [Day]) = ([], [])

  /// A report of so many groups; a year has `annualization` days.
  public init(_ output: ByteWriter, groups: Int, annualization: Double, table: Bool) {
    self.output = output
    json = JSONWriter(output)
    self.annualization = annualization
    self.groups = Array(repeating: DailyMean(), count: groups)
    writesTable = table
  }

  /// Takes in a day, and writes its line.
  public func add(_ day: SignalDay) throws {
    days += 1
    last = last.suffix(1) + [day.day]
    scored += day.count
    if day.count == 0, day.scored > 0 { empty.append(day.day) }
    if day.isFlat { flat.append(day.day) }
    correlation.add(day.correlation)
    rankCorrelation.add(day.rankCorrelation)
    longShort.add(day.longShort)
    for (place, mean) in day.groups.enumerated() { groups[place].add(mean) }
    autocorrelation.add(day.autocorrelation)
    turnover.add(day.turnover)
    guard !writesTable else { return }
    json.beginObject()
    json.put("record", "day")
    json.put("date", "\(day.day)")
    json.put("count", day.count)
    json.put("ic", day.correlation)
    json.put("rank_ic", day.rankCorrelation)
    json.put("long_short", day.longShort)
    json.put("groups", day.groups)
    json.put("autocorrelation", day.autocorrelation)
    json.put("turnover", day.turnover)
    json.endObject()
    json.endLine()
    try output.commit()
  }

  /// What should be known of the days, a line each.
  ///
  /// Labels of the last two days are still to come.
  public var notes: [String] {
    var notes: [String] = []
    let early = empty.filter { !last.contains($0) }
    if let first = early.first {
      notes.append(
        "no score has a label on \(early.count) of \(days) days, first \(first): are they trading "
          + "days, and codes spelt alike?")
    }
    if let first = flat.first {
      notes.append(
        "all scores are the same on \(flat.count) of \(days) days, first \(first): groups are in order of "
          + "the codes there")
    }
    for (name, mean) in [("IC", correlation), ("rank IC", rankCorrelation)]
    // Of a few scores they may be in one order by chance.
    where days > 2 && scored >= 10 * days && mean.mean.magnitude > 0.9 {
      notes.append(
        "\(name) is \(fixed(mean.mean, 2)) on average, which nothing known beforehand has: is the label in the "
          + "score?")
      break
    }
    return notes
  }

  /// Writes the summary; nothing where there was no day.
  public func finish() {
    guard days > 0 else { return }
    if writesTable { return writeTable() }
    json.beginObject()
    json.put("record", "summary")
    json.put("days", days)
    json.put("ic", correlation.mean)
    json.put("icir", correlation.ratio)
    json.put("rank_ic", rankCorrelation.mean)
    json.put("rank_icir", rankCorrelation.ratio)
    json.put("long_short", longShort.mean)
    json.put("long_short_annualized", longShort.mean * annualization)
    json.put("long_short_ir", longShort.ratio * annualization.squareRoot())
    json.put("annualization", annualization)
    json.put("groups", groups.map(\.mean))
    json.put("autocorrelation", autocorrelation.mean)
    json.put("turnover", turnover.mean)
    json.endObject()
    json.endLine()
  }

  private func writeTable() {
    let number = AlignedTable.number
    var rows = [
      ["\(days) days", "mean", "mean / std", "a year", "IR"],
      ["IC", number(correlation.mean), number(correlation.ratio), "", ""],
      ["rank IC", number(rankCorrelation.mean), number(rankCorrelation.ratio), "", ""],
      [
        "long-short", number(longShort.mean), number(longShort.ratio),
        number(longShort.mean * annualization),
        number(longShort.ratio * annualization.squareRoot()),
      ],
    ]
    for (place, group) in groups.enumerated() {
      let name = "group \(place + 1)"
      rows.append(
        [name, number(group.mean), number(group.ratio), number(group.mean * annualization), ""])
    }
    rows.append(["autocorrelation", number(autocorrelation.mean), "", "", ""])
    rows.append(["turnover", number(turnover.mean), "", "", ""])
    AlignedTable(rows).write(output)
    output.write(lines: [
      "A year has \(number(annualization)) days; group 1 has the highest scores."
    ])
  }
}
