import Days
import Mechanics
import Streams

/// Whether factors look ahead: cuts the history after some days and demands the same bytes up to there.
public struct LookaheadCheck {
  /// What computes factors: of a plan and of days, one output after the other.
  public typealias Computation =
    (FactorPlan, ArraySlice<NpyArray>, (NpyArray) throws -> Void) throws -> Void

  private let plan: FactorPlan
  private let compute: Computation
  private var arrays: [NpyArray] = []
  private var earlier: [NpyArray] = []
  private static let cuts = 16

  /// A check of these factors, as `FactorEngine` computes them.
  public init(_ plan: FactorPlan, threads: Int = 1) {
    self.init(plan) { plan, days, body in
      let engine = FactorEngine(plan, threads: threads)
      for array in days { try engine.push(array) { try body($0.array) } }
    }
  }

  /// A check of what a computation makes of the plan.
  init(_ plan: FactorPlan, _ compute: @escaping Computation) {
    self.plan = plan
    self.compute = compute
  }

  /// Keeps a day.
  public mutating func add(_ array: NpyArray) { arrays.append(array) }

  /// Keeps a day of the same source as it was read earlier, when it had fewer days.
  ///
  /// What made the stream may have known later rows: then cutting the stream does not show it, and only
  /// what it made of a shorter source does.
  public mutating func addEarlier(_ array: NpyArray) { earlier.append(array) }

  /// Compares what is known with the whole history and with a part of it; throws what the computation
  /// throws.
  ///
  /// Factors without label must be there on the day itself; with it, all but the last two days. It ends
  /// at the first difference.
  public func run() throws -> LookaheadFinding {
    let count = arrays.count
    let places = Set((1...Self.cuts).map { count * $0 / (Self.cuts + 1) } + [count - 1])
      .filter { (1..<max(1, count)).contains($0) }
    let histories = places.sorted().map { arrays[..<$0] } + (earlier.isEmpty ? [] : [earlier[...]])
    var finding = LookaheadFinding(days: count, cuts: histories.count, fields: plan.names.count)
    for hasLabel in plan.hasLabel ? [false, true] : [false] {
      var plan = plan
      plan.hasLabel = hasLabel
      let whole = try outputs(plan, arrays[...])
      finding.rows = max(finding.rows, whole.reduce(0) { $0 + $1.rows })
      for history in histories {
        let cut = try outputs(plan, history)
        for day in cut.indices {
          guard day < whole.count, cut[day] == whole[day] else {
            finding.difference = try difference(plan, day, history)
            return finding
          }
          finding.values += cut[day].rows * (plan.names.count + (hasLabel ? 1 : 0))
        }
      }
    }
    return finding
  }

  /// What a day gave: how many rows, and a hash of their bytes.
  private struct Output: Equatable {
    let rows: Int
    let hash: UInt64
  }

  /// What each day gives that is done when these are in.
  private func outputs(_ plan: FactorPlan, _ days: ArraySlice<NpyArray>) throws -> [Output] {
    var outputs: [Output] = []
    try compute(plan, days) {
      outputs.append(Output(rows: $0.count, hash: $0.bytes.withUnsafeBytes(hash)))
    }
    return outputs
  }

  /// Computes a day anew, with the whole history and with a shorter one, and finds where they differ.
  private func difference(
    _ plan: FactorPlan, _ day: Int, _ history: ArraySlice<NpyArray>
  ) throws -> LookaheadFinding.Difference? {
    func output(_ days: ArraySlice<NpyArray>) throws -> NpyArray? {
      var (count, found) = (0, NpyArray?.none)
      try compute(plan, days) {
        if count == day { found = $0 }
        count += 1
      }
      return found
    }
    guard let cut = try output(history), case .structured(let fields) = cut.type else { return nil }
    // A day that only the shorter history has differs in all of its rows.
    let whole = try output(arrays[...]) ?? NpyArray(type: cut.type, shape: [0], bytes: [])
    let end = try history.last.flatMap { try DayTable($0)?.day }
    for row in 0..<max(whole.count, cut.count) {
      // A row that only one of them has differs in its instrument.
      let field =
        row < min(whole.count, cut.count)
        ? fields.first { !whole.bytes($0, row: row).elementsEqual(cut.bytes($0, row: row)) }
        : fields.first
      guard let field else { continue }
      let longer = row < whole.count ? whole : cut
      let key = try DayKey(longer)
      return LookaheadFinding.Difference(
        date: try key.day(longer, row: row),
        instrument: try longer.text(key.instrument, row: row),
        field: field.name, historyEnds: end)
    }
    return nil
  }

  private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0
    var place = 0
    while place + 8 <= bytes.count {
      hash = SplitMix64.mix(
        hash &+ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    for byte in bytes[place...] { hash = SplitMix64.mix(hash &+ UInt64(byte)) }
    return hash
  }
}

/// What a check for look-ahead has compared, and the first difference, if there was one.
public struct LookaheadFinding: Equatable, Sendable {
  /// A value of a day that is another one where the history ends earlier.
  public struct Difference: Equatable, Sendable {
    /// The day of the value.
    public let date: Day?
    /// Whose it is.
    public let instrument: String
    /// The factor; or `instrument`, where a row is there with one history only.
    public let field: String
    /// The last day of the shorter history.
    public let historyEnds: Day?
  }

  /// Days of the whole history.
  public let days: Int
  /// After how many of them it was cut.
  public let cuts: Int
  /// Factors.
  public let fields: Int
  /// Rows of the whole history that were compared.
  public internal(set) var rows = 0
  /// Values that were compared and found equal, over all cuts.
  public internal(set) var values = 0
  /// The first difference.
  public internal(set) var difference: Difference?

  init(days: Int, cuts: Int, fields: Int) {
    (self.days, self.cuts, self.fields) = (days, cuts, fields)
  }

  /// The difference in a line; nil where there is none.
  public var fault: String? {
    difference.map {
      "look-ahead: \($0.field) of \($0.instrument) on \(Self.text($0.date)) differs when history ends "
        + "on \(Self.text($0.historyEnds))"
    }
  }

  private static func text(_ day: Day?) -> String { day.map { "\($0)" } ?? "no day" }

  /// Writes it as one object of NDJSON.
  public func write(_ output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    json.put("days", days)
    json.put("rows", rows)
    json.put("factors", fields)
    json.put("cuts", cuts)
    json.put("values", values)
    json.key("look_ahead")
    json.value(difference != nil)
    if let difference {
      json.put("date", Self.text(difference.date))
      json.put("instrument", difference.instrument)
      json.put("field", difference.field)
      json.put("history_ends", Self.text(difference.historyEnds))
    }
    json.endObject()
    json.endLine()
  }
}
