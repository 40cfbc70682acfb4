import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an experiment came to, as tables: `conv-bench --summary` reads the records that it and the
/// trainings have written.
///
/// Records are told apart by a key of their own: `min_ms` is a result, `gradients` a finding of
/// `check`, `operator` a row of `--profile`, `epoch_seconds` a training, and `error` what
/// `lenet-infer --json` says of the network of the training before it.
public struct ExperimentSummary {
  /// One implementation on one problem.
  private struct Timed {
    let problem: Problem
    let implementation: String
    let minimum, gflops: Double
    let peakShare, ratio: Double?
    let isWrong: Bool

    /// The same layer, whatever the pictures.
    var key: [String] { [problem.name, problem.pass.rawValue] }
  }

  /// One training step of a network by one implementation.
  private struct Step {
    let network, implementation: String
    var calls = 0
    var convolutions = 0.0
    var total = 0.0
  }

  /// One epoch of a network by one implementation.
  private struct Epoch {
    let network, implementation: String
    let seconds: Double
    let threads: Int
    var error: Double?
  }

  private var timed: [Timed] = []
  private var machine: (cpu: String, peak: Double?, threads: Int)?
  private var steps: [Step] = []
  private var epochs: [Epoch] = []
  private var gradients = 0
  private var worstGradient = 0.0
  private var gradientsAreWrong = false
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
      gradients += try record.wholeNumber("gradients")
      worstGradient = max(worstGradient, try record.number("max_error"))
      if try record.isWrong {
        gradientsAreWrong = true
        wrong.append("\(try record.text("implementation")) \(try record.text("op"))")
      }
    } else if record["operator"] != nil {
      try add(profile: record)
    } else if record["epoch_seconds"] != nil {
      epochs.append(
        Epoch(
          network: try record.text("network"), implementation: try record.text("implementation"),
          seconds: try record.number("epoch_seconds"), threads: try record.wholeNumber("threads")))
    } else if record["error"] != nil, !epochs.isEmpty {
      epochs[epochs.count - 1].error = try record.number("error")
    } else {
      throw record.failure("record must be one of an experiment (see --summary)")
    }
  }

  private mutating func add(result record: JSONValue) throws {
    let problem = try Problem(record)
    let implementation = try record.text("implementation")
    let isWrong = try record.isWrong
    if isWrong { wrong.append("\(implementation) on \(problem.name)") }
    if machine == nil {
      machine = (
        try record.text("cpu"), record["peak_gflops"]?.double, try record.wholeNumber("threads")
      )
    }
    // What was only checked has no time.
    guard let minimum = record["min_ms"]?.double else { return }
    timed.append(
      Timed(
        problem: problem, implementation: implementation, minimum: minimum,
        gflops: try record.number("gflops"), peakShare: record["peak_share"]?.double,
        ratio: record["ratio"]?.double, isWrong: isWrong))
  }

  private mutating func add(profile record: JSONValue) throws {
    let step = Step(
      network: try record.text("network"), implementation: try record.text("implementation"))
    let place =
      steps.firstIndex {
        $0.network == step.network && $0.implementation == step.implementation
      } ?? steps.count
    if place == steps.count { steps.append(step) }
    let (name, milliseconds) = (try record.text("operator"), try record.number("total_ms"))
    steps[place].total += milliseconds
    if name == "conv2d" { steps[place].calls = try record.wholeNumber("calls") }
    if Self.partsOfConvolutions.contains(where: name.hasPrefix) {
      steps[place].convolutions += milliseconds
    }
  }

  /// How operators begin that a convolution or its gradients are made of.
  private static let partsOfConvolutions = ["conv2d", "spread", "exchange", "sum"]

  /// Writes the tables of what there was.
  public func write(_ output: ByteWriter) {
    output.write(tables.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n"))
  }

  /// The tables' lines.
  var tables: [[String]] {
    var tables: [[String]] = []
    if let machine, !timed.isEmpty { tables.append(results(machine)) }
    if let comparison { tables.append(comparison) }
    if !steps.isEmpty { tables.append(profile) }
    if let first = epochs.first { tables.append(trainings(first)) }
    if gradients > 0 {
      let agree = gradientsAreWrong ? "do NOT agree" : "agree"
      let worst = worstGradient.rounded(significant: 2)
      tables.append([
        "\(gradients) gradients \(agree) with finite differences, largest error \(worst)"
      ])
    }
    return tables
  }

  private func results(_ machine: (cpu: String, peak: Double?, threads: Int)) -> [String] {
    let of = machine.peak.map { " of \(short($0)) that the machine does" } ?? ""
    let title =
      "convolutions, \(machine.threads) thread\(machine.threads == 1 ? "" : "s"), \(machine.cpu) "
      + "(GFLOP/s\(of))"
    var rows = [
      ["problem", "pass", "by", "min ms", "GFLOP/s", "peak", "direct=1", "peer=1", ""]
    ]
    for result in timed {
      let whole = milliseconds(result)
      let plain = timed.first { $0.key == result.key && $0.implementation == "direct" }
      let parts = parts(result)
      // A peer's time is one of the whole.
      let ratio = parts == 1 ? result.ratio : nil
      rows.append([
        result.problem.name, result.problem.pass.rawValue, result.implementation, short(whole),
        short(result.gflops), result.peakShare.map { "\(short(100 * $0)) %" } ?? "-",
        plain.map { short(milliseconds($0) / whole) } ?? "-", ratio.map(short) ?? "-",
        (result.isWrong ? "WRONG " : "")
          + (parts == 1 ? "" : "one part, times \(parts.rounded(decimals: 1))"),
      ])
    }
    return [title] + aligned(rows, left: [0, 1, 2, 8])
  }

  /// Against a peer, all problems of an implementation in a line; nil where there is no peer.
  private var comparison: [String]? {
    var names: [String] = []
    for result in timed where result.ratio != nil && !names.contains(result.implementation) {
      names.append(result.implementation)
    }
    var rows = [["by", "problems", "geometric mean", "behind", "worst", ""]]
    for name in names {
      let ratios = timed.compactMap { result -> (ratio: Double, result: Timed)? in
        guard result.implementation == name, parts(result) == 1 else { return nil }
        return result.ratio.map { ($0, result) }
      }
      guard let worst = ratios.min(by: { $0.ratio < $1.ratio }) else { continue }
      let mean = exp(ratios.reduce(0) { $0 + log($1.ratio) } / Double(ratios.count))
      rows.append([
        name, "\(ratios.count)", short(mean), "\(ratios.count { $0.ratio < 1 })",
        short(worst.ratio), "\(worst.result.problem.name) \(worst.result.problem.pass.rawValue)",
      ])
    }
    guard rows.count > 1 else { return nil }
    return ["times as fast as the peer (behind: below 1)"] + aligned(rows, left: [0, 5])
  }

  /// What the problem takes whole, where plain loops had a part of its pictures.
  private func milliseconds(_ result: Timed) -> Double { result.minimum * parts(result) }

  private func parts(_ result: Timed) -> Double {
    let most = timed.filter { $0.key == result.key }.map(\.problem.batch).max() ?? 1
    return Double(most) / Double(result.problem.batch)
  }

  private var profile: [String] {
    var rows = [["network, by", "conv2d calls", "convolutions ms", "step ms"]]
    for step in steps {
      rows.append([
        "\(step.network) \(step.implementation)", "\(step.calls)", short(step.convolutions),
        short(step.total),
      ])
    }
    return ["one training step of \(TrainingStep.batch) digits"] + aligned(rows)
  }

  private func trainings(_ first: Epoch) -> [String] {
    let threads = "\(first.threads) thread\(first.threads == 1 ? "" : "s")"
    var rows = [["network, by", "right", "seconds"]]
    for epoch in epochs {
      rows.append([
        "\(epoch.network) \(epoch.implementation)",
        epoch.error.map { "\((100 * (1 - $0)).rounded(decimals: 2)) %" } ?? "-",
        short(epoch.seconds),
      ])
    }
    return ["one epoch, \(threads): right of the digits kept apart, seconds"] + aligned(rows)
  }
}

extension Problem {
  /// Pictures, or rows.
  fileprivate var batch: Int {
    switch operation {
    case .convolution(let shape): shape.batch
    case .linear(let shape): shape.batch
    }
  }
}

extension JSONValue {
  /// A text under a key.
  fileprivate func text(_ key: String) throws -> String {
    let value = try require(key)
    guard let text = value.string else {
      throw value.failure("\(key) must be a string: got \(value.kindName)")
    }
    return text
  }

  /// A number under a key.
  fileprivate func number(_ key: String) throws -> Double {
    let value = try require(key)
    guard let number = value.double else {
      throw value.failure("\(key) must be a number: got \(value.kindName)")
    }
    return number
  }

  /// A number without fraction under a key.
  fileprivate func wholeNumber(_ key: String) throws -> Int {
    let value = try require(key)
    guard let number = value.int else {
      throw value.failure("\(key) must be a whole number: got \(value.kindName)")
    }
    return number
  }

  /// Whether the record says that it is wrong.
  fileprivate var isWrong: Bool {
    get throws { try require("wrong").bool ?? false }
  }
}
