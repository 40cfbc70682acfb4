import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// What stops trade, at each limit and one step beside it.
@Suite struct LimitTests {
  private func canTrade(
    _ bar: SmallBars.Bar, _ rules: ExchangeRules = ExchangeRules(), withLimits: Bool = false
  ) throws -> [Bool] {
    let quotes = try #require(try SmallBars.quotes(["SH688001": bar], withLimits: withLimits))
    let exchange = Exchange(rules: rules, quotes: quotes, hasLots: true)
    return [exchange.canTrade(0, .buy), exchange.canTrade(0, .sell), exchange.canTrade(0)]
  }

  @Test("a change of the limit stops buying, its fall selling; a step less stops neither")
  func change() throws {
    let limit = Float(0.095)
    let free = [true, true, true]
    #expect(try canTrade(SmallBars.Bar(close: 1, change: limit)) == [false, true, false])
    #expect(try canTrade(SmallBars.Bar(close: 1, change: limit.nextDown)) == free)
    #expect(try canTrade(SmallBars.Bar(close: 1, change: -limit)) == [true, false, false])
    #expect(try canTrade(SmallBars.Bar(close: 1, change: -limit.nextDown)) == free)
    #expect(try canTrade(SmallBars.Bar(close: 1, change: .nan)) == free)
    #expect(try canTrade(SmallBars.Bar(close: .nan)) == [false, false, false])
    #expect(try canTrade(SmallBars.Bar(close: 1, change: 9), ExchangeRules(.us)) == free)
  }

  @Test("prices of limits come before changes, where a row has one")
  func prices() throws {
    var bar = SmallBars.Bar(close: 12, change: 0.2, limitUp: 12, limitDown: 8)
    #expect(try canTrade(bar, withLimits: true) == [false, true, false])
    bar.close = Float(12).nextDown
    #expect(try canTrade(bar, withLimits: true) == [true, true, true])
    bar.close = 8
    #expect(try canTrade(bar, withLimits: true) == [true, false, false])
    bar.close = Float(8).nextUp
    #expect(try canTrade(bar, withLimits: true) == [true, true, true])
    bar.limitUp = .nan
    #expect(try canTrade(bar, withLimits: true) == [false, true, false])
    bar.limitUp = 20
    bar.tradable = 0
    #expect(try canTrade(bar, withLimits: true) == [false, false, false])
    // Without the columns the change alone tells.
    #expect(try canTrade(bar) == [false, true, false])
  }

  @Test("--limits: of codes and their beginnings, on days, the last line that fits")
  func file() throws {
    try withFolder { folder in
      put(
        """
        Instrument,from,to,limit,note
        SH688*,,,0.195,20 % board
        SH688001,2016-07-18,2016-07-19,none,"first days, of a listing"
        sh688001,,2016-07-17,0.0475,
        SH6*,2016-07-25,,0.3,

        """, "\(folder)/limits")
      let limits = try InstrumentLimits(reading: "\(folder)/limits")
      func limit(_ name: String, _ date: String) throws -> Double?? {
        limits.limit(try InstrumentCode(name), try #require(Day(date)))
      }
      #expect(try limit("SH688001", "2016-07-17") == .some(0.0475))
      #expect(try limit("SH688001", "2016-07-18") == .some(nil))
      #expect(try limit("SH688001", "2016-07-19") == .some(nil))
      #expect(try limit("SH688001", "2016-07-20") == .some(0.195))
      #expect(try limit("SH688001", "2016-07-24") == .some(0.195))
      #expect(try limit("SH688001", "2016-07-25") == .some(0.3))
      #expect(try limit("SH600000", "2016-07-24") == nil)
      #expect(try limit("SZ300001", "2016-07-25") == nil)

      // 17,000 days from 1970 is 2016-07-18.
      var rules = ExchangeRules()
      rules.limits = limits
      #expect(try canTrade(SmallBars.Bar(close: 1, change: 5), rules) == [true, true, true])
      put("instrument,date,limit\nSH688001,2016-07-18,0.195\n", "\(folder)/day")
      rules.limits = try InstrumentLimits(reading: "\(folder)/day")
      let limit = Float(0.195)
      #expect(
        try canTrade(SmallBars.Bar(close: 1, change: limit), rules) == [false, true, false])
      #expect(
        try canTrade(SmallBars.Bar(close: 1, change: limit.nextDown), rules) == [true, true, true])
      for (text, rule) in [
        ("instrument\nA\n", ":1: header must have instrument, limit: no 'limit'"),
        ("instrument,limit\nA,0\n", ":2: limit must be a share above 0, such as 0.195, or none"),
        ("instrument,limit\nA,20\n", " such as 0.195, or none: '20'"),
        ("instrument,limit\nA B,0.1\n", ":2: instrument must be"),
        (
          "instrument,date,from,limit\nA,2020-01-01,2020-01-01,1\n", ":2: a row has a date, or from"
        ),
        ("instrument,from,to,limit\nA,2020-01-02,2020-01-01,1\n", ":2: to must not be before from"),
        ("instrument,date,limit\nA,2020-02-30,1\n", ":2: date must be YYYY-MM-DD: '2020-02-30'"),
        ("instrument,limit\nA,0.1,3\n", ":2: row has 3 fields, the header 2"),
      ] {
        put(text, "\(folder)/bad")
        let error = #expect(throws: Failure.self) {
          try InstrumentLimits(reading: "\(folder)/bad")
        }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
      }
    }
  }

  @Test("limits of instruments that the bars have not are told; only spelt otherwise, an error")
  func join() throws {
    let bars = try ["SH600000", "SH688001"].map { try InstrumentCode($0) }
    try withFolder { folder in
      func note(_ text: String) throws -> String? {
        put("instrument,limit\n" + text, "\(folder)/limits")
        var join = LimitJoin(try InstrumentLimits(reading: "\(folder)/limits"))
        join.see([try InstrumentCode("SH600000")])
        join.see(bars)
        try join.finish()
        return join.note
      }
      let notes = try [
        "SH688*,0.2\nSH600000,0.05\nSH600000,0.1\n", "",
        "X1,1\nSH600000,1\nX2,1\nSH688*,1\nX3,1\nSZ*,1\n", "SZ300001,1\n",
      ].map { try note($0) }
      #expect(
        notes == [
          nil, nil, "4 of 6 instruments of --limits are not in the bars: X1, X2, X3, ...",
          "1 of 1 instruments of --limits are not in the bars: SZ300001",
        ])
      let error = #expect(throws: Failure.self) { try note("688001.SH,0.2\n600001.SH,0.1\n") }
      #expect(
        error?.description.hasSuffix(
          "/limits: none of 2 instruments is in the bars: 688001.SH here, SH688001 there") == true)
    }
  }
}
