import Streams
import Testing

@testable import Bars
@testable import Days

@Suite struct SyntheticMarketTests {
  private func market(
    seed: UInt64 = 3, instruments: Int = 80, signal: Double = 1, days: Int
  ) throws -> [[StreamRow]] {
    let start = try #require(Day("2015-01-01"))
    var market = try SyntheticMarket(
      seed: seed, instruments: instruments, start: start, signal: signal)
    return try (0..<days).map { _ in try streamRows(market.nextDay().array) }
  }

  @Test("a longer market begins as a shorter one; another seed is another market")
  func prefix() throws {
    let long = try market(days: 120)
    #expect(try market(days: 50) == Array(long[..<50]))
    #expect(try market(seed: 4, days: 50) != Array(long[..<50]))
    // A stock's own random numbers do not depend on how many others there are; the splits, the
    // listing and the sector are its own.
    let few = try market(instruments: 20, days: 120)
    for (one, other) in zip(few, long) {
      let own = other.filter { row in row.code < "SIM0021" && row.code != "INDEX" }
      #expect(one.filter { $0.code != "INDEX" } == own)
    }
  }

  @Test("days ascend, codes too, and bars make sense")
  func sense() throws {
    var last: [String: Float] = [:]
    var counts = (rows: 0, suspended: 0, limits: 0, splits: 0, members: 0)
    var factors: [String: Float] = [:]
    var codes: Set<String> = []
    let days = try market(days: 1200)
    #expect(days.map { $0[0].date } == days.map { $0[0].date }.sorted())
    for rows in days {
      #expect(rows.map(\.code) == rows.map(\.code).sorted() && rows[0].code == "INDEX")
      #expect(!rows[0].isMember && Day(rows[0].date).map { $0.weekday < 5 } == true)
      for row in rows {
        counts.rows += 1
        codes.insert(row.code)
        if row.isMember { counts.members += 1 }
        let values = row.floats
        guard !values[3].isNaN else {
          #expect(values.allSatisfy { $0.isNaN })
          counts.suspended += 1
          continue
        }
        #expect(values[..<6].allSatisfy { $0 > 0 } && values[6] > 0)
        #expect(values[2] <= min(values[0], values[3]) && max(values[0], values[3]) <= values[1])
        #expect(values[2] <= values[5] && values[5] <= values[1])
        if let before = last[row.code] {
          #expect(abs(values[3] / before - 1 - values[7]) < 1e-5)
          // Half a fen of a low price is much.
          #expect(abs(values[7]) < 0.11)
        } else {
          #expect(values[7].isNaN)
        }
        if abs(values[7]) > 0.097 { counts.limits += 1 }
        if let factor = factors[row.code], factor != values[6] { counts.splits += 1 }
        factors[row.code] = values[6]
        last[row.code] = values[3]
      }
    }
    #expect(codes.count > 75 && codes.count <= 81)
    #expect(counts.suspended * 100 > counts.rows && counts.suspended * 20 < counts.rows)
    #expect(counts.limits > 20 && counts.splits > 50)
    #expect(counts.members * 2 > counts.rows && counts.members * 10 < counts.rows * 9)
    // Some are listed late, some are gone at the end.
    #expect(days[0].count < 75 && days[0].count > 55)
    let gone = Set(days[..<600].joined().map(\.code)).subtracting(days[1199].map(\.code))
    #expect(!gone.isEmpty)
  }

  @Test("the returns of the last days foresee the next a little, and without a signal not at all")
  func signal() throws {
    for (signal, range) in [(1.0, -0.06 ... -0.015), (0.0, -0.012...0.012)] {
      let days = try market(seed: 11, instruments: 300, signal: signal, days: 450)
      let closes = days.map { rows in
        Dictionary(uniqueKeysWithValues: rows.map { ($0.code, Double($0.floats[3])) })
      }
      var sum = 0.0
      var count = 0.0
      for day in 5..<days.count - 2 {
        var pairs: [(Double, Double)] = []
        for row in days[day] where row.isMember {
          guard let then = closes[day - 5][row.code], let now = closes[day][row.code],
            let next = closes[day + 1][row.code], let after = closes[day + 2][row.code]
          else { continue }
          let pair = (now / then - 1, after / next - 1)
          if !pair.0.isNaN, !pair.1.isNaN { pairs.append(pair) }
        }
        guard pairs.count > 20 else { continue }
        sum += correlation(pairs)
        count += 1
      }
      #expect(range.contains(sum / count), "mean IC \(sum / count) of signal \(signal)")
    }
  }

  private func correlation(_ pairs: [(Double, Double)]) -> Double {
    let count = Double(pairs.count)
    let (x, y) = pairs.reduce((0, 0)) { ($0.0 + $1.0 / count, $0.1 + $1.1 / count) }
    let sums = pairs.reduce(SIMD3<Double>.zero) { sums, pair in
      let (dx, dy) = (pair.0 - x, pair.1 - y)
      return sums + SIMD3(dx * dy, dx * dx, dy * dy)
    }
    return sums[0] / (sums[1] * sums[2]).squareRoot()
  }
}
