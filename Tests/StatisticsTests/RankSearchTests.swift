import Mechanics
import Testing

@testable import Statistics

/// Values by their places, counted in parts.
@Suite struct RankSearchTests {
  @Test("three walks over parts find what sorting finds", arguments: 1...20)
  func search(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let numbers: [Float] = (0..<400 * seed).map { place in
      switch random.int(0...9) {
      case 0: [.nan, .infinity, -.infinity, 0, -0.0][place % 5]
      case 1...4: Float(random.int(-20...20))
      default: Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      }
    }
    let finiteOnly = seed % 2 == 0
    // Each column: its center, and which values are looked for. Of some at most two lie in bins of their own, of
    // others more do, and one has none.
    let columns: [(center: Float?, places: (Int) -> [Int])] = [
      (nil, { [0, ($0 - 1) / 2, $0 / 2, $0 - 1, $0 / 100, $0 - 2] }),
      (nil, { [($0 - 1) / 2, $0 / 2] }), (1.5, { [$0 / 3] }), (.nan, { _ in [] }),
      (-7, { [0, $0 - 1, $0 / 4, $0 / 2] }), (nil, { [$0 - 1, 0] }), (0, { [$0 / 2] }),
    ]
    // Rows of all columns, and one more that is nobody's.
    let rows = numbers.indices.map { row in
      columns.indices.map { numbers[(row + 11 * $0) % numbers.count] } + [7]
    }
    var searches = columns.map { _ in RankSearch() }
    for level in 0..<RankSearch.walks {
      var sums = searches.map { search in
        search.prefixes.map { _ in [Int](repeating: 0, count: search.binCount) }
      }
      for part in 0..<5 {
        var walk = RankWalk(
          searches, centers: columns.map(\.center), finiteOnly: finiteOnly, mostRows: 37 * seed)
        let some = rows.enumerated().filter { $0.offset % 5 == part }.map(\.element)
        some.joined().withNumbers { walk.add($0, some.count, columns.count + 1) }
        for column in columns.indices {
          for (table, counts) in walk.counts(column).enumerated() {
            for (bin, count) in counts.enumerated() { sums[column][table][bin] += count }
          }
        }
      }
      for (column, sum) in sums.enumerated() {
        let isFound =
          level == 0
          ? searches[column].begin(sum, places: columns[column].places)
          : searches[column].descend(sum)
        #expect(isFound)
      }
    }
    for (column, search) in searches.enumerated() {
      let (center, places) = columns[column]
      let values = numbers.map { number in center.map { abs(number - $0) } ?? number }
        .filter { !$0.isNaN && (!finiteOnly || $0.isFinite) }.map { $0 + 0 }.sorted()
      let expected = values.isEmpty ? [] : places(values.count).map { values[$0].bitPattern }
      #expect(search.values.map(\.bitPattern) == expected)
    }
  }

  @Test("counts that lack what is looked for are refused")
  func refused() {
    var search = RankSearch()
    var counts = [Int](repeating: 0, count: 2048)
    counts[1024] = 3
    let begins = search.begin([counts]) { [$0 - 1] }
    #expect(begins)
    #expect(search.targets == [.init(prefix: 1024, place: 2)])
    counts[1024] = 2
    let descends = search.descend([counts])
    #expect(!descends)
    #expect(RankSearch(level: 1, targets: [.init(prefix: 2048, place: 0)]) == nil)
    #expect(RankSearch(level: 1, targets: [.init(prefix: 0, place: -1)]) == nil)
    #expect(RankSearch(level: 0, targets: []) == nil && RankSearch(level: 3, targets: []) == nil)
  }
}

extension Sequence<Float> {
  /// Calls `body` with the first of all numbers, one behind the other.
  fileprivate func withNumbers(_ body: (UnsafePointer<Float>) -> Void) {
    Array(self).withUnsafeBufferPointer { $0.baseAddress.map(body) }
  }
}
