import Days
import NeuralNet
import Processors
import Streams
import Tensor

/// Scores of a stream of days by a model, a day at a time.
public final class DayScores {
  /// The field that is added.
  public static let field = "score"

  private let model: SignalModel
  private let workers: Workers
  private let readers: [SeriesReader]
  private let isRaw: Bool
  private var normalisation: RobustZScore?
  private var input: InputFields
  let memory: WindowMemory
  /// The days taken in.
  var order = DayOrder()
  /// The last of them.
  public var lastDay: Day? { order.last }
  /// The days that must come, none left out; nil where that is not known.
  public var calendar: TradingCalendar?
  private var inputs = FloatBuffer(0)
  private var layout: (type: NpyType, passed: [NpyField], scored: NpyType)?

  /// Scores by a model; where `isRaw`, its normalisation is applied first, and NaN becomes 0.
  public init(_ model: SignalModel, isRaw: Bool, workers: Workers) {
    self.model = model
    self.workers = workers
    self.isRaw = isRaw
    normalisation = isRaw ? model.normalisation : nil
    input = InputFields(model.fields)
    readers = model.networks.map { SeriesReader($0, workers: workers) }
    let architecture = model.networks[0].architecture
    let isSeries = architecture.kind != .cnnBatchwise
    memory = WindowMemory(steps: isSeries ? architecture.steps : 1, inputs: architecture.inputs)
  }

  /// The model's number, for a state to know it by.
  var fingerprint: UInt64 { model.fingerprint }

  /// Takes in a day; its scores, row by row, or nil where it has no rows.
  public func push(_ array: NpyArray) throws -> (day: Day, scores: [Float])? {
    let table = try DayTable(array)
    _ = try layout(array)
    guard let table else { return nil }
    try order.check(table.day)
    try calendar?.check(table.day, after: order.last)
    let keys = try table.distinctCodes()
    // Nothing is remembered of a day that breaks a rule.
    try read(array)
    memory.push(keys, inputs.start)
    order = DayOrder(after: table.day)
    return (table.day, try scores(keys))
  }

  private func read(_ array: NpyArray) throws {
    let count = array.count * model.fields.count
    if inputs.count < count { inputs = FloatBuffer(count) }
    guard isRaw else { return try input.read(array, inputs.start) }
    var array = array
    try normalisation?.apply(&array)
    try input.read(array, isRaw: true, inputs.start)
    for place in 0..<count where inputs.start[place].isNaN { inputs.start[place] = 0 }
  }

  private func scores(_ keys: [InstrumentCode]) throws -> [Float] {
    let tracks = keys.compactMap { memory.tracks[$0] }
    var sums = [Double](repeating: 0, count: keys.count)
    for (network, reader) in zip(model.networks, readers) {
      var scores = [Float](repeating: 0, count: keys.count)
      if network.architecture.kind == .cnnBatchwise {
        let score = try Batchwise.score(network, reader, rows: keys.count) { row, target in
          target.update(from: inputs.start + row * memory.inputs, count: memory.inputs)
        }
        for row in scores.indices { scores[row] = score }
      } else {
        let positions = network.windowPositions
        scores.withUnsafeMutableBufferPointer {
          guard let start = $0.baseAddress else { return }
          reader.answers(
            keys.count, { memory.gather(tracks[$0], positions, $1) }, start)
        }
      }
      for row in scores.indices { sums[row] += Double(scores[row]) }
    }
    return sums.map { Float($0 / Double(model.networks.count)) }
  }

  /// The fields that executor through, and the table with the score.
  private func layout(_ array: NpyArray) throws -> (passed: [NpyField], scored: NpyType) {
    if let layout, layout.type == array.type { return (layout.passed, layout.scored) }
    guard case .structured(let fields) = array.type else { return ([], array.type) }
    let read = Set(model.fields)
    let passed = fields.filter { !read.contains($0.name) }
    guard !passed.contains(where: { $0.name == Self.field }) else {
      throw DayError.rule("table has a field '\(Self.field)' already")
    }
    let scored = NpyType.table(
      passed.map { NpyField($0.name, $0.scalar, $0.shape) } + [NpyField(Self.field, .float32)])
    layout = (array.type, passed, scored)
    return (passed, scored)
  }

  /// The table of a day with its scores in place of what the model has read.
  public func table(_ array: NpyArray, _ scores: [Float]) throws -> NpyArray {
    let (passed, scored) = try layout(array)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(array.count * scored.size)
    for row in 0..<array.count {
      for field in passed { bytes.append(contentsOf: array.bytes(field, row: row)) }
      withUnsafeBytes(of: scores[row].bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return NpyArray(type: scored, shape: [array.count], bytes: bytes)
  }

  /// The same as NDJSON: instrument, date, score, then what executors through.
  public func write(_ array: NpyArray, _ scores: [Float], _ json: inout JSONWriter) throws {
    let key = try DayKey(array)
    let others = try layout(array).passed.filter { !["instrument", "date"].contains($0.name) }
    for row in 0..<array.count {
      json.beginObject()
      try json.write(array, key.instrument, row)
      try json.write(array, key.date, row)
      json.key(Self.field)
      json.value(scores[row])
      for field in others { try json.write(array, field, row) }
      json.endObject()
      json.endLine()
    }
  }
}
