import Benchmarking
import Streams

/// What `conv-bench-gpu peak` says of the device.
public struct DevicePeakReport {
  private let peak: DevicePeak

  /// Measures the device.
  public init(_ peak: DevicePeak) throws {
    self.peak = peak
    try peak.measureOperations(seconds: 0.5)
    try peak.measureBandwidth(seconds: 1)
  }

  /// Writes one object a measurement, or a table.
  public func write(_ output: ByteWriter, asTable: Bool) {
    let lines = [
      (measure: "operations", key: "gflops", unit: "GFLOP/s", value: peak.gflops),
      (measure: "triad in memory", key: "gb_per_s", unit: "GB/s", value: peak.memory),
    ]
    if asTable || output.isTerminal {
      let rows = lines.map { [$0.measure, AlignedTable.number($0.value), $0.unit] }
      return output.write(parts: [
        "\(peak.name), higher is better", .table(AlignedTable(rows, headers: 0)),
      ])
    }
    var json = JSONWriter(output)
    for line in lines {
      json.beginObject()
      json.put("measure", line.measure)
      json.put("device", peak.name)
      json.put(line.key, short: line.value)
      json.endObject()
      json.endLine()
    }
  }
}
