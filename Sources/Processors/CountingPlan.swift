import Days
import Statistics
import Streams

/// What counted parts are for, and what follows from that.
public enum CountedPurpose: String, Sendable {
  /// Counts, moments and quantiles of fields.
  case describe
  /// Medians, and the median distances from them.
  case robustZScore = "robust-zscore"

  /// How many walks over the rows it takes.
  public var walks: Int { self == .describe ? 3 : 6 }

  /// Whether infinities count as values.
  var finiteOnly: Bool { self == .describe }

  /// Which values are looked for, of so many.
  func places(_ count: Int) -> [Int] {
    guard count > 0 else { return [] }
    return self == .describe ? FieldSummaries.places(count) : [(count - 1) / 2, count / 2]
  }

  /// How many bins the counts of a walk have.
  func bins(_ walk: Int) -> Int { (walk - 1) % RankSearch.walks == 2 ? 1 << 10 : 1 << 11 }
}

/// What the walks so far have found of all rows, and what the next one is to count.
public struct CountingPlan {
  /// What is known of one field.
  struct Field {
    var name: String
    /// Its counts.
    var count = 0
    var missing = 0
    var infinite = 0
    /// Its moments; NaN where they are not counted.
    var mean = Double.nan
    var deviation = Double.nan
    /// The center, from which distances are counted; NaN where it has no value.
    var center: Float?
    /// Where the search for its values stands.
    var search = RankSearch()
  }

  let purpose: CountedPurpose
  /// The walk that is next, from 2; one more than there are when all are done.
  private(set) var walk: Int
  /// The first and the last day that rows may be of.
  let span: [String]
  /// Rows of all parts.
  public let rows: Int
  /// Days of all parts.
  public let days: Int
  private(set) var fields: [Field]
  /// The hash of the file that it was read from.
  private(set) var hash = ""

  /// Whether no walk is left.
  public var isDone: Bool { walk > purpose.walks }

  /// The plan behind the first walk, whose parts were added up.
  init(_ part: CountedPart, _ purpose: CountedPurpose) throws {
    (self.purpose, walk, span) = (purpose, 1, part.span)
    (rows, days) = (part.rows, part.origin.days.count)
    fields = part.fields.map { field in
      var known = Field(name: field.name)
      let moments = field.moments
      (known.count, known.missing, known.infinite) = (
        moments.count, moments.missing, moments.infinite
      )
      (known.mean, known.deviation) = (moments.mean, moments.deviation)
      return known
    }
    try descend(part)
  }

  /// Takes in the walk that was next, whose parts were added up.
  mutating func descend(_ part: CountedPart) throws {
    guard part.walk == walk, part.plan == hash else {
      throw DayError.rule("parts were not counted by this plan")
    }
    guard part.fields.map(\.name) == fields.map(\.name), part.span == span else {
      throw DayError.rule("parts have other fields or days than the plan")
    }
    guard part.rows == rows, part.origin.days.count == days else {
      throw DayError.rule(
        "parts must be of the rows that the plan is of: \(part.rows) of \(part.origin.days.count) "
          + "days, the plan has \(rows) of \(days)")
    }
    for place in fields.indices {
      let counts = part.fields[place].counts
      var search = fields[place].search
      let isFirst = search.level == 0
      // Of the first walk moments and bins are of the same values.
      guard
        !isFirst || purpose != .describe || counts.count != 1
          || counts[0].reduce(0, &+) == fields[place].count
      else { throw DayError.rule("parts count other values than those of their bins") }
      guard counts.count == search.prefixes.count,
        isFirst ? search.begin(counts, places: purpose.places) : search.descend(counts)
      else { throw DayError.rule("parts are not all that the plan is of") }
      fields[place].search = search
      if walk == 3, purpose == .robustZScore {
        fields[place].center =
          search.values.isEmpty ? .nan : MedianDeviation.mean(search.values)
        fields[place].search = RankSearch()
      }
    }
    // What is infinite would be no number in a plan.
    try RobustZScore.refuse(
      fields.filter { $0.center?.isInfinite ?? false }.map(\.name), of: fields.count,
      RobustZScore.infinite)
    walk += 1
    hash = ""
  }

  /// Writes the plan.
  public func write(to output: ByteWriter) {
    let head: (inout JSONWriter) -> Void = { json in
      json.put("plan", "\(purpose.rawValue) 1")
      json.put("walk", walk)
      json.put("from", span[0])
      json.put("to", span[1])
      json.put("fields", fields.count)
      json.put("rows", rows)
      json.put("days", days)
    }
    HashedLines.write([head] + fields.map { field in { json in field.write(&json) } }, to: output)
  }

  /// Reads a plan for a purpose; throws where it is none.
  public init(path: String, _ purpose: CountedPurpose) throws {
    let input = ByteReader([path])
    guard try input.nextSource() else { throw Failure(.inputMissing, "\(path): is not there") }
    var head: (walk: Int, span: [String], rows: Int, days: Int, fields: Int)?
    var fields: [Field] = []
    let hash = try HashedLines.read(input) { record, _ in
      guard let head else {
        let plan = try record.text(of: "plan")
        guard plan == "\(purpose.rawValue) 1" else {
          throw record.failure("plan must be of '\(purpose.rawValue) 1': '\(plan)'")
        }
        head = (
          try record.whole("walk", within: 2...purpose.walks),
          [try record.text(of: "from"), try record.text(of: "to")],
          try record.whole("rows", within: 0...1 << 60),
          try record.whole("days", within: 0...1 << 40),
          try record.whole("fields", within: 0...1 << 20)
        )
        return
      }
      fields.append(try Field(record, level: (head.walk - 1) % RankSearch.walks))
    }
    guard let head, head.fields == fields.count else {
      throw Failure.badData(path, "plan has \(fields.count) fields, not what it says")
    }
    // Between the walks of a search each value that is looked for has a target.
    let isSearching = (head.walk - 1) % RankSearch.walks > 0
    for field in fields where isSearching {
      let found = field.search.targets.count
      let isWhole =
        purpose == .describe ? found == purpose.places(field.count).count : [0, 2].contains(found)
      guard isWhole else {
        throw Failure.badData(path, "plan has \(found) targets of field '\(field.name)'")
      }
    }
    (self.purpose, walk, span) = (purpose, head.walk, head.span)
    (rows, days, self.fields, self.hash) = (head.rows, head.days, fields, hash)
  }
}

extension CountingPlan.Field {
  fileprivate func write(_ json: inout JSONWriter) {
    json.put("field", name)
    json.put("count", count)
    json.put("nan", missing)
    json.put("inf", infinite)
    json.put("mean", mean)
    json.put("std", deviation)
    if let center { json.put("center", Double(center)) }
    json.key("targets")
    json.beginArray()
    for target in search.targets {
      json.value(Int(target.prefix))
      json.value(target.place)
    }
    json.endArray()
  }

  fileprivate init(_ record: JSONValue, level: Int) throws {
    name = try record.text(of: "field")
    count = try record.whole("count", within: 0...1 << 60)
    missing = try record.whole("nan", within: 0...1 << 60)
    infinite = try record.whole("inf", within: 0...1 << 60)
    (mean, deviation) = (try record.number(orNull: "mean"), try record.number(orNull: "std"))
    if record["center"] != nil { center = Float(try record.number(orNull: "center")) }
    let pairs = try record.require("targets")
    let numbers = pairs.elements.map { $0.int ?? -1 }
    let targets = stride(from: 0, to: numbers.count - 1, by: 2).compactMap { place in
      UInt32(exactly: numbers[place]).map {
        RankSearch.Target(prefix: $0, place: numbers[place + 1])
      }
    }
    guard level > 0 || targets.isEmpty else { throw pairs.failure("there is no target yet") }
    guard let search = level == 0 ? RankSearch() : RankSearch(level: level, targets: targets),
      numbers.count == 2 * targets.count
    else { throw pairs.failure("targets must be pairs of bits and a place") }
    self.search = search
  }
}
