import Mechanics
import Testing

/// Hashes, random numbers and search, beside what others say of them.
@Suite struct SmallMechanicsTests {
  @Test("FNV-1a, by the numbers of its authors")
  func hashes() {
    #expect(fnv1a("") == 0xcbf2_9ce4_8422_2325)
    #expect(fnv1a("a") == 0xaf63_dc4c_8601_ec8c)
    #expect(fnv1a("foobar") == 0x8594_4171_f739_67e8)
    #expect(fnv1a("bar".utf8, from: fnv1a("foo")) == fnv1a("foobar"))
  }

  @Test("SplitMix64, by the numbers of its author")
  func splitMix() {
    var random = SplitMix64(seed: 1_234_567)
    let known: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(known.map { _ in random.next() } == known)
  }

  @Test("uniform numbers are the upper 53 bits, and fill 0 ..< 1; so do whole ones their range")
  func uniform() {
    var (bits, numbers) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
    var (least, most) = (1.0, 0.0)
    for _ in 0..<2000 {
      let number = numbers.uniform()
      #expect(number == Double(bits.next() >> 11) / 9_007_199_254_740_992)
      (least, most) = (min(least, number), max(most, number))
    }
    #expect(least < 0.01 && most > 0.99 && most < 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[numbers.int(-3...3) + 3] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
    #expect((0..<100).allSatisfy { _ in numbers.happens(1) && !numbers.happens(0) })
  }

  @Test("the first place not below an element, in lists of every length with equals")
  func search() {
    var random = SplitMix64(seed: 4)
    for count in 0..<40 {
      let list = (0..<count).map { _ in random.int(0...20) }.sorted()
      for element in -1...21 {
        let place = list.firstPlace(notBelow: element)
        #expect(place == list.firstIndex { $0 >= element } ?? count)
        #expect(list.sortedPlace(of: element) == list.firstIndex(of: element))
        #expect(list[...].dropFirst(count / 2).firstPlace(notBelow: element) >= count / 2)
      }
    }
  }
}
