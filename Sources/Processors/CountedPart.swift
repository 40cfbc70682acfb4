import Days
import Statistics
import Streams

/// What one walk has counted of the rows that a worker has, as NDJSON: parts of all rows in any order add
/// up to what one walk over all of them counts.
struct CountedPart {
  /// What is counted of one field.
  struct Field {
    var name: String
    var moments = ExactMoments.Column()
    /// Of each prefix that is looked for, how many values have the bits that are next, by these bits.
    var counts: [[Int]]
  }

  /// What it is for: `describe`, `robust-zscore`.
  let purpose: String
  /// Which walk it is, from 1.
  let walk: Int
  /// The hash of the plan that it was counted by; empty in the first walk.
  let plan: String
  /// The first and the last day that rows may be of, as they were given.
  let span: [String]
  /// How many rows there were.
  private(set) var rows: Int
  /// Where they came from.
  private(set) var origin: RowOrigin
  /// What is counted, by field.
  private(set) var fields: [Field]

  init(
    purpose: String, walk: Int, plan: String, span: [String], rows: Int, origin: RowOrigin,
    fields: [Field]
  ) {
    (self.purpose, self.walk, self.plan, self.span) = (purpose, walk, plan, span)
    (self.rows, self.origin, self.fields) = (rows, origin, fields)
  }

  /// Adds another; throws where the two cannot be parts of one walk.
  mutating func add(_ other: CountedPart) throws {
    guard other.purpose == purpose, other.walk == walk else {
      throw DayError.rule(
        "parts must be of one walk: \(purpose) \(walk) and \(other.purpose) \(other.walk)")
    }
    guard other.plan == plan else { throw DayError.rule("parts must be counted by one plan") }
    guard other.span == span else { throw DayError.rule("parts must have one range of days") }
    // A shard without a table knows no fields.
    if other.fields.isEmpty { return }
    if fields.isEmpty {
      self = other
      return
    }
    guard other.fields.map(\.name) == fields.map(\.name) else {
      throw DayError.rule("parts must have the same fields")
    }
    if other.rows > 0, other.origin.days.isEmpty, other.isSame(as: self) {
      throw DayError.rule("two parts are the same")
    }
    try origin.add(other.origin)
    let (sum, isOver) = rows.addingReportingOverflow(other.rows)
    guard !isOver else { throw DayError.rule("parts have over 2^63 rows") }
    rows = sum
    for place in fields.indices {
      let field = other.fields[place]
      guard field.counts.count == fields[place].counts.count else {
        throw DayError.rule("parts must be counted by one plan")
      }
      fields[place].moments += field.moments
      for (prefix, counts) in field.counts.enumerated() {
        for bin in counts.indices { fields[place].counts[prefix][bin] &+= counts[bin] }
      }
    }
  }

  private func isSame(as other: CountedPart) -> Bool {
    rows == other.rows
      && zip(fields, other.fields).allSatisfy { $0.moments == $1.moments && $0.counts == $1.counts }
  }

  /// Writes it as NDJSON: a line of the whole, one a field, and the end.
  func write(to output: ByteWriter) {
    let head: (inout JSONWriter) -> Void = { json in
      json.put("part", "\(purpose) 1")
      json.put("walk", walk)
      json.put("plan", plan)
      json.put("from", span[0])
      json.put("to", span[1])
      json.put("fields", fields.count)
      json.put("rows", rows)
      json.key("days")
      json.beginArray()
      for day in origin.days { json.value(Int(day.number)) }
      json.endArray()
      json.key("instruments")
      json.beginArray()
      for code in origin.instruments { json.value("\(code)") }
      json.endArray()
    }
    HashedLines.write([head] + fields.map { field in { json in field.write(&json) } }, to: output)
  }

  /// Reads the current source as a part of a purpose: `level(walk)` says how many bins a walk has.
  init(_ input: ByteReader, purpose: String, bins: (Int) -> Int) throws {
    var head: (walk: Int, plan: String, span: [String], rows: Int, origin: RowOrigin, fields: Int)?
    var fields: [Field] = []
    _ = try HashedLines.read(input) { record, line in
      guard let head else {
        let part = try record.text(of: "part")
        guard part == "\(purpose) 1" else {
          throw record.failure("part must be of '\(purpose) 1': '\(part)'")
        }
        head = (
          try record.whole("walk", within: 1...6), try record.text(of: "plan"),
          [try record.text(of: "from"), try record.text(of: "to")],
          try record.whole("rows", within: 0...1 << 60),
          RowOrigin(
            try record.require("instruments").elements.map { try InstrumentCode($0.string ?? "") },
            try record.require("days").elements.map { number in
              guard let day = Day(stored: Int64(number.int ?? .max)) else {
                throw number.failure("day must be a number of days from 1970-01-01")
              }
              return day
            }), try record.whole("fields", within: 0...1 << 20)
        )
        return
      }
      fields.append(try Field(record, bins: bins(head.walk), isFirst: head.walk == 1))
    }
    guard let head, head.fields == fields.count else {
      throw Failure.badData(input.name, "part has \(fields.count) fields, not what it says")
    }
    guard fields.allSatisfy({ $0.isOf(rows: head.rows) }) else {
      throw Failure.badData(input.name, "part counts more values than its \(head.rows) rows have")
    }
    self.init(
      purpose: purpose, walk: head.walk, plan: head.plan, span: head.span, rows: head.rows,
      origin: head.origin, fields: fields)
  }
}

extension CountedPart.Field {
  /// Whether the counts can be those of so many rows.
  fileprivate func isOf(rows: Int) -> Bool {
    moments.count <= rows && moments.missing <= rows && moments.infinite <= rows
      && counts.allSatisfy { counts in
        var left = rows
        for count in counts where left >= 0 { left -= count }
        return left >= 0
      }
  }

  /// Writes a line: what is 0 is left out.
  fileprivate func write(_ json: inout JSONWriter) {
    json.put("field", name)
    json.put("count", moments.count)
    json.put("nan", moments.missing)
    json.put("inf", moments.infinite)
    json.key("moments")
    json.beginArray()
    for text in moments.texts { json.value(text) }
    json.endArray()
    json.key("bins")
    json.beginArray()
    for counts in counts {
      json.beginArray()
      for (bin, count) in counts.enumerated() where count > 0 {
        json.value(bin)
        json.value(count)
      }
      json.endArray()
    }
    json.endArray()
  }

  fileprivate init(_ record: JSONValue, bins: Int, isFirst: Bool) throws {
    name = try record.text(of: "field")
    moments.count = try record.whole("count", within: 0...1 << 60)
    moments.missing = try record.whole("nan", within: 0...1 << 60)
    moments.infinite = try record.whole("inf", within: 0...1 << 60)
    let texts = try record.require("moments")
    guard moments.set(texts.elements.map { $0.string ?? "" }) else {
      throw texts.failure("moments must be pairs of a bin and a whole number, as texts")
    }
    counts = try record.require("bins").elements.map { pairs in
      var counts = [Int](repeating: 0, count: bins)
      var bin: Int?
      for number in pairs.elements {
        guard let value = number.int, value >= 0, value < 1 << 60 else {
          throw number.failure("bins must be pairs of a bin and a count")
        }
        guard let known = bin else {
          guard value < bins else { throw number.failure("bin must be below \(bins): \(value)") }
          bin = value
          continue
        }
        counts[known] = value
        bin = nil
      }
      return counts
    }
  }
}

extension JSONValue {
  /// The text under a key; throws where it is missing or none.
  func text(of key: String) throws -> String {
    let value = try require(key)
    guard let text = value.string else {
      throw value.failure("\(key) must be a string, got \(value.kindName)")
    }
    return text
  }

  /// The whole number under a key; throws where it is missing or beyond a range.
  func whole(_ key: String, within range: ClosedRange<Int>) throws -> Int {
    let value = try require(key)
    guard let number = value.int, range.contains(number) else {
      throw value.failure("\(key) must be a whole number in \(range)")
    }
    return number
  }
}
