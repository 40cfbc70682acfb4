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
    let (center, finiteOnly): (Float?, Bool) = (seed % 3 == 0 ? 1.5 : nil, seed % 2 == 0)
    let values = numbers.map { number in center.map { abs(number - $0) } ?? number }
      .filter { !$0.isNaN && (!finiteOnly || $0.isFinite) }.map { $0 + 0 }.sorted()
    var places: [Int] = []
    var search = RankSearch()
    for level in 0..<RankSearch.walks {
      var sum = search.prefixes.map { _ in [Int](repeating: 0, count: search.binCount) }
      for part in 0..<5 {
        var walk = RankWalk(search, center: center, finiteOnly: finiteOnly)
        let rows = numbers.enumerated().filter { $0.offset % 5 == part }.map(\.element)
        // Beside another column.
        let pairs: [Float] = rows.flatMap { [$0, 7] }
        pairs.withUnsafeBufferPointer { pairs in
          if let start = pairs.baseAddress { walk.add(start, rows.count, 2) }
        }
        for (table, counts) in walk.counts.enumerated() {
          for (bin, count) in counts.enumerated() { sum[table][bin] += count }
        }
      }
      if level == 0 {
        let begins = search.begin(sum) { count in
          places = [0, (count - 1) / 2, count / 2, count - 1, count / 100, count - 2]
          return places
        }
        #expect(begins)
      } else {
        let descends = search.descend(sum)
        #expect(descends)
      }
    }
    #expect(search.values.map(\.bitPattern) == places.map { values[$0].bitPattern })
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
