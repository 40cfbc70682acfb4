import Days
import Portfolio
import Statistics
import Streams

/// What scores were worth, day by day; NaN where that is not defined.
public struct SignalHistory: Sendable {
  /// The days with scores, ascending.
  public private(set) var days: [Day] = []
  /// The correlation of scores and labels among a day's rows.
  public private(set) var ic: [Double] = []
  /// The same of their ranks.
  public private(set) var rankIC: [Double] = []
  /// The mean label of each group of a day, those of the highest scores first.
  public private(set) var groups: [[Double]] = []

  /// The correlation of a day's ranks with those of each instrument's score before.
  public private(set) var autocorrelation: [Double] = []
  /// The share of the first group that was not in it by the scores before.
  public private(set) var turnover: [Double] = []

  /// Reads scores with their labels, npy or NDJSON; throws where no day has labels of that name.
  public init(_ reader: ByteReader, _ fields: ScoreFields) throws {
    var quality = SignalQuality(groups: Self.groupCount)
    groups = Array(repeating: [], count: Self.groupCount)
    try reader.scoreDays(fields) { day in
      guard let labels = day.labels else {
        throw Failure.badData(
          reader.name,
          "scores of \(day.day) have no '\(fields.label ?? "label")' to compare with (see --label)")
      }
      let measured = quality.measure(day, labels: labels)
      days.append(measured.day)
      ic.append(measured.correlation)
      rankIC.append(measured.rankCorrelation)
      autocorrelation.append(measured.autocorrelation)
      turnover.append(measured.turnover)
      for (group, mean) in measured.groups.enumerated() { groups[group].append(mean) }
    }
    guard !days.isEmpty else { throw Failure.badData(reader.name, "no scores of any day") }
  }

  /// How many groups there are by score.
  private static let groupCount = 5

  /// The mean over days that have a number.
  static func mean(_ values: [Double]) -> Double { values.known.mean }

  /// The mean over the standard deviation with n - 1: ICIR of a list of IC; NaN where they do not vary.
  static func ratio(_ values: [Double]) -> Double {
    values.known.meanOverDeviation
  }
}
