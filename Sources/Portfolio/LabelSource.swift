import Days
import Streams

/// Where the labels of scores come from.
public final class LabelSource {
  private enum Origin {
    /// The table of scores itself, by the name of the field.
    case scores(String)
    /// Another stream of tables, whose labels are read as scores.
    case tables(DayStream<ScoreDay>)
    /// The bars: the return from tomorrow's close to that of the day after.
    case bars(LabelsOfBars)
  }

  private let origin: Origin
  private var join: CodeJoin
  private var first: Day?
  private var last: Day?
  private var isDayFound = false

  private init(_ origin: Origin, with other: String) {
    self.origin = origin
    join = CodeJoin("instruments with scores", with: other)
  }

  /// Labels in the table of scores itself, by the name of the field.
  public static func scores(_ name: String) -> LabelSource {
    LabelSource(.scores(name), with: "the scores")
  }

  /// Labels in another stream of tables, read as scores.
  public static func tables(_ days: DayStream<ScoreDay>) -> LabelSource {
    LabelSource(.tables(days), with: "the labels")
  }

  /// qlib's label of these bars: the return from tomorrow's close to that of the day after.
  public static func bars(_ days: DayStream<QuoteDay>) -> LabelSource {
    LabelSource(.bars(LabelsOfBars(days)), with: "the bars")
  }

  /// The labels of a day, in the order of its scores; NaN where there is none.
  ///
  /// Throws where the scores should have labels and have none, and where a day of labels has none of
  /// the instruments with scores.
  public func labels(_ scores: ScoreDay) throws -> [Double] {
    if first == nil { first = scores.day }
    last = scores.day
    switch origin {
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
      isDayFound = true
      try join.add(scores.codes, among: day.codes)
      return scores.codes.map { code in day.row(code).map { day.scores[$0] } ?? .nan }
    case .bars(let bars):
      let labels = try bars.labels(scores)
      if let quotes = bars.today(scores.day) {
        isDayFound = true
        try join.add(scores.codes, among: quotes.codes)
      }
      return labels
    }
  }

  /// Ends the days; what to say of instruments that had no labels, nil where all had.
  ///
  /// Throws where none of the days had labels.
  public func finish() throws -> String? {
    if case .scores = origin { return nil }
    guard let first, let last else { return nil }
    guard isDayFound else {
      throw DayError.rule("no day of the scores, \(first) to \(last), has labels")
    }
    return join.note
  }
}

/// qlib's label `Ref($close, -2) / Ref($close, -1) - 1`, in 32-bit floats as there.
final class LabelsOfBars {
  private let days: DayStream<QuoteDay>
  /// The day of the last scores, or before it, and the days after that.
  private var window: [QuoteDay] = []

  init(_ days: DayStream<QuoteDay>) { self.days = days }

  /// The bars of the day of the last scores; nil where it is no trading day.
  func today(_ day: Day) -> QuoteDay? { window.first.flatMap { $0.day == day ? $0 : nil } }

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
