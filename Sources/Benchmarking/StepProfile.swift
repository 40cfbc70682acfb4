import Mechanics
import Streams
import Tensor

/// What `conv-bench --profile` says: the operators of one training step, how often each is called and
/// how long it takes, for every implementation of the convolutions.
public struct StepProfile {
  /// One operator of a network under an implementation.
  struct Row {
    let network: String
    let implementation: String
    let name: String
    /// Calls in a step.
    let calls: Int
    /// Milliseconds of a step, and of a call.
    let total, mean: Double
    /// The share of the step.
    let share: Double
  }

  /// Profiles the networks and writes one object an operator, or tables; one more step of each goes into
  /// a trace, where there is one.
  public static func write(
    _ plan: RunPlan, _ setting: Candidate.Setting, _ implementations: [Implementation],
    _ output: ByteWriter, trace: StepTrace?, asTable: Bool, quiet: Bool
  ) throws {
    let progress = Progress(total: nil, unit: "profiles", quiet: quiet)
    var json = JSONWriter(output)
    var done = 0
    for network in TrainingStep.Network.all {
      for implementation in implementations {
        progress.update(done, note: "\(network.name) \(implementation.name)")
        let rows = try profile(network, implementation, plan, setting, trace)
        done += 1
        progress.finish()
        if asTable || output.isTerminal {
          output.write(parts: table(rows))
        } else {
          for row in rows { write(row, setting, to: &json) }
        }
        try output.commit()
        try output.flush()
      }
    }
  }

  /// Runs steps for a time or a count and takes the mean of them.
  private static func profile(
    _ network: TrainingStep.Network, _ implementation: Implementation, _ plan: RunPlan,
    _ setting: Candidate.Setting, _ trace: StepTrace?
  ) throws -> [Row] {
    let step = try TrainingStep(network, implementation, setting)
    for _ in 0..<(plan.warmup ?? 2) { step.run() }
    step.times.reset()
    let end = monotonicSeconds() + plan.seconds
    var steps = 0
    repeat {
      step.run()
      steps += 1
    } while plan.runs.map { steps < $0 } ?? (monotonicSeconds() < end)
    let entries = step.times.entries
    if let trace {
      step.times.spans = []
      step.run()
      trace.add("\(network.name) \(implementation.name)", step.times.spans ?? [])
    }
    let all = entries.reduce(0) { $0 + $1.seconds }
    return entries.sorted { $0.seconds > $1.seconds }.map { entry in
      Row(
        network: network.name, implementation: implementation.name, name: entry.name,
        calls: entry.calls / steps, total: entry.seconds * 1e3 / Double(steps),
        mean: entry.seconds * 1e3 / Double(entry.calls), share: entry.seconds / all)
    }
  }

  private static func write(
    _ row: Row, _ setting: Candidate.Setting, to json: inout JSONWriter
  ) {
    json.beginObject()
    for (key, text) in [
      ("network", row.network), ("implementation", row.implementation), ("operator", row.name),
    ] {
      json.key(key)
      json.value(text)
    }
    json.put("cpu", setting.cpu.rawValue)
    if let processor = ProcessorName.current { json.put("processor", processor) }
    for (key, number) in [
      ("batch", TrainingStep.batch), ("threads", setting.workers.count), ("calls", row.calls),
    ] {
      json.key(key)
      json.value(number)
    }
    for (key, number) in [
      ("total_ms", row.total), ("mean_ms", row.mean), ("share", row.share),
    ] {
      json.put(key, short: number)
    }
    json.endObject()
    json.endLine()
  }

  private static func table(_ rows: [Row]) -> [ShownPart] {
    guard let first = rows.first else { return [] }
    var cells = [["operator", "calls", "total ms", "mean ms", "share %"]]
    for row in rows {
      cells.append([
        row.name, "\(row.calls)", short(row.total), short(row.mean), short(100 * row.share),
      ])
    }
    cells.append(["", "", short(rows.reduce(0) { $0 + $1.total }), "", ""])
    let title =
      "\(first.network), one step of \(TrainingStep.batch) digits, \(first.implementation); "
      + "lower is better"
    return [.line(title), aligned(cells), ""]
  }
}
