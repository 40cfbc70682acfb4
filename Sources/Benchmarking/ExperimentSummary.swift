import Streams
import Tensor

/// What an experiment came to: `conv-bench --summary` reads the records that it and the trainings have
/// written.
///
/// Records are told apart by a key of their own: `min_ms` is a result, `gradients` a finding of
/// `check`, `measure` a line of `peak`, `operator` a row of `--profile`, `epoch_seconds` a training, and
/// `error` what `lenet-infer --json` says of the network of the training before it.
public struct ExperimentSummary {
  /// What results are only held against results of: an instruction set, a number of threads and a
  /// processor, nil for one that older records do not name; or a device, which has no threads.
  struct Machine: Hashable, CustomStringConvertible {
    let cpu: String
    let threads: Int?
    let processor: String?

    var isDevice: Bool { threads == nil }

    var description: String {
      [threads.map(threadText), cpu, processor].compactMap(\.self).joined(separator: ", ")
    }
  }

  /// One implementation on one problem.
  struct Result {
    let problem: Problem
    let implementation, method: String
    /// What numbers were multiplied, and whether what was made of the weights was kept.
    let precision: Precision
    let keepsWeights: Bool
    let machine: Machine
    /// Milliseconds of the shortest run, and 10⁹ operations a second; NaN where nothing was timed.
    let minimum, gflops: Double
    /// Milliseconds until the caller had the result of a device; nil of a processor.
    let wall: Double?
    let peak, peakShare, ratio: Double?
    /// Who took the time that `ratio` compares with.
    let peer: String?
    let error, bound: Double?
    let isWrong: Bool

    var isTimed: Bool { minimum.isFinite }

    /// Milliseconds until the caller has it.
    var call: Double { wall ?? minimum }

    /// The implementation as it ran: `auto bfloat16, weights kept`.
    var label: String {
      implementation
        + (precision == .float || precision.rawValue == implementation ? "" : " \(precision)")
        + (keepsWeights ? ", weights kept" : "")
    }

    /// The name whose colour and mark it has.
    var look: String { precision == .float ? implementation : precision.rawValue }

    /// Whether another one is of the same layer, pass and machine, whatever the pictures.
    func isBeside(_ other: Result) -> Bool {
      machine == other.machine && problem.name == other.problem.name
        && problem.pass == other.problem.pass && problem.layer == other.problem.layer
    }

    /// Whether another one is the same measurement, done again.
    func isAgain(_ other: Result) -> Bool {
      isBeside(other) && label == other.label && problem.batch == other.problem.batch
    }
  }

  /// One training step of a network by one implementation: its operators in the order of their time.
  struct Step {
    let network, implementation: String
    let threads: Int?
    /// The instruction set and the processor; nil where the record does not say.
    let cpu, processor: String?
    var operators: [(name: String, calls: Int, milliseconds: Double)] = []

    var total: Double { operators.reduce(0) { $0 + $1.milliseconds } }

    /// Where it was measured, as far as that is known: `2 threads, avx2`.
    var place: String {
      [threads.map(threadText), cpu, processor].compactMap(\.self).joined(separator: ", ")
    }
  }

  /// One epoch of a network by one implementation.
  struct Epoch {
    let network, implementation: String
    let seconds: Double
    let threads: Int
    /// Digits that were learned from; nil where the record does not say.
    let samples: Int?
    /// The share of digits kept apart that are read wrong, and of how many.
    var error: Double?
    var digits: Int?
  }

  /// What `check` found about one implementation of an operator on one instruction set.
  struct Finding {
    let op, implementation, cpu: String
    let gradients: Int
    let error: Double
    let bound: Double?
    let isWrong: Bool
  }

  private(set) var results: [Result] = []
  private(set) var steps: [Step] = []
  private(set) var epochs: [Epoch] = []
  private(set) var findings: [Finding] = []
  /// What `peak` measured: 10⁹ operations or bytes a second, by what was measured and where.
  private(set) var peaks: [(measure: String, machine: Machine, rate: Double)] = []
  /// Results that stand in the place of one like them.
  private var repeated: [String] = []
  /// Records that say of themselves that they are wrong, as the last line names them.
  public private(set) var wrong: [String] = []
  /// How many records there were.
  public private(set) var count = 0

  /// A summary of nothing yet.
  public init() {}

  /// Takes in a record; throws where it is none that it knows.
  public mutating func add(_ record: JSONValue) throws {
    count += 1
    if record["min_ms"] != nil {
      try add(result: record)
    } else if record["gradients"] != nil {
      try add(finding: record)
    } else if record["measure"] != nil {
      let rate = record["gflops"] == nil ? "gb_per_s" : "gflops"
      peaks.append((try record.text("measure"), try record.machine, try record.positive(rate)))
    } else if record["operator"] != nil {
      try add(profile: record)
    } else if record["epoch_seconds"] != nil {
      epochs.append(
        Epoch(
          network: try record.text("network"), implementation: try record.text("implementation"),
          seconds: try record.positive("epoch_seconds"),
          threads: try record.count("threads", from: 1),
          samples: try record.countIfKnown("samples", from: 1)))
    } else if record["error"] != nil, epochs.last?.error == nil, !epochs.isEmpty {
      let error = try record.number("error")
      guard (0...1).contains(error) else {
        throw record.failure("error must be a share from 0 to 1: \(error)")
      }
      let digits = try record.countIfKnown("of", from: 1)
      if let digits, let wrong = try record.countIfKnown("wrong") {
        try record.requireAgreement(
          "error", error, with: Double(wrong) / Double(digits), "wrong of of", step: 6e-5)
      }
      epochs[epochs.count - 1].error = error
      epochs[epochs.count - 1].digits = digits
    } else {
      throw record.failure("record must be one of an experiment (see --summary)")
    }
  }

  private mutating func add(result record: JSONValue) throws {
    let problem = try Problem(record)
    let implementation = try record.text("implementation")
    let method = try record.textIfKnown("method") ?? implementation
    let (error, bound) = try record.errorAndBound
    // What was only checked has no time.
    let isTimed = record["min_ms"]?.kind != .null
    let result = Result(
      problem: problem, implementation: implementation, method: method,
      precision: try record.precision ?? Precision(rawValue: method) ?? .float,
      keepsWeights: try record.truth("keep_weights"), machine: try record.machine,
      minimum: isTimed ? try record.positive("min_ms") : .nan,
      gflops: isTimed ? try record.positive("gflops") : .nan,
      wall: isTimed ? try record.positiveIfKnown("wall_ms") : nil,
      peak: try record.positiveIfKnown("peak_gflops"),
      peakShare: try record.positiveIfKnown("peak_share"),
      ratio: try record.positiveIfKnown("ratio"), peer: try record.textIfKnown("compared_with"),
      error: error, bound: bound, isWrong: try record.isWrong)
    if isTimed { try refuseContradictions(result, record) }
    if result.isWrong { wrong.append("\(implementation) on \(problem.name)") }
    if let index = results.firstIndex(where: result.isAgain) {
      repeated.append("\(result.label) on \(problem.title)")
      results[index] = result
    } else {
      results.append(result)
    }
  }

  /// What a result says twice must be the same.
  private func refuseContradictions(_ result: Result, _ record: JSONValue) throws {
    for key in ["copy_ms", "build_ms", "first_ms"] where ![nil, .null].contains(record[key]?.kind) {
      let milliseconds = try record.number(key)
      guard milliseconds >= 0 else {
        throw try record.require(key).failure("\(key) must not be below 0: \(milliseconds)")
      }
    }
    for (key, value) in [
      ("wall_ms", result.wall), ("median_ms", try record.positiveIfKnown("median_ms")),
    ] {
      // A thousandth is for clocks that are not the same, and for rounding.
      guard let value, value < 0.999 * result.minimum - 0.001 else { continue }
      throw try record.require(key).failure(
        "\(key) must not be below min_ms, \(short(result.minimum)): \(value)")
    }
    try record.requireAgreement(
      "gflops", result.gflops, with: result.problem.work / result.minimum / 1e6,
      "what the problem's operations are in min_ms", step: 0.006)
    try record.requireAgreement(
      "peak_share", result.peakShare, with: result.peak.map { result.gflops / $0 },
      "gflops of peak_gflops", step: 6e-5 + (result.peak.map { 0.006 / $0 } ?? 0))
    try record.requireAgreement(
      "ratio", result.ratio,
      with: try record.positiveIfKnown("compared_min_ms").map { $0 / result.minimum },
      "compared_min_ms to min_ms", step: 6e-4)
  }

  private mutating func add(finding record: JSONValue) throws {
    let finding = Finding(
      op: try record.text("op"), implementation: try record.text("implementation"),
      cpu: try record.textIfKnown("cpu") ?? record.textIfKnown("device") ?? "",
      gradients: try record.count("gradients"),
      error: try record.number("max_error"), bound: try record.errorAndBound.bound,
      isWrong: try record.isWrong)
    findings.append(finding)
    if finding.isWrong { wrong.append("\(finding.implementation) \(finding.op)") }
  }

  private mutating func add(profile record: JSONValue) throws {
    let step = Step(
      network: try record.text("network"), implementation: try record.text("implementation"),
      threads: try record.countIfKnown("threads", from: 1), cpu: try record.textIfKnown("cpu"),
      processor: try record.textIfKnown("processor"))
    let place =
      steps.firstIndex {
        $0.network == step.network && $0.implementation == step.implementation
          && $0.place == step.place
      } ?? steps.count
    if place == steps.count { steps.append(step) }
    let (name, milliseconds) = (try record.text("operator"), try record.positive("total_ms"))
    if steps[place].operators.contains(where: { $0.name == name }) {
      repeated.append("\(name) of a step of \(step.network) by \(step.implementation)")
      steps[place].operators.removeAll { $0.name == name }
    }
    steps[place].operators.append((name, try record.countIfKnown("calls") ?? 0, milliseconds))
  }

  /// The machines of the results, in their order: of those with a time, which alone name processors.
  var machines: [Machine] {
    let timed = results.filter(\.isTimed)
    return (timed.isEmpty ? results : timed).map(\.machine).eachOnce
  }

  /// Those results of a machine that have a time.
  func timed(on machine: Machine) -> [Result] {
    results.filter { $0.machine == machine && $0.isTimed }
  }

  /// The plain loops on the same problem; nil where there are none, or what they gave was wrong.
  func plain(_ result: Result) -> Result? {
    results.first {
      $0.isBeside(result) && $0.implementation == "direct" && $0.isTimed && !$0.isWrong
    }
  }

  /// How many times as fast as the plain loops; nil for what is wrong, whose time is worth nothing.
  func speedup(_ result: Result) -> Double? {
    result.isWrong ? nil : plain(result).map { milliseconds($0) / milliseconds(result) }
  }

  /// What the problem takes whole, where plain loops had a part of its pictures.
  func milliseconds(_ result: Result) -> Double { result.minimum * parts(result) }

  /// How many times the pictures of a result are those of the largest of the same layer.
  func parts(_ result: Result) -> Double {
    let most = results.filter { $0.isTimed && $0.isBeside(result) }.map(\.problem.batch).max() ?? 1
    return Double(most) / Double(result.problem.batch)
  }

  /// How many digits trainings learned from.
  var samples: [Int] { Set(epochs.compactMap(\.samples)).sorted() }

  /// `1 of 8 pictures`, where a result had not all of them; nil where it had.
  func partText(_ result: Result) -> String? {
    let (own, parts) = (result.problem.batch, parts(result))
    let all = Int((Double(own) * parts).rounded(), within: 1...1 << 40)
    return parts == 1 ? nil : "\(own) of \(grouped(all)) pictures"
  }

  /// What is odd about the records, a line each: what is compared may not be comparable.
  public var notes: [String] {
    var notes: [String] = []
    let processors = machines.filter { !$0.isDevice }
    if processors.count > 1 {
      notes.append(
        "results of \(processors.map(\.description).joined(separator: "; and of ")): "
          + "each is compared with those of its own kind only")
    }
    for machine in machines {
      let peaks = results.filter { $0.machine == machine }.compactMap(\.peak).filter { $0 > 0 }
      guard let least = peaks.min(), let most = peaks.max(), most > 1.5 * least else { continue }
      notes.append(
        "peak_gflops of results with \(machine) go from \(short(least)) to \(short(most)): "
          + "they are of two machines, or of one that was busy")
    }
    for (index, result) in results.enumerated() {
      guard let other = results[..<index].first(where: result.hasNameOnly) else { continue }
      notes.append(
        "\(result.problem.name) is the name of two problems, \(other.problem.operation) and "
          + "\(result.problem.operation): they are not compared")
      break
    }
    if let first = repeated.first {
      let more = repeated.count > 1 ? ", and \(repeated.count - 1) more" : ""
      notes.append("there more than once, and the last counts: \(first)\(more)")
    }
    let untimed = results.count { !$0.isTimed }
    if untimed > 0 {
      notes.append("without a time, and in no table: \(untimed) result\(untimed == 1 ? "" : "s")")
    }
    let threads = Set(epochs.map(\.threads)).sorted()
    for (values, unit) in [(threads, "threads"), (samples, "digits")] where values.count > 1 {
      notes.append(
        "trainings with \(values.map(String.init).joined(separator: " and ")) \(unit): "
          + "their seconds are not comparable")
    }
    return notes
  }
}

extension ExperimentSummary.Result {
  /// Whether another result has the same name, but another layer.
  fileprivate func hasNameOnly(_ other: Self) -> Bool {
    problem.name == other.problem.name && problem.layer != other.problem.layer
  }
}

extension Problem {
  /// Pictures, or rows.
  var batch: Int {
    switch operation {
    case .convolution(let shape): shape.batch
    case .linear(let shape): shape.batch
    }
  }

  /// The sizes without the pictures.
  var layer: String { String(operation.description.drop { $0 != "×" }) }
}
