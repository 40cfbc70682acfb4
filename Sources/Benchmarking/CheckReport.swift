import Streams

/// What `conv-bench check` says: a line for each implementation, operator and instruction set.
public struct CheckReport {
  private let findings: [GradientCheck.Finding]
  private let seed: UInt64

  /// A report of a check.
  public init(_ findings: [GradientCheck.Finding], seed: UInt64) {
    self.findings = findings
    self.seed = seed
  }

  /// The findings that are out of bounds, as the last line names them.
  public var wrong: [String] {
    findings.filter(\.isWrong).map {
      "\($0.implementation) \($0.op.rawValue) on \($0.place)"
    }
  }

  /// Writes one object a finding, or a table.
  public func write(_ output: ByteWriter, asTable: Bool) {
    if asTable || output.isTerminal { writeTable(output) } else { writeJSON(output) }
  }

  private func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    for finding in findings {
      json.beginObject()
      for (key, text) in [
        ("op", finding.op.rawValue), ("implementation", finding.implementation),
        (finding.isDevice ? "device" : "cpu", finding.place),
      ] {
        json.key(key)
        json.value(text)
      }
      for (key, number) in [("shapes", finding.shapes), ("gradients", finding.elements)] {
        json.key(key)
        json.value(number)
      }
      json.key("max_error")
      json.value(finding.error.rounded(significant: 2))
      json.key("error_bound")
      json.value(finding.bound)
      json.key("seed")
      json.value(Int(truncatingIfNeeded: seed))
      json.key("wrong")
      json.value(finding.isWrong)
      json.endObject()
      json.endLine()
    }
  }

  private func writeTable(_ output: ByteWriter) {
    var rows = [
      [
        "operator", "implementation", findings.first?.isDevice == true ? "device" : "cpu", "shapes",
        "gradients", "max error", "bound",
      ]
    ]
    for finding in findings {
      rows.append([
        finding.op.rawValue, finding.implementation, finding.place, "\(finding.shapes)",
        "\(finding.elements)", "\(finding.error.rounded(significant: 2))",
        "\(finding.bound)" + (finding.isWrong ? " WRONG" : ""),
      ])
    }
    output.write(parts: [
      aligned(rows, left: [0, 1, 2]),
      "seed \(seed); errors are relative to a tensor's largest element, lower is better",
    ])
  }
}
