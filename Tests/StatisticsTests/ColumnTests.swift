import Mechanics
import Streams
import TestFolders
import Testing

@testable import Statistics

/// Columns of many rows, and their correlations, beside the plain formulas.
@Suite struct ColumnTests {
  @Test("a label's correlations are those of the pairs that are known, with equals on either side")
  func correlations() {
    var random = SplitMix64(seed: 7)
    let correlation = LabelCorrelation()
    for round in 0..<60 {
      let count = 2 + round % 20
      // Few different values, so that many are equal.
      func values() -> [Float] {
        (0..<count).map { _ in
          let number = random.int(0...9)
          return number == 9 ? [.nan, .infinity, -.infinity][random.int(0...2)] : Float(number % 5)
        }
      }
      let (labels, factor) = (values(), values())
      correlation.begin(labels)
      let found = correlation.correlate(factor)
      let pairs = zip(factor, labels).filter { $0.isFinite && $1.isFinite }
      var (linear, ranks) = (PairMoments(), PairMoments())
      var sorter = RankSorter()
      let (x, y) = (pairs.map { Double($0.0) }, pairs.map { Double($0.1) })
      for (one, other) in zip(x, y) { linear.add(one, other) }
      let others = sorter.ranks(y)
      for (one, other) in zip(sorter.ranks(x), others) { ranks.add(one, other) }
      for (value, expected) in [
        (found.linear, linear.correlation), (found.ranks, ranks.correlation),
      ] {
        #expect(value.isNaN == expected.isNaN)
        if !expected.isNaN { #expect(abs(value - expected) < 1e-9) }
      }
    }
  }

  @Test("a file that is read again has the tables that it had, not only as many rows")
  func reread() throws {
    func tables(_ counts: [Int]) -> [NpyArray] {
      var next: Float = 0
      return counts.map { count in
        var table = NpyTable([NpyField("A", .float32)], rows: count)
        for _ in 0..<count {
          table.append([next])
          next += 1
        }
        return table.array
      }
    }
    try withFolder { folder in
      let path = "\(folder)/tables"
      func write(_ counts: [Int]) throws {
        let output = try ByteWriter(path)
        for table in tables(counts) { output.write(table) }
        try output.finish()
      }
      try write([2, 3])
      let rows = NumberRows(
        try TableFields(nil, default: .numbers), limit: 1 << 20, rereading: [path])
      for table in tables([2, 3]) { try rows.add(table) }
      var seen: [Float] = []
      try rows.walk { numbers, count, _ in
        seen += UnsafeBufferPointer(start: numbers, count: count)
      }
      #expect(seen == [0, 1, 2, 3, 4])
      for other in [[2, 3, 0], [2, 2], [2, 4], [2]] {
        try write(other)
        #expect(throws: Failure.self, "\(other)") { try rows.walk { _, _, _ in } }
      }
    }
  }
}
