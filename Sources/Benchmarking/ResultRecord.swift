import Streams
import Tensor

/// A result as an object of NDJSON: the problem's keys, then what was measured.
struct ResultRecord {
  /// The keys that a result adds; a problem that has them, being a result itself, loses them.
  static let keys: Set = [
    "implementation", "method", "precision", "keep_weights", "cpu", "processor", "threads",
    "device",
    "runs", "wall_ms", "copy_ms", "build_ms", "first_ms", "min_ms", "median_ms", "spread_ms",
    "prepare_ms", "gflops", "peak_gflops", "peak_share", "work_gflop", "bytes", "max_error",
    "error_bound", "checked", "wrong", "compared_with", "compared_min_ms", "ratio",
  ]

  let problem: Problem
  let measurement: Measurement
  /// 10⁹ operations a second that the machine does; nil where nobody measured.
  let peak: Double?
  /// The result of others, where results are compared.
  let other: Comparison.Other?
  let isCompared: Bool

  /// The share of what the machine does; nil where nobody measured.
  var share: Double? { peak.map { measurement.gflops / $0 } }

  /// Writes the object; `record` is the problem as it was read, whose other keys pass through.
  func write(to json: inout JSONWriter, record: JSONValue?) {
    json.beginObject()
    if let record {
      for (key, value) in record.members where !Self.keys.contains(key) {
        json.key(key)
        json.copy(value)
      }
    } else {
      problem.write(to: &json)
    }
    let m = measurement
    json.put("implementation", m.implementation)
    json.put("method", m.method)
    // What is usual is not said.
    if m.precision != .float { json.put("precision", m.precision.rawValue) }
    if m.keepsWeights {
      json.key("keep_weights")
      json.value(true)
    }
    if m.isDevice {
      json.put("device", m.place)
    } else {
      json.put("cpu", m.place)
      if let processor = m.processor { json.put("processor", processor) }
      json.put("threads", m.threads)
    }
    json.put("runs", m.runs)
    json.put("min_ms", short: m.minimum)
    json.put("median_ms", short: m.median)
    json.put("spread_ms", short: m.spread)
    json.put("prepare_ms", short: m.preparation)
    for (key, milliseconds) in m.extras { json.put(key, short: milliseconds) }
    json.put("gflops", short: m.gflops)
    if let peak {
      json.put("peak_gflops", short: peak)
      json.put("peak_share", short: m.gflops / peak)
    }
    json.put("work_gflop", (problem.work / 1e9).rounded(decimals: 9))
    json.put("bytes", problem.bytes)
    // Two digits: more would differ from one instruction set to the next.
    json.key("max_error")
    json.value(m.error.rounded(significant: 2))
    json.put("error_bound", short: m.bound)
    json.put("checked", m.places)
    json.key("wrong")
    json.value(m.isWrong)
    if isCompared { writeComparison(&json) }
    json.endObject()
    json.endLine()
  }

  private func writeComparison(_ json: inout JSONWriter) {
    json.key("compared_with")
    if let other { json.value(other.implementation) } else { json.null() }
    json.key("compared_min_ms")
    if let other { json.value(other.minimum) } else { json.null() }
    json.key("ratio")
    if let other {
      json.value((other.minimum / measurement.minimum).rounded(significant: 6))
    } else {
      json.null()
    }
  }
}

extension JSONWriter {
  /// A key and what was measured, in six digits from the first that is not 0.
  ///
  /// With decimals instead, what is small would become 0, or contradict what follows from it.
  public mutating func put(_ key: String, short value: Double) {
    put(key, value.rounded(significant: 6))
  }
}
