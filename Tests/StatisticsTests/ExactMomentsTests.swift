import Mechanics
import Testing

@testable import Statistics

/// Sums that are the same in any order, beside Shewchuk's, and with whole numbers where these are exact.
@Suite struct ExactMomentsTests {
  /// The exact sum of doubles, rounded once, as Python's `math.fsum` has it by Shewchuk.
  private func shewchuk(_ numbers: [Double]) -> Double {
    var parts: [Double] = []
    for number in numbers {
      var next = number
      var kept: [Double] = []
      for part in parts {
        let (large, small) = abs(next) < abs(part) ? (part, next) : (next, part)
        let sum = large + small
        let rest = small - (sum - large)
        if rest != 0 { kept.append(rest) }
        next = sum
      }
      parts = kept + [next]
    }
    return parts.reversed().reduce(0, +)
  }

  private func numbers(_ seed: Int, _ count: Int, spread: Int) -> [Float] {
    var random = SplitMix64(seed: UInt64(seed))
    return (0..<count).map { place in
      if place % 61 == 7 { return [.nan, .infinity, -.infinity, 0, -0.0][place % 5] }
      let bits = UInt32(random.next() % (1 << 23))
      let power = UInt32(127 - spread + Int(random.next() % UInt64(2 * spread)))
      return Float(bitPattern: UInt32(random.next() % 2) << 31 | power << 23 | bits)
    }
  }

  private func moments(_ numbers: [Float], columns: Int) -> [ExactMoments.Column] {
    var moments = ExactMoments(columns: columns)
    // In pieces, so that bins are emptied in the midst of one.
    var start = 0
    let rows = numbers.count / columns
    numbers.withUnsafeBufferPointer { numbers in
      while start < rows, let first = numbers.baseAddress {
        let taken = min(rows - start, 1 + start % 300)
        moments.add(first + start * columns, taken, columns)
        start += taken
      }
    }
    return moments.columns()
  }

  @Test("the mean is the exact sum, rounded, over the count", arguments: [1, 8, 40, 126])
  func mean(_ spread: Int) throws {
    for seed in 1...6 {
      let columns = 3
      let numbers = numbers(seed * spread, 3 * (1 + seed * 137), spread: spread)
      for (column, found) in moments(numbers, columns: columns).enumerated() {
        let all = stride(from: column, to: numbers.count, by: columns).map { numbers[$0] }
        let known = all.filter(\.isFinite).map(Double.init)
        #expect(found.count == known.count && found.missing == all.filter(\.isNaN).count)
        #expect(found.infinite == all.filter(\.isInfinite).count)
        let expected = shewchuk(known) / Double(known.count)
        #expect(found.mean == expected || known.isEmpty && found.mean.isNaN)
      }
    }
  }

  @Test("the deviation of whole numbers is that of their exact sums")
  func deviation() {
    var random = SplitMix64(seed: 4)
    for shift in [0, 3_000_000, 16_000_000] {
      let values = (0..<700).map { _ in shift + random.int(0...700_000) }
      let (sum, squares) = values.reduce((Int128(0), Int128(0))) {
        ($0.0 + Int128($1), $0.1 + Int128($1 * $1))
      }
      let expected = (Double(700 * squares - sum * sum) / (700 * 699)).squareRoot()
      let found = moments(values.map(Float.init), columns: 1)[0].deviation
      #expect(abs(found - expected) <= expected.ulp)
    }
    #expect(moments([0.1, 0.1, 0.1], columns: 1)[0].deviation == 0)
    #expect(moments([5], columns: 1)[0].deviation.isNaN)
    #expect(moments([.nan], columns: 1)[0].mean.isNaN)
    let greatest = moments([.greatestFiniteMagnitude, -.greatestFiniteMagnitude], columns: 1)[0]
    #expect(greatest.mean == 0 && greatest.deviation > 4.8e38 && greatest.deviation < 4.82e38)
    let least = moments([.leastNonzeroMagnitude, -.leastNonzeroMagnitude], columns: 1)[0]
    #expect(
      least.mean == 0 && least.deviation == Double(Float.leastNonzeroMagnitude) * 2.squareRoot())
  }

  @Test("parts add up to the whole, as they are and through texts", arguments: 1...8)
  func parts(_ seed: Int) {
    let numbers = numbers(seed, 2000, spread: 60)
    let whole = moments(numbers, columns: 2)
    var random = SplitMix64(seed: UInt64(seed))
    var rows = Array(0..<1000)
    for place in rows.indices { rows.swapAt(place, random.int(0...999)) }
    var sum = [ExactMoments.Column(), ExactMoments.Column()]
    for part in 0..<7 {
      let chosen = rows.filter { $0 % 7 == part }.flatMap {
        [numbers[2 * $0], numbers[2 * $0 + 1]]
      }
      for (column, moments) in moments(chosen, columns: 2).enumerated() {
        var read = ExactMoments.Column()
        let isSet = read.set(moments.texts)
        #expect(isSet)
        (read.count, read.missing, read.infinite) = (
          moments.count, moments.missing, moments.infinite
        )
        #expect(read == moments)
        sum[column] += read
      }
    }
    #expect(sum == whole)
    #expect(sum.map(\.mean) == whole.map(\.mean) && sum.map(\.deviation) == whole.map(\.deviation))
  }

  @Test("texts that are no bins are refused")
  func texts() {
    for texts in [["1"], ["x", "1"], ["1", "x"], ["72", "1"], ["-1", "1"], ["9", "-1"]] {
      var column = ExactMoments.Column()
      let isSet = column.set(texts)
      #expect(!isSet, "\(texts)")
    }
  }

  @Test("whole numbers become the nearest doubles")
  func wholeNumbers() {
    var random = SplitMix64(seed: 9)
    for _ in 0..<2000 {
      let (one, other) = (
        random.next() >> (random.next() % 64), random.next() >> (random.next() % 64)
      )
      let (x, y) = (WholeNumber([one]), WholeNumber([other]))
      let product = UInt128(one) * UInt128(other)
      #expect((x * y).double == Double(product))
      #expect((x * y + x).double == Double(product + UInt128(one)))
      #expect((x * y + x - x) == x * y && x.isBelow(y) == (one < other))
      // A tie goes to even, and what is beyond it by the least does not.
      let big = WholeNumber([0, 0, one])
      #expect(big.double == Double(one) * 0x1p128)
      #expect((big * y + WholeNumber([1])).double >= (big * y).double)
    }
    let half = WholeNumber([0, 1 << 10, 1])
    #expect(half.double == 0x1p128 && (WholeNumber([0, 1 << 11, 1])).double == 0x1p128)
    #expect(WholeNumber([1, 1 << 11, 1]).double == 0x1.0000000000001p128)
    #expect(WholeNumber([]).double == 0)
  }
}
