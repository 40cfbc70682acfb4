import Streams
import TestFolders
import Testing

@testable import Days
@testable import Processors
@testable import Statistics

/// The processors beside what pandas, NumPy and SciPy gave: `testdata/market/pandas/make.py`.
@Suite struct PandasParityTests {
  private func arrays(_ name: String) throws -> [NpyArray] {
    var arrays: [NpyArray] = []
    try ByteReader(["\(root)/testdata/market/pandas/\(name).npy"]).arrays { arrays.append($0) }
    return arrays
  }

  /// Every number of a field, as doubles.
  private func numbers(_ array: NpyArray, _ name: String) throws -> [Double] {
    let field = try array.number(name)
    return (0..<array.count).map { row in
      array.bytes(field, row: row).withUnsafeBytes { bytes in
        field.scalar == .float32
          ? Double(bytes.loadUnaligned(as: Float.self)) : bytes.loadUnaligned(as: Double.self)
      }
    }
  }

  private static let features = ["A", "B", "C", "D", "E"]

  /// Compares all fields of all days; numbers may differ by so much of their size.
  private func expectSame(
    _ found: [NpyArray], _ name: String, within share: Double = 0,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try arrays(name)
    try #require(found.count == expected.count && found.count == 12, sourceLocation: location)
    for (day, (one, other)) in zip(found, expected).enumerated() {
      #expect(one.type == other.type && one.shape == other.shape, sourceLocation: location)
      for name in Self.features + ["LABEL0"] {
        for (row, (x, y)) in zip(try numbers(one, name), try numbers(other, name)).enumerated() {
          let isSame = x == y || (x.isNaN && y.isNaN) || abs(x - y) <= share * abs(y)
          #expect(isSame, "day \(day), row \(row), \(name): \(x), \(y)", sourceLocation: location)
        }
      }
    }
  }

  @Test("robust-zscore: every bit")
  func robustZScore() throws {
    var days = try arrays("days")
    let fit = RobustZScoreFit(
      NumberRows(try TableFields(nil, default: .features), limit: 1 << 30),
      try DaySpan(from: Day("2015-01-07"), to: Day("2015-01-14")))
    for day in days { try fit.add(day) }
    #expect(fit.days == 8)
    var zscore = try fit.parameters()
    for place in days.indices { try zscore.apply(&days[place]) }
    try expectSame(days, "scaled")
  }

  @Test("fillna, dropna: every bit")
  func missing() throws {
    var (filled, dropped) = (try arrays("days"), try arrays("days"))
    var fill = MissingValueFill(try TableFields(nil, default: .features), value: 0)
    var drop = MissingLabelDrop(try TableFields(nil, default: .labels))
    for place in filled.indices {
      try fill.fill(&filled[place])
      try drop.drop(&dropped[place])
    }
    try expectSame(filled, "filled")
    try expectSame(dropped, "dropped")
  }

  @Test("cs-rank: to the last bit of a double or two")
  func ranks() throws {
    var rank = CrossSectionRank(try TableFields("B,LABEL0", default: .labels))
    var ranked: [NpyArray] = []
    for day in try arrays("days") {
      try rank.rank(day) { type, shape, bytes in
        ranked.append(NpyArray(type: type, shape: shape, bytes: Array(bytes)))
      }
    }
    try expectSame(ranked, "ranked", within: 1e-15)
  }

  @Test("describe: counts, moments, quantiles, ICs")
  func describe() throws {
    let summaries = FieldSummaries(
      NumberRows(try TableFields(nil, default: .numbers), limit: 1 << 20), label: "LABEL0")
    for day in try arrays("days") { try summaries.add(day) }
    let expected = try arrays("summary")[0]
    func number(_ name: String, _ row: Int) throws -> Double { try numbers(expected, name)[row] }
    for (row, summary) in try summaries.summaries().enumerated() {
      let field = try #require(expected.field("field"))
      #expect(try expected.text(field, row: row) == summary.name)
      #expect(try number("count", row) == Double(summary.count))
      #expect(try number("nan", row) == Double(summary.missing))
      #expect(try number("inf", row) == Double(summary.infinite))
      var pairs = [
        (summary.mean, try number("mean", row)), (summary.deviation, try number("std", row)),
      ]
      for (place, value) in summary.quantiles.enumerated() {
        pairs.append((value, try number("q\(place)", row)))
      }
      #expect(summary.quantiles.count == 9)
      if let (linear, ranks) = summary.information {
        pairs += [
          (linear.mean, try number("ic", row)), (linear.ratio, try number("icir", row)),
          (ranks.mean, try number("rank_ic", row)), (ranks.ratio, try number("rank_icir", row)),
          (Double(linear.days), try number("days", row)),
        ]
      } else {
        #expect(summary.name == "LABEL0")
      }
      for (place, (found, expected)) in pairs.enumerated() {
        #expect(
          abs(found - expected) <= 1e-12 * max(abs(expected), 1e-3),
          "\(summary.name) \(place): \(found), \(expected)")
      }
    }
  }
}
