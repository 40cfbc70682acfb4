import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Scores as npy tables and as lines.
@Suite struct ScoreReadingTests {
  private let lines = """
    {"instrument":"SH600000","date":"2017-01-03","score":0.5,"LABEL0":0.01}
    {"instrument":"SZ000001","date":"2017-01-03","score":null,"LABEL0":null}
    {"instrument":"SZ000001","date":"2017-01-04","score":-1}
    {"instrument":"SH600000","date":"2017-01-04","score":2e-3}

    """

  @Test("rows of a day, put in order of their codes; null is no score")
  func ndjson() throws {
    let days = try scoreDays(lines, ScoreFields(label: "LABEL0"))
    #expect(days.map(\.day.description) == ["2017-01-03", "2017-01-04"])
    #expect(days[0].codes.map(\.description) == ["SH600000", "SZ000001"])
    #expect(days[0].scores[0] == 0.5 && days[0].scores[1].isNaN)
    #expect(days[0].labels?[0] == 0.01 && days[0].labels?[1].isNaN == true)
    #expect(days[1].codes == days[0].codes && days[1].labels == nil)
    #expect(days[1].scores == [2e-3, -1])
    #expect(days[1].row(days[1].codes[1]) == 1)
    #expect(days[1].row(try InstrumentCode("SH600001")) == nil)
  }

  @Test("what breaks a rule is named with its line")
  func refusals() {
    let refused: [(String, String)] = [
      (#"{"instrument":"A","date":"2017-01-02","score":1}"#, ":5: days must ascend"),
      (#"{"instrument":"A","date":"2017-01-03","score":1}"#, ":5: days must ascend"),
      (#"{"instrument":"SZ000001","date":"2017-01-04","score":1}"#, ":5: second row of SZ000001"),
      (#"{"instrument":"A","date":"2017-01-05","score":"1"}"#, ":5:47: score must be a number"),
      (#"{"instrument":"A","date":"2017-01-05"}"#, "key 'score' is missing"),
      (#"{"instrument":"A","date":"2017-02-29","score":1}"#, "date must be"),
      (#"{"instrument":"A B","date":"2017-01-05","score":1}"#, "instrument must be"),
    ]
    for (line, rule) in refused {
      let error = #expect(throws: Failure.self) { try scoreDays(lines + line + "\n") }
      #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
    }
  }

  @Test("a table is one day, and days ascend")
  func tables() throws {
    let one = try scoreTable(day: 10, ["B": 2, "A": .nan])
    let day = try #require(try ScoreDay(one))
    #expect(day.codes.map(\.description) == ["A", "B"])
    #expect(day.scores[0].isNaN && day.scores[1] == 2)
    #expect(throws: NpyError.self) { try ScoreDay(one, ScoreFields(score: "other")) }
    #expect(try ScoreDay(NpyTable(scoreFields).array) == nil)
  }
}

let scoreFields = [
  NpyField("instrument", .bytes(16)), NpyField("date", .day), NpyField("score", .float32),
]

/// A table of scores, in order of the names backwards.
func scoreTable(day: Int64, _ scores: [String: Float]) throws -> NpyArray {
  var table = NpyTable(scoreFields)
  for (code, score) in scores.sorted(by: { $0.key > $1.key }) {
    try table.append(code)
    table.append(day: day)
    table.append([score])
  }
  return table.array
}

func scoreDays(_ text: String, _ fields: ScoreFields = ScoreFields()) throws -> [ScoreDay] {
  try withFolder { folder in
    put(text, "\(folder)/scores")
    var days: [ScoreDay] = []
    try ByteReader(["\(folder)/scores"]).scoreDays(fields) { days.append($0) }
    return days
  }
}
