import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The experiment as tables for a terminal.
extension ExperimentSummary {
  /// Writes the tables of what there was.
  public func write(_ output: ByteWriter) {
    output.write(parts: Array(tables.joined(separator: [""])))
  }

  /// The tables, each with the lines about it.
  var tables: [[ShownPart]] {
    var tables: [[ShownPart]] = []
    if results.contains(where: \.isTimed) { tables.append(problems) }
    tables += machines.flatMap { machine in
      timed(on: machine).isEmpty
        ? [] : [timesTable(machine)] + (comparison(machine).map { [$0] } ?? [])
    }
    if let devicesBeside { tables.append(devicesBeside) }
    if results.isEmpty, !peaks.isEmpty { tables.append(peaksTable) }
    if !steps.isEmpty { tables.append(profile) }
    if !epochs.isEmpty { tables.append(trainings) }
    if !findings.isEmpty {
      let agree = findings.contains(where: \.isWrong) ? "do NOT agree" : "agree"
      let worst = (findings.map(\.error).max() ?? 0).rounded(significant: 2)
      let count = findings.reduce(0) { $0 + $1.gradients }
      tables.append([
        "\(count) gradients \(agree) with finite differences, largest relative error \(worst)"
      ])
    }
    return tables
  }

  /// What the names stand for.
  private var problems: [ShownPart] {
    var rows = [["problem", "N×C×H×W → K, R×S", "GFLOP", "MB", "FLOP/B"]]
    var seen: Set<String> = []
    for result in results where result.isTimed && parts(result) == 1 {
      let problem = result.problem
      guard seen.insert("\(problem.name)\(problem.operation)\(problem.pass)").inserted else {
        continue
      }
      // Its own sizes are its name where it has none.
      let isNamed = problem.name != problem.operation.description
      rows.append([
        isNamed ? problem.name : "",
        "\(problem.operation)"
          + (problem.pass == .forward ? "" : ", \(problem.pass.words)"),
        short(problem.work / 1e9), short(Double(problem.bytes) / 1e6), short(problem.intensity),
      ])
    }
    return [
      "problems: N pictures of C channels, H×W pixels; K kernels of R×S. GFLOP: operations, those on",
      "the padding not counted. MB: each tensor moved once. FLOP/B: many mean that products count.",
      aligned(rows, left: [0, 1]),
    ]
  }

  private func timesTable(_ machine: Machine) -> [ShownPart] {
    let timed = timed(on: machine)
    let peak = timed.compactMap(\.peak).max().map { "; its peak is \(short($0)) GFLOP/s" } ?? ""
    var rows = [
      ["problem", "pass", "by", "min", "speed", "peak", "direct", "peer", ""],
      ["", "", "", "ms", "GFLOP/s", "%", "times", "times", ""],
    ]
    for result in timed {
      let parts = parts(result)
      // A peer's time is one of the whole.
      let ratio = parts == 1 ? result.ratio : nil
      rows.append([
        result.problem.name, result.problem.pass.rawValue, result.label,
        short(milliseconds(result)), short(result.gflops),
        result.peakShare.map { short(100 * $0) } ?? "-", speedup(result).map(short) ?? "-",
        ratio.map(short) ?? "-",
        (result.isWrong ? "WRONG " : "") + (partText(result) ?? ""),
      ])
    }
    // A column that nothing is in is left out.
    for column in [7, 6] where rows.dropFirst(2).allSatisfy({ $0[column] == "-" }) {
      for row in rows.indices { rows[row].remove(at: column) }
    }
    let width = rows[0].count
    var lines: [ShownPart] = ["times: \(machine)\(peak)"]
    lines.append(aligned(rows, left: [0, 1, 2, width - 1], headers: 2))
    let better = "ms: lower is better. Others: higher."
    switch (rows[0].contains("direct"), rows[0].contains("peer")) {
    case (true, true):
      lines.append("\(better) direct, peer: how many times as fast as the plain loops,")
      lines.append("as another program.")
    case (true, false):
      lines.append("\(better) direct: how many times as fast as the plain loops.")
    case (false, true):
      lines.append("\(better) peer: how many times as fast as another program.")
    case (false, false): lines.append(.line(better))
    }
    lines += abovePeak(timed).reasons.map(ShownPart.line)
    if timed.contains(where: { parts($0) != 1 }) {
      lines.append("m of n pictures: it had so many only, and its ms are multiplied.")
    }
    return lines
  }

  /// Why shares of the peak are more than all.
  func abovePeak(_ results: [Result]) -> AbovePeak {
    var above = AbovePeak()
    for result in results { above.add(result.peakShare, result.method) }
    return above
  }

  /// Against a peer, all problems of an implementation in a line; nil where there is no peer.
  private func comparison(_ machine: Machine) -> [ShownPart]? {
    let compared = timed(on: machine).filter { $0.ratio != nil && !$0.isWrong }
    var rows = [["by", "problems", "geometric mean", "behind", "worst", ""]]
    for name in compared.map(\.label).eachOnce {
      let ratios = compared.compactMap { result -> (ratio: Double, result: Result)? in
        guard result.label == name, parts(result) == 1 else { return nil }
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
    return [
      "times as fast as the peer (behind: below 1); higher is better", aligned(rows, left: [0, 5]),
    ]
  }

  private var profile: [ShownPart] {
    var rows = [["network, by", "conv2d calls", "convolutions ms", "step ms"]]
    let places = steps.map(\.place).filter { !$0.isEmpty }.eachOnce
    for step in steps {
      rows.append([
        "\(step.network) \(step.implementation)"
          + (places.count > 1 && !step.place.isEmpty ? ", \(step.place)" : ""),
        "\(step.operators.first { $0.name == "conv2d" }?.calls ?? 0)",
        short(step.milliseconds(of: .forward) + step.milliseconds(of: .backward)),
        short(step.total),
      ])
    }
    let by = places.count == 1 ? ", \(places[0])" : ""
    return [
      "one training step of \(TrainingStep.batch) digits\(by); lower is better", aligned(rows),
    ]
  }

  private var trainings: [ShownPart] {
    let threads = Set(epochs.map(\.threads)).sorted()
    var rows = [["network, by", "right %", "seconds"]]
    for epoch in epochs {
      rows.append([
        "\(epoch.network) \(epoch.implementation)"
          + (threads.count > 1 ? ", \(threadText(epoch.threads))" : ""),
        epoch.error.map { "\((100 * (1 - $0)).rounded(decimals: 2))" } ?? "-",
        short(epoch.seconds),
      ])
    }
    let all = threads.map(threadText).joined(separator: " and ")
    let of = samples.count == 1 ? " of \(grouped(samples[0])) digits" : ""
    return [
      "one epoch\(of), \(all): other digits that are right (higher is better), seconds (lower)",
      aligned(rows),
    ]
  }
}

/// What an operator of a training step belongs to.
enum StepPart: CaseIterable {
  /// A convolution's output; by `swap`, gradients too, which are convolutions themselves.
  case forward
  /// Gradients of convolutions.
  case backward
  /// Fully connected layers, both ways.
  case linear
  /// All else: ReLU, pooling, the loss, and the step itself.
  case rest

  /// What an operator of that name belongs to.
  init(_ name: String) {
    let ofGradients = ["conv2d ", "spread", "exchange", "sum"]
    self =
      name == "conv2d"
      ? .forward
      : ofGradients.contains(where: name.hasPrefix)
        ? .backward : name.hasPrefix("linear") ? .linear : .rest
  }
}

extension ExperimentSummary.Step {
  /// What a part of the step takes.
  func milliseconds(of part: StepPart) -> Double {
    operators.reduce(0) { $0 + (StepPart($1.name) == part ? $1.milliseconds : 0) }
  }
}
