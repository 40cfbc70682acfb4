import InstructionSets
import Streams
import Tensor

/// What `conv-bench peak` says of the machine.
public struct PeakReport {
  private let peaks: [MachinePeak]

  /// Measures every instruction set up to the one in use, with so many threads.
  public init(_ workers: Workers) {
    peaks = CPU.usable.map { MachinePeak($0, workers) }
    // In turns, so that a busy moment of the machine does not hit one alone.
    for _ in 0..<5 {
      for peak in peaks { peak.measureOperations(seconds: 0.1) }
    }
    peaks.last?.measureBandwidth(seconds: 1)
  }

  /// Writes one object a measurement, or a table.
  public func write(_ output: ByteWriter, asTable: Bool) {
    if asTable || output.isTerminal { writeTable(output) } else { writeJSON(output) }
  }

  private func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    func line(_ measure: String, _ peak: MachinePeak, _ key: String, _ value: Double) {
      json.beginObject()
      json.key("measure")
      json.value(measure)
      json.key("cpu")
      json.value(peak.cpu.rawValue)
      if let processor = ProcessorName.current { json.put("processor", processor) }
      json.key("threads")
      json.value(peak.workers.count)
      json.put(key, short: value)
      json.endObject()
      json.endLine()
    }
    for peak in peaks { line("operations", peak, "gflops", peak.gflops) }
    guard let last = peaks.last else { return }
    line("triad in memory", last, "gb_per_s", last.memory)
    line("triad in cache", last, "gb_per_s", last.cache)
  }

  private func writeTable(_ output: ByteWriter) {
    var rows = [["\(threadText(peaks.first?.workers.count ?? 1)), operations", "GFLOP/s"]]
    for peak in peaks { rows.append([peak.cpu.rawValue, short(peak.gflops)]) }
    rows.append(["bytes", "GB/s"])
    if let last = peaks.last {
      rows.append(["triad in memory", short(last.memory)])
      rows.append(["triad in second-level cache", short(last.cache)])
    }
    rows.append(["higher is better", ""])
    output.write(parts: [aligned(rows)])
  }
}
