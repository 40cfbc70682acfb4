import Days
import Streams
import Tables

extension ByteReader {
  /// Scores of all sources, a day at a time: npy tables of a day each, NDJSON, one object a row, or CSV.
  ///
  /// An object is `{"instrument":"SH600000","date":"2017-01-03","score":0.01}`; the rows of a day are
  /// adjacent, days ascend, and null is no score. `body` runs outside any record, so what it throws
  /// is not tolerated under `--skip-bad`.
  public func scoreDays(
    _ fields: ScoreFields = ScoreFields(), _ body: (ScoreDay) throws -> Void
  ) throws {
    var last: Day?
    try forEachSource {
      switch try firstCharacter() {
      case 0x93: try scoreTables(fields, &last, body)
      case UInt8(ascii: "{"), UInt8(ascii: "["), nil: try scoreLines(fields, &last, body)
      default: try scoreColumns(fields, &last, body)
      }
    }
  }

  /// Scores of CSV: the columns instrument, date and score, others left out.
  private func scoreColumns(
    _ fields: ScoreFields, _ last: inout Day?, _ body: (ScoreDay) throws -> Void
  ) throws {
    let names = [fields.score] + [fields.label].compactMap(\.self)
    let types = ColumnTypes(
      [NpyField("instrument", .bytes(InstrumentCode.size)), NpyField("date", .day)]
        + names.map { NpyField($0, .float64) }, optional: Set([fields.label].compactMap(\.self)))
    var complete: [ScoreDay] = []
    let days = RowGroups(each: "date") { day in
      if let scores = try ScoreDay(day, fields) { complete.append(scores) }
    }
    try TableReading(types).readSource(self, into: days) {
      for scores in complete {
        try DayOrder(after: last).check(scores.day)
        last = scores.day
        try body(scores)
      }
      complete = []
    }
  }

  private func scoreTables(
    _ fields: ScoreFields, _ last: inout Day?, _ body: (ScoreDay) throws -> Void
  ) throws {
    let days = DayReader(self)
    while let (array, place) = try days.nextOfSource() {
      var scores: ScoreDay?
      try badRecords.attempt(place) {
        guard let next = try ScoreDay(array, fields) else { return }
        try DayOrder(after: last).check(next.day)
        scores = next
      }
      if let scores {
        last = scores.day
        try body(scores)
      }
    }
  }

  private func scoreLines(
    _ fields: ScoreFields, _ last: inout Day?, _ body: (ScoreDay) throws -> Void
  ) throws {
    var day: Day?
    var rows = ScoreRows()
    var complete: ScoreDay?
    try ndjsonOfSource { object in
      let (code, date) = try object.instrumentAndDay()
      let score = try object.requireNumber(orNull: fields.score)
      let label = try fields.label.flatMap { name in
        object[name] == nil ? nil : try object.number(orNull: name)
      }
      if date != day {
        try DayOrder(after: day ?? last).check(date)
        complete = day.map { rows.scoreDay($0) }
        if day != nil { last = day }
        rows = ScoreRows()
        day = date
      }
      try rows.add(code, date, score, label)
    } then: {
      if let done = complete {
        complete = nil
        try body(done)
      }
    }
    if let day {
      last = day
      try body(rows.scoreDay(day))
    }
  }
}
