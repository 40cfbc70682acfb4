import Days
import Statistics
import Streams
import Tables

@testable import Bars
@testable import Factors
@testable import Portfolio
@testable import Processors
@testable import Streams

let arrayTargets = [
  FuzzTarget(
    "npy",
    words: npyWords + [
      "'fortran_order': True", "(4294967296, 4294967296)", "1L", "(-1,)", "'>f4'", "'|O'",
    ],
    seeds: {
      samples(
        "npy/bars.npy", "npy/glyphs.npy", "npy/empty-u1.npy", "npy/int64.npy", "npy/scalar-f8.npy",
        "npy/version-2.npy", "npy/version-3.npy")
    }
  ) { bytes in
    var arrays: [NpyArray] = []
    let failure = Result { try reading(bytes) { try $0.arrays { arrays.append($0) } } }
    for array in arrays {
      try hold(
        array.bytes.count == array.count * array.type.size,
        "\(array.bytes.count) bytes of \(array.shape)")
      _ = try? array.floats()
      if case .structured(let fields) = array.type, array.shape.count == 1 {
        for field in fields { try look(at: field, of: array) }
      }
    }
    // Written again, and twice over, so that a header is one that was just read.
    var output: [UInt8] = []
    for array in arrays + arrays { output += written { $0.write(array) } }
    var again: [NpyArray] = []
    try mustSucceed("what was written") {
      try output.withUnsafeBytes { try reading($0) { try $0.arrays { again.append($0) } } }
    }
    try hold(again.count == 2 * arrays.count, "written again, there are \(again.count) arrays")
    for (place, array) in again.enumerated() {
      let one = arrays[place % arrays.count]
      try hold(
        one.type == array.type && one.shape == array.shape && one.bytes == array.bytes,
        "array \(place) is another")
    }
    try failure.get()
  },
  FuzzTarget(
    "day-tables", words: npyWords,
    seeds: { samples("npy/bars.npy") + [try scoredDays()] }
  ) { bytes in
    let tables = try readingDays(bytes)
    var (rank, filler) = (
      CrossSectionRank(try TableFields(nil, default: .numbers)),
      MissingValueFill(try TableFields(nil, default: .numbers), value: 0)
    )
    var drop = MissingLabelDrop(try TableFields(nil, default: .labels))
    let fit = RobustZScoreFit(try rowNumbers(.features))
    let summaries = FieldSummaries(try rowNumbers(.numbers), label: "LABEL0")
    let engine = FactorEngine(try FactorPlan(fields: ["KMID", "ROC5", "CORR5", "VSUMD5"]))
    for table in tables {
      _ = try? DayTable(table)?.distinctCodes()
      _ = try? QuoteDay(table, .open)
      _ = try? ScoreDay(table, ScoreFields(label: "LABEL0"))
      try? rank.rank(table) { _, shape, bytes in
        try hold(shape == table.shape && bytes.count >= table.count, "ranks of other rows")
      }
      var changed = table
      try? filler.fill(&changed)
      try? drop.drop(&changed)
      try hold(
        changed.bytes.count == changed.count * changed.type.size, "rows that do not fit the shape")
      try? fit.add(table)
      try? summaries.add(table)
      try? engine.push(table) { day in _ = day.bytes }
    }
    try? engine.finish { _ in }
    if var score = try? fit.parameters() {
      for var table in tables { try? score.apply(&table) }
    }
    _ = try? summaries.summaries()
  },
]

let tableTargets = [
  FuzzTarget(
    "tables",
    words: npyWords + [
      "instrument,date,x\n", "A,2020-01-02,1.5\n", "\"\"", "box[0],box[1]", "'<U8'", "'<M8[ns]'",
      "'>f8'", "('', '|V3')", "{\"instrument\":\"A\",\"date\":\"2020-01-02\",\"x\":[1,null]}\n",
    ],
    seeds: {
      samples(
        "table/ours.npy", "table/pandas.npy", "table/ints.npy", "table/padded.npy",
        "table/scores.csv", "table/pandas.ndjson")
    }
  ) { bytes in
    func table(
      _ bytes: UnsafeRawBufferPointer, _ types: ColumnTypes?, _ format: TableFormat,
      each: String? = nil
    ) throws -> [UInt8] {
      try written { output in
        try reading(bytes) { try TableReading(types).read($0, as: format, each: each, output) }
      }
    }
    // What an array says, its NDJSON says; and from it the same array is made.
    let npy = try table(bytes, nil, .npy)
    for format in [TableFormat.csv, .arrow] {
      _ = try? npy.withUnsafeBytes { try table($0, nil, format) }
    }
    let listing = try written { output in
      try npy.withUnsafeBytes {
        try reading($0) { try TableReading(nil).read($0, into: TypeListing(output)) }
      }
    }
    let lines = listing.split(separator: UInt8(ascii: "\n"))
    let text = try npy.withUnsafeBytes { try table($0, nil, .ndjson) }
    guard lines.count == 1, !text.isEmpty else { return }
    let types = try? ColumnTypes(parsing: String(decoding: lines[0], as: UTF8.self))
    // Names may have what parts the columns of a line; then it says other types than the arrays.
    guard let types, (try? npy.withUnsafeBytes { try table($0, types, .npy) }) != nil else {
      return
    }
    let again = try mustSucceed("its NDJSON") {
      try text.withUnsafeBytes { try table($0, types, .npy, each: "none") }
    }
    let textAgain = try again.withUnsafeBytes { try table($0, nil, .ndjson) }
    try hold(textAgain == text, "NDJSON of an array made of it is another")
  }
]

let npyWords = [
  "{'descr': ", "'fortran_order': False, ", "'shape': (1,), }", "'<f4'",
  "'<f8'", "'<M8[D]'", "'|S16'", "'|u1'", "'<i4'", "'<i8'", "('instrument', '|S16')",
  "('date', '<M8[D]')", "('close', '<f4')", "('LABEL0', '<f4')", "('score', '<f8')",
]

private func look(at field: NpyField, of array: NpyArray) throws {
  for row in 0..<min(array.count, 50) {
    _ = array.bytes(field, row: row)
    switch field.scalar {
    case .bytes: _ = try? array.text(field, row: row)
    case .int32 where field.shape.isEmpty: _ = array.int32(field, row: row)
    default: break
    }
  }
  if let field = try? array.number(field.name) {
    try hold(array.doubles(field).count == array.count, "numbers of other rows")
    try hold(array.numbers(field).count == array.count, "numbers of other rows")
  }
}

private func readingDays(_ bytes: UnsafeRawBufferPointer) throws -> [NpyArray] {
  var tables: [NpyArray] = []
  try reading(bytes, skipBad: true) { input in
    try input.days { table in if tables.count < 20 { tables.append(table) } }
  }
  return tables
}

private func rowNumbers(_ fields: TableFields.Default) throws -> NumberRows {
  NumberRows(try TableFields(nil, default: fields), limit: 1 << 20)
}

/// Two days of what goes from the factors to the ranks, in one stream.
func scoredDays() throws -> [UInt8] {
  try (0..<2).flatMap { day in
    var table = NpyTable([
      NpyField("instrument", .bytes(8)), NpyField("date", .day), NpyField("A", .float32),
      NpyField("LABEL0", .float32), NpyField("score", .float32),
    ])
    for number in 0..<3 {
      try table.append("I\(number)")
      table.append(day: Int64(18_000 + day))
      table.append([Float(number * day)])
      table.append([Float(number)])
      table.append([number == 1 ? .nan : Float(day - number)])
    }
    return written { $0.write(table.array) }
  }
}
