import Days
import Mechanics
import Streams

/// The scores of one trading day, in order of their codes.
public struct ScoreDay: TradingDay {
  /// The day whose close the scores knew.
  public let day: Day
  /// The instruments, ascending, each once.
  public let codes: [InstrumentCode]
  /// The score of each; NaN where it has none.
  public let scores: [Double]
  /// The label of each, NaN where it has none; nil where the input has no such field.
  public let labels: [Double]?

  /// A day of rows that are in order of their codes.
  public init(day: Day, codes: [InstrumentCode], scores: [Double], labels: [Double]? = nil) {
    self.day = day
    self.codes = codes
    self.scores = scores
    self.labels = labels
  }

  /// Whether any instrument has a score.
  var hasScore: Bool { scores.contains { !$0.isNaN } }

  /// The row of an instrument; nil where it has none.
  public func row(_ code: InstrumentCode) -> Int? { codes.sortedPlace(of: code) }
}

/// Which fields of a table, or keys of an object, hold what.
public struct ScoreFields: Sendable {
  /// The field of scores.
  public var score: String
  /// The field of labels; nil where nobody asks for them.
  public var label: String?

  /// Scores and labels by these names.
  public init(score: String = "score", label: String? = nil) {
    self.score = score
    self.label = label
  }
}

extension ScoreDay {
  /// The rows of a table that is one day; nil where it has none.
  ///
  /// Throws where a field is missing, and where an instrument has two rows.
  public init?(_ array: NpyArray, _ fields: ScoreFields = ScoreFields()) throws {
    let score = try array.number(fields.score)
    let label = try fields.label.flatMap { name in
      array.field(name) == nil ? nil : try array.number(name)
    }
    guard let table = try DayTable(array) else { return nil }
    let day = table.day
    let scores = array.doubles(score)
    let labels = label.map { array.doubles($0) }
    var rows = ScoreRows()
    for (row, code) in try table.codes().enumerated() {
      try rows.add(code, day, scores[row], labels?[row])
    }
    self = rows.scoreDay(day)
  }
}

/// The rows of a day as they come.
struct ScoreRows {
  private var codes: [InstrumentCode] = []
  private var scores: [Double] = []
  private var labels: [Double] = []
  private var hasLabels = false
  /// All codes, from when one came that is not above the one before.
  private var seen: Set<InstrumentCode>?

  /// Adds a row; throws where the instrument has one already.
  mutating func add(
    _ code: InstrumentCode, _ day: Day, _ score: Double, _ label: Double?
  ) throws {
    if let last = codes.last, seen != nil || code <= last {
      var known = seen ?? Set(codes)
      seen = nil
      guard known.insert(code).inserted else {
        seen = known
        throw DayError.order(code, day, last: day)
      }
      seen = known
    }
    codes.append(code)
    scores.append(score)
    labels.append(label ?? .nan)
    if label != nil { hasLabels = true }
  }

  /// The day, its rows put in order.
  func scoreDay(_ day: Day) -> ScoreDay {
    guard seen != nil else {
      return ScoreDay(
        day: day, codes: codes, scores: scores, labels: hasLabels ? labels : nil)
    }
    let order = codes.indices.sorted { codes[$0] < codes[$1] }
    return ScoreDay(
      day: day, codes: order.map { codes[$0] }, scores: order.map { scores[$0] },
      labels: hasLabels ? order.map { labels[$0] } : nil)
  }
}
