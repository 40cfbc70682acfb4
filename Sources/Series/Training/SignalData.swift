import Days

/// The samples of both spans of days: what is learned from, and what decides when to stop.
public struct SignalData {
  /// The table that holds them.
  public let table: SampleTable
  /// Their windows.
  let windows: SampleWindows
  /// Rows to learn from, day by day.
  let train: [[Int32]]
  /// Rows to judge by, day by day.
  let valid: [[Int32]]
  /// Their labels.
  let validLabels: [[Float]]

  /// The rows that have a label; throws where a span has none.
  public init(_ table: SampleTable, train: DaySpan, valid: DaySpan) throws {
    self.table = table
    windows = table.windows
    func samples(_ option: String, _ span: DaySpan) throws -> [[Int32]] {
      let days = table.days(in: span).map { table.samples(ofDay: $0) }.filter { !$0.isEmpty }
      guard !days.isEmpty else {
        throw TrainingError.noSamples(option, span, label: table.label)
      }
      return days
    }
    self.train = try samples("train", train)
    self.valid = try samples("valid", valid)
    validLabels = self.valid.map { $0.map { table.labels[Int($0)] } }
  }

  /// The days to learn a correlation from: those whose labels differ; throws where there is none.
  func trainDaysThatDiffer() throws -> [[Int32]] {
    let days = train.filter { differ($0) }
    guard !days.isEmpty else { throw TrainingError.noSpread("train", label: table.label) }
    return days
  }

  /// Throws where no validation day has labels that a correlation could be with.
  func requireValidDayThatDiffers() throws {
    guard valid.contains(where: differ) else {
      throw TrainingError.noSpread("valid", label: table.label)
    }
  }

  private func differ(_ rows: [Int32]) -> Bool {
    rows.contains { table.labels[Int($0)] != table.labels[Int(rows[0])] }
  }

  var trainCount: Int { train.reduce(0) { $0 + $1.count } }

  /// A line that tells one set of samples from another.
  public var fingerprint: String {
    "\(table.fingerprint), train \(trainCount) of \(train.count) days, "
      + "valid \(valid.reduce(0) { $0 + $1.count }) of \(valid.count) days"
  }
}
