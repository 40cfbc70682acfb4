import Bars
import Days
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days
@testable import Portfolio

/// What scores were worth, beside pandas.
@Suite struct SignalQualityTests {
  /// 15 days of 43 instruments, some rows, scores and labels missing, scores rounded so that some are
  /// equal, and one day of equal scores.
  ///
  /// The numbers beside are pandas's, of the frame in order of date and instrument, x being a day:
  ///   ic, rank_ic      x.score.corr(x.label), and with method="spearman"
  ///   long_short       (x.nlargest(n, "score").label.mean() - x.nsmallest(...)) / 2, n = int(len(x) / 5)
  ///   groups           label[len // 5 * i : len // 5 * (i + 1)].mean() of the scores that are not NaN,
  ///                    sorted stably, descending
  ///   autocorrelation  x.score.rank(pct=True).corr(x.last.rank(pct=True)), last = score.shift(1) of the
  ///                    instrument; set to NaN where the scores are constant
  ///   turnover         1 - share of x.nlargest(len // 5, "score") that is in x.nlargest(..., "last")
  /// and the summary has mean(), mean() / std(), and × 252, × sqrt(252) for long_short.
  @Test func pandas() throws {
    let folder = "\(root)/testdata/portfolio"
    let ours = try withFolder { place in
      let output = try ByteWriter("\(place)/out")
      let report = SignalReport(output, groups: 5, annualization: 252, table: false)
      var quality = SignalQuality(groups: 5)
      try ByteReader(["\(folder)/signal.ndjson"]).scoreDays(ScoreFields(label: "LABEL0")) {
        try report.add(quality.measure($0, labels: LabelSource.scores("LABEL0").labels($0)))
      }
      report.finish()
      try output.finish()
      return try records("\(place)/out")
    }
    let theirs = try records("\(folder)/signal-pandas.ndjson")
    #expect(ours.count == 16 && theirs.count == 16)
    var numbers = 0
    for (one, other) in zip(ours, theirs) {
      #expect(one.map(\.key) == other.map(\.key))
      for (value, wanted) in zip(one, other) {
        #expect(value.text == wanted.text, "\(one[1].text ?? "") \(value.key)")
        #expect(value.numbers.count == wanted.numbers.count)
        for (number, target) in zip(value.numbers, wanted.numbers) {
          numbers += 1
          #expect(
            number.isNaN == target.isNaN
              && (number.isNaN || abs(number - target) <= 1e-12 * max(1, abs(target))),
            "\(one[1].text ?? "") \(value.key): \(number), pandas \(target)")
        }
      }
    }
    #expect(numbers == 15 * 11 + 16)
  }

  @Test("an infinite label is none, in every measure")
  func infiniteLabels() throws {
    let codes = try (0..<10).map { try InstrumentCode("I\($0)") }
    let scores = (0..<10).map { Double(10 - $0) }
    let infinity = Double.infinity
    let labels = [4, infinity, 2, 3, .nan, 5, -infinity, infinity, 1, -infinity]
    var quality = SignalQuality(groups: 5)
    let day = quality.measure(
      ScoreDay(day: Day(number: 1), codes: codes, scores: scores), labels: labels)
    #expect(day.count == 5)
    // Of 10, 8, 7, 5, 2 with 4, 2, 3, 5, 1: about their means 3.6, 1.6, 0.6, -1.4, -4.4 and
    // 1, -1, 0, 2, -2; the ranks 5, 4, 3, 2, 1 with 4, 2, 3, 5, 1.
    #expect(isClose(day.correlation, 8 / (37.2 * 10).squareRoot()))
    #expect(isClose(day.rankCorrelation, 0.3))
    #expect(day.longShort == 1.5)
    #expect(Array(day.groups[..<3]) == [4, 2.5, 5])
    #expect(day.groups[3].isNaN && day.groups[4] == 1)
    // A day of nothing else has no measure of its labels.
    let none = quality.measure(
      ScoreDay(day: Day(number: 2), codes: codes, scores: scores),
      labels: (0..<10).map { $0 % 2 == 0 ? infinity : -infinity })
    #expect(none.count == 0 && none.correlation.isNaN && none.rankCorrelation.isNaN)
    #expect(none.longShort.isNaN && none.groups.allSatisfy(\.isNaN))
    #expect(none.autocorrelation == 1 && none.turnover == 0)
  }

  @Test("labels of a file and of bars are those of the same rows")
  func labelSources() throws {
    let codes = try ["A", "B"].map { try InstrumentCode($0) }
    func day(_ number: Int32, _ scores: [Double]) -> ScoreDay {
      ScoreDay(day: Day(number: number), codes: codes, scores: scores)
    }
    try withFolder { folder in
      let output = try ByteWriter("\(folder)/bars")
      for (number, closes) in [(1, [1, 2]), (2, [3, 5]), (4, [4, 4]), (5, [Float.nan, 8])] {
        var table = BarDay(Day(number: Int32(number)))
        for (code, close) in zip(codes, closes) {
          table.append(code, Bar(SIMD8(repeating: close)), isMember: true)
        }
        output.write(table.array)
      }
      try output.finish()
      let bars = LabelSource.bars(
        DayStream(ByteReader(["\(folder)/bars"])) { try QuoteDay($0) })
      #expect(try bars.labels(day(0, [1, 1])).allSatisfy(\.isNaN))
      let first = try bars.labels(day(1, [1, 1]))
      #expect(first == [Double(Float(4) / 3 - 1), Double(Float(4) / 5 - 1)])
      let second = try bars.labels(day(2, [1, 1]))
      #expect(second[0].isNaN && second[1] == 1)
      #expect(try bars.labels(day(3, [1, 1])).allSatisfy(\.isNaN))
      #expect(try bars.labels(day(4, [1, 1])).allSatisfy(\.isNaN))

      let labels = try ByteWriter("\(folder)/labels")
      labels.write(try scoreTable(day: 1, ["B": 7]))
      labels.write(try scoreTable(day: 4, ["A": 1, "B": 2]))
      try labels.finish()
      let tables = LabelSource.tables(
        DayStream(ByteReader(["\(folder)/labels"])) { try ScoreDay($0) })
      let one = try tables.labels(day(1, [1, 1]))
      #expect(one[0].isNaN && one[1] == 7)
      #expect(try tables.labels(day(2, [1, 1])).allSatisfy(\.isNaN))
      #expect(try tables.labels(day(4, [1, 1])) == [1, 2])
      #expect(throws: DayError.self) { try LabelSource.scores("L").labels(day(1, [1, 1])) }
    }
  }
}

/// A key of a record with what it holds.
private struct Entry {
  let key: String
  var text: String?
  var numbers: [Double] = []
}

private func records(_ path: String) throws -> [[Entry]] {
  var records: [[Entry]] = []
  try ByteReader([path]).ndjson { object in
    records.append(
      object.members.map { key, value in
        var entry = Entry(key: key)
        entry.text = value.string
        if value.kind == .array {
          entry.numbers = value.elements.map { $0.double ?? .nan }
        } else if value.string == nil {
          entry.numbers = [value.double ?? .nan]
        }
        return entry
      })
  }
  return records
}
