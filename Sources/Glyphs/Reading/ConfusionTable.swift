import Streams

/// How often each class was taken for each other.
public struct ConfusionTable: Sendable {
  /// The classes' texts.
  public let classes: [String]
  /// `counts[truth][reading]`.
  public private(set) var counts: [[Int]]

  /// An empty table.
  public init(_ classes: [String]) {
    self.classes = classes
    counts = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
  }

  /// Counts one reading.
  public mutating func add(truth: Int, reading: Int) { counts[truth][reading] += 1 }

  /// How many of some classes there are, and how many were read as any other class.
  public func errors(_ range: Range<Int>? = nil) -> (wrong: Int, total: Int) {
    let range = (range ?? counts.indices).clamped(to: counts.indices)
    return range.reduce((0, 0)) { sums, truth in
      let total = counts[truth].reduce(0, +)
      return (sums.0 + total - counts[truth][truth], sums.1 + total)
    }
  }

  /// The share of some classes that was read as any other class; 0 where there are none.
  public func errorRate(_ range: Range<Int>? = nil) -> Double {
    let (wrong, total) = errors(range)
    return total > 0 ? Double(wrong) / Double(total) : 0
  }

  /// The table as text: a row a truth, a column a reading, then errors and count.
  public var text: String {
    func cell(_ text: String) -> String {
      String(repeating: " ", count: max(1, 6 - text.count)) + text
    }
    let used = classes.indices.filter { index in
      counts[index].contains { $0 > 0 } || counts.contains { $0[index] > 0 }
    }
    var lines = [cell("") + used.map { cell(classes[$0]) }.joined() + cell("wrong") + cell("of")]
    for truth in used {
      let row = used.map { cell(counts[truth][$0] > 0 ? String(counts[truth][$0]) : "·") }
      let (wrong, total) = errors(truth..<truth + 1)
      lines.append(
        cell(classes[truth]) + row.joined() + cell(String(wrong)) + cell(String(total)))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The index of the first largest of some numbers.
  public static func best(_ values: ArraySlice<Float>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }
}

extension ConfusionTable {
  /// The error rate in a line of text.
  public var summary: String {
    let (wrong, total) = errors()
    let hundredths = total > 0 ? (wrong * 10000 + total / 2) / total : 0
    let digits = String(hundredths % 100)
    return
      "error \(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits) % (\(wrong) of \(total))\n"
  }

  /// The table as one line of JSON: `{"error","wrong","of","classes","confusion":[[...]]}`.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    let (wrong, total) = errors()
    json.beginObject()
    json.key("error")
    json.value(errorRate())
    json.key("wrong")
    json.value(wrong)
    json.key("of")
    json.value(total)
    json.key("classes")
    json.beginArray()
    for name in classes { json.value(name) }
    json.endArray()
    json.key("confusion")
    json.beginArray()
    for row in counts {
      json.beginArray()
      for count in row { json.value(count) }
      json.endArray()
    }
    json.endArray()
    json.endObject()
    json.endLine()
  }

  /// What training ends with: errors over what was kept aside, by class, as one line of JSON.
  ///
  /// Where there are all classes, the error is also given of those that the image sets know, and of all
  /// but `none`.
  public func writeReport(_ output: ByteWriter) {
    if output.isTerminal { return writeTable(output) }
    var json = JSONWriter(output)
    json.beginObject()
    json.key("error")
    json.value(errorRate())
    if classes.count == Characters.all.count {
      for range in [Characters.inImageSets, Characters.ours] {
        json.key("error_\(range.count)")
        json.value(errorRate(range))
      }
    }
    json.key("classes")
    json.beginObject()
    for (index, name) in classes.enumerated() {
      let (wrong, count) = errors(index..<index + 1)
      json.key(name)
      json.beginObject()
      json.key("wrong")
      json.value(wrong)
      json.key("of")
      json.value(count)
      json.endObject()
    }
    json.endObject()
    json.endObject()
    json.endLine()
  }
  /// The same for people, in hundredths.
  private func writeTable(_ output: ByteWriter) {
    func percent(_ share: Double) -> String { fixed(100 * share, 2) }
    var rows = [["class", "wrong", "of", "error %"]]
    for (index, name) in classes.enumerated() {
      let (wrong, count) = errors(index..<index + 1)
      let error = count > 0 ? percent(Double(wrong) / Double(count)) : "-"
      rows.append([name, "\(wrong)", "\(count)", error])
    }
    let (wrong, count) = errors()
    rows.append(["all", "\(wrong)", "\(count)", percent(errorRate())])
    if classes.count == Characters.all.count {
      for range in [Characters.inImageSets, Characters.ours] {
        let (wrong, count) = errors(range)
        rows.append(["\(range.count) of them", "\(wrong)", "\(count)", percent(errorRate(range))])
      }
    }
    output.write(parts: ["", "What was kept aside, read by the model:", .table(AlignedTable(rows))])
  }
}
