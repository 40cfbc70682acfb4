import Bars
import Days
import Mechanics
import Statistics
import Streams

@testable import Processors
@testable import Scoring

/// What workers count and a sum reads.
let partTargets = [
  FuzzTarget(
    "counted-part",
    words: [
      "{\"part\":\"describe 1\"", "\"walk\":2", "\"plan\":\"\"", "\"from\":\"2020-01-02\"",
      "\"fields\":1",
      "\"days\":[18263]", "\"instruments\":[\"A\"]", "{\"field\":\"x\"", "\"count\":3", "\"nan\":1",
      "\"inf\":1", "\"moments\":[\"3\",\"17\"]", "\"bins\":[[1023,2]]",
    ],
    seeds: { try [part(0), part(1), withEnd(part(7))] }
  ) { bytes in
    // A search finds no hashes, so that it is put right for it.
    let part = try withEnd(bytes).withUnsafeBytes { try countedPart($0) }
    let once = written { part.write(to: $0) }
    let again = try mustSucceed("what was written") {
      try once.withUnsafeBytes { try countedPart($0) }
    }
    try hold(written { again.write(to: $0) } == once, "read and written again, it is another part")
    guard let plan = try? CountingPlan(part, .describe) else { return }
    let next = written { plan.write(to: $0) }
    guard !plan.isDone else { return }
    _ = try mustSucceed("the plan of a part") {
      try next.withUnsafeBytes { bytes in
        try withFile(bytes) { try CountingPlan(path: $0, .describe) }
      }
    }
  },
  FuzzTarget(
    "counting-plan",
    words: [
      "{\"plan\":\"describe 1\"", "\"walk\":2", "\"from\":\"\"", "\"fields\":1", "\"rows\":3",
      "\"days\":1",
      "{\"field\":\"x\"", "\"mean\":\"0\"", "\"targets\":[[1023,0]]", "\"center\":null",
    ],
    seeds: { [try plan()] }
  ) { bytes in
    var plan = try withEnd(bytes).withUnsafeBytes { bytes in
      try withFile(bytes) { try CountingPlan(path: $0, .describe) }
    }
    let once = written { plan.write(to: $0) }
    let again = try mustSucceed("what was written") {
      try once.withUnsafeBytes { bytes in
        try withFile(bytes) { try CountingPlan(path: $0, .describe) }
      }
    }
    try hold(written { again.write(to: $0) } == once, "read and written again, it is another plan")
    // A part that is counted by it, of no rows: it has too few of what the plan looks for, or goes on.
    let walk = PartialWalk(.describe, try TableFields(nil, default: .numbers), plan: plan)
    let part = try written { try walk.write(to: $0) }.withUnsafeBytes { try countedPart($0) }
    try? plan.descend(part)
    _ = plan.summaries()
  },
  FuzzTarget(
    "score-part",
    words: [
      "{\"part\":", "\"drawings\":3", "\"texts_right\":2", "\"values_right\":1", "\"no_value\":0",
      "\"characters\":9", "\"segmented\":8", "\"symbols_right\":7", "\"some_ids\":[\"a\"]",
      "\"answered\":3",
    ],
    seeds: { [written { ScoreReport().writePart($0) }] }
  ) { bytes in
    let report = try withSeal(bytes).withUnsafeBytes { bytes in
      try reading(bytes) { try ScoreReport(summing: $0, seconds: nil) }
    }
    let once = written { report.writePart($0) }
    let again = try mustSucceed("what was written") {
      try once.withUnsafeBytes { bytes in
        try reading(bytes) { try ScoreReport(summing: $0, seconds: nil) }
      }
    }
    try hold(written { again.writePart($0) } == once, "summed again, it is another part")
    _ = written { report.writeJSON($0) }
  },
]

private func countedPart(_ bytes: UnsafeRawBufferPointer) throws -> CountedPart {
  try reading(bytes) { input in
    _ = try input.nextSource()
    return try CountedPart(input, purpose: "describe", bins: CountedPurpose.describe.bins)
  }
}

/// The part of a table of so many rows, without the line that ends it.
private func part(_ rows: Int) throws -> [UInt8] {
  let walk = PartialWalk(.describe, try TableFields(nil, default: .numbers), plan: nil)
  try walk.add(try table(rows))
  return try written { try walk.write(to: $0) }
}

/// The plan behind the first walk.
private func plan() throws -> [UInt8] {
  let whole = try part(5).withUnsafeBytes { try countedPart($0) }
  let plan = try CountingPlan(whole, .describe)
  return written { plan.write(to: $0) }
}

private func table(_ rows: Int) throws -> NpyArray {
  var day = BarDay(Day(number: 18263))
  for row in 0..<rows {
    let price = row == 1 ? Float.nan : Float(row) * 0.5
    day.append(
      try InstrumentCode("I\(row)"), Bar(SIMD8(repeating: price)), isMember: true)
  }
  return day.array
}

/// The first line but for its seal, and a right one.
private func withSeal(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  ScorePart.sealed(bytes.prefix { $0 != 0x0a }.dropLast(ScorePart.sealed([]).count))
}

/// The lines but for those that end a file, and a right end.
private func withEnd(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  withEnd(Array(bytes))
}

private func withEnd(_ bytes: [UInt8]) -> [UInt8] {
  let lines = bytes.split(separator: 0x0a).filter { !$0.starts(with: Array("{\"end\"".utf8)) }
  let text = lines.flatMap { $0 + [0x0a] }
  let end = hexadecimal(fnv1a(text, from: fnv1a("")))
  return text + Array("{\"end\":\"\(end)\"}\n".utf8)
}
