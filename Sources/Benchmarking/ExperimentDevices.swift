import Streams

/// Devices in an experiment's tables.
extension ExperimentSummary {
  /// The fastest on the processor beside the fastest on each device; nil where there is no device.
  ///
  /// What a caller waits for is held together: a device's own time is without the launch of its kernels.
  var devicesBeside: [ShownPart]? {
    let right = results.filter { $0.isTimed && !$0.isWrong && parts($0) == 1 }
    var rows = [
      ["problem", "pass", "processor", "by", "device", "call", "by", "", "on"],
      ["", "", "ms", "", "ms", "ms", "", "times", ""],
    ]
    for device in machines where device.isDevice {
      var seen: Set<String> = []
      for one in right where one.machine == device {
        func isSame(_ other: Result) -> Bool {
          other.problem.name == one.problem.name && other.problem.pass == one.problem.pass
            && other.problem.operation == one.problem.operation
        }
        let there = right.filter { $0.machine == device && isSame($0) }
          .min { $0.call < $1.call }
        let here = right.filter { !$0.machine.isDevice && isSame($0) }
          .min { $0.minimum < $1.minimum }
        guard let here, let there, seen.insert(one.problem.title + one.problem.layer).inserted
        else { continue }
        rows.append([
          one.problem.name, one.problem.pass.rawValue, short(here.minimum),
          "\(here.method), \(here.machine.threads.map(threadText) ?? "")", short(there.minimum),
          short(there.call), there.method, short(here.minimum / there.call), device.cpu,
        ])
      }
    }
    guard rows.count > 2 else { return nil }
    return [
      "the fastest on the processor and on a device, whose tensors stay there; ms: lower is better.",
      "device: its own time; call: until the caller has it. times: processor to call, higher is better.",
      aligned(rows, left: [0, 1, 3, 6, 8], headers: 2),
    ]
  }

  /// What machines can do at most, where nothing else is known of them.
  var peaksTable: [ShownPart] {
    let rows = peaks.map { peak in
      [
        peak.measure, short(peak.rate), peak.measure == "operations" ? "GFLOP/s" : "GB/s",
        peak.machine.description,
      ]
    }
    return ["at most; higher is better", aligned(rows, left: [0, 2, 3], headers: 0)]
  }
}
