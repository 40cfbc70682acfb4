import Days
import Streams

/// Where the labels of scores come from.
public enum LabelSource {
  /// The table of scores itself, by the name of the field.
  case scores(String)
  /// Another stream of tables, whose labels are read as scores.
  case tables(DayStream<ScoreDay>)
  /// The bars: the return from tomorrow's close to that of the day after.
  case bars(LabelsOfBars)

  /// The labels of a day, in the order of its scores; NaN where there is none.
  ///
  /// Throws where the scores should have labels and have none.
  public func labels(_ scores: ScoreDay) throws -> [Double] {
    switch self {
    case .scores(let name):
      guard let labels = scores.labels else {
        throw DayError.rule(
          "no field '\(name)' with the scores of \(scores.day) (see --label, --labels, --bars)")
      }
      return labels
    case .tables(let days):
      while let next = try days.peek(), next.day < scores.day { _ = try days.next() }
      guard let day = try days.peek(), day.day == scores.day else {
        return Array(repeating: .nan, count: scores.codes.count)
      }
      return scores.codes.map { code in day.row(code).map { day.scores[$0] } ?? .nan }
    case .bars(let bars): return try bars.labels(scores)
    }
  }
}

/// qlib's label `Ref($close, -2) / Ref($close, -1) - 1`, in 32-bit floats as there.
public final class LabelsOfBars {
  private let days: DayStream<QuoteDay>
  /// The day of the last scores, or before it, and the days after that.
  private var window: [QuoteDay] = []

  /// Labels of these bars.
  public init(_ days: DayStream<QuoteDay>) { self.days = days }

  /// The labels of a day; NaN of one that is no trading day or has no two days after it.
  func labels(_ scores: ScoreDay) throws -> [Double] {
    while window.count < 3 || window[0].day < scores.day, let next = try days.next() {
      window.append(next)
      if window.count > 3 { window.removeFirst() }
    }
    while let first = window.first, first.day < scores.day { window.removeFirst() }
    guard window.count == 3, window[0].day == scores.day else {
      return Array(repeating: .nan, count: scores.codes.count)
    }
    return scores.codes.map { Double(window[2].close($0) / window[1].close($0) - 1) }
  }
}
