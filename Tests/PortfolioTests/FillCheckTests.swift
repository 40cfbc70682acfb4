import Days
import Streams
import TestFolders
import Testing

@testable import Portfolio

/// Fills that could be and are not this day's, or are there twice; and those that are told and booked.
@Suite struct FillCheckTests {
  private static let day = Day(number: 17_000)

  /// What is said of the fills of a day on which A trades at 9.5 to 10.5, B at 5.
  private func check(
    _ rows: String, head: String = "instrument,side,shares,price,fee",
    ordered: [(String, Order.Direction, Double)]? = nil, booked: String? = nil,
    rules: ExchangeRules = ExchangeRules()
  ) throws -> [String] {
    try withFolder { folder in
      func dealt(_ text: String) throws -> DealtDay {
        put(text, "\(folder)/fills")
        var fills = try Fills(reading: "\(folder)/fills")
        return try fills.take(Self.day)
      }
      let quotes = try #require(
        try SmallBars.quotes([
          "A": SmallBars.Bar(close: 20, factor: 2, low: 19, high: 21), "B": SmallBars.Bar(close: 5),
        ]))
      let exchange = Exchange(rules: rules, quotes: quotes, hasLots: true)
      let before = try booked.map {
        BookedFills.following(nil, try dealt("instrument,side,shares,price,fee\n\($0)\n"))
      }
      let orders = try ordered?.map {
        OrderedTrade(code: try InstrumentCode($0.0), direction: $0.1, shares: $0.2)
      }
      var check = FillCheck()
      try check.see(try dealt("\(head)\n\(rows)\n"), after: before, ordered: orders, exchange)
      return check.notes.map { $0.replacing(folder, with: "") }
    }
  }

  private func refusal(
    _ rows: String, head: String = "instrument,side,shares,price,fee",
    ordered: [(String, Order.Direction, Double)]? = nil, booked: String? = nil
  ) -> String {
    do {
      return "taken: \(try check(rows, head: head, ordered: ordered, booked: booked))"
    } catch let error as Failure {
      #expect(error.status == .badData)
      return error.description.split(separator: "/").last.map(String.init) ?? ""
    } catch { return "\(error)" }
  }

  @Test("the fills of a day before, once more: only a date makes them this day's")
  func again() throws {
    let rows = "A,buy,100,10,1\nB,sell,200,5,1"
    // A fee that was not known then is none of it, nor is the order of rows, nor what has come since.
    let more = "B,sell,200,5,7\nA,sell,9,10,1\nA,buy,100,10,1"
    for text in [rows, more] {
      #expect(
        refusal(text, booked: rows)
          == "fills: all 2 fills that were booked on 2016-07-18 are here again, for 2016-07-18: is it the "
          + "old file? a column date says that they are of 2016-07-18")
    }
    for text in ["A,buy,100,10,1", "A,buy,100,10.01,1\nB,sell,200,5,1"] {
      #expect(try check(text, booked: rows).isEmpty, "\(text)")
    }
    let dated = "A,buy,100,10,1,2016-07-18\nB,sell,200,5,1,2016-07-18"
    #expect(try check(dated, head: "instrument,side,shares,price,fee,date", booked: rows).isEmpty)
    #expect(
      try check("A,buy,100,10,1", booked: "A,buy,100,10,1\nA,buy,100,10,1").isEmpty)
  }

  @Test("a row that says what another says is a part of an order, or there twice")
  func twins() throws {
    let rows = "A,buy,100,10,1\nB,buy,200,5,1\nA,buy,100,10,1"
    let ordered: [(String, Order.Direction, Double)] = [("A", .buy, 200), ("B", .buy, 200)]
    #expect(try check(rows, ordered: ordered).isEmpty)
    #expect(
      refusal(rows, ordered: [("A", .buy, 100), ("B", .buy, 200)])
        == "fills:2 says, and with it 200 of A are dealt, 100 were ordered: is it there twice?")
    #expect(
      try check(rows) == [
        "1 of 3 fills of 2016-07-18 say what a row before them says, and are booked too: first /fills:4, "
          + "as /fills:2"
      ])
    // Another number of the trade tells them apart, in a column that nobody reads.
    let numbered = "A,buy,100,10,1,7\nA,buy,100,10,1,8"
    #expect(try check(numbered, head: "instrument,side,shares,price,fee,id").isEmpty)
    #expect(
      try check(numbered, head: "instrument,side,shares,price,fee,id", ordered: [("A", .buy, 100)])
        == ["more was dealt on 2016-07-18 than was ordered: BUY A, 200 and not 100"])
  }

  @Test(
    "what was not ordered, or not so much of it, is told; a file of nothing else is another day's")
  func ordered() throws {
    let ordered: [(String, Order.Direction, Double)] = [("A", .buy, 300), ("B", .sell, 200)]
    #expect(try check("A,buy,300,10,1\nB,sell,150,5,1", ordered: ordered).isEmpty)
    #expect(
      try check("A,buy,300,10,1\nB,buy,150,5,1", ordered: ordered)
        == ["1 of 2 trades of 2016-07-18 were not ordered: BUY B, first /fills:3"])
    #expect(
      try check("A,sell,3,10,1", ordered: ordered)
        == ["1 of 1 trades of 2016-07-18 were not ordered: SELL A, first /fills:2"])
    let strangers = "A,sell,3,10,1\nB,buy,150,5,1"
    #expect(
      refusal(strangers, ordered: ordered).hasPrefix("fills: none of 2 trades was ordered for "))
    #expect(refusal(strangers, ordered: []).hasPrefix("fills: none of 2 trades was ordered for "))
    #expect(try check(strangers).isEmpty)
    let dated = "2016-07-18,A,sell,3,10\n2016-07-18,B,buy,150,5"
    #expect(
      try check(dated, head: "date,instrument,side,shares,price", ordered: ordered)
        == ["2 of 2 trades of 2016-07-18 were not ordered: SELL A, BUY B, first /fills:2"])
    #expect(
      try check("A,buy,300,10,1\nB,sell,201,5,1", ordered: ordered)
        == ["more was dealt on 2016-07-18 than was ordered: SELL B, 201 and not 200"])
    #expect(try check("B,sell,200.4,5,1", ordered: ordered).isEmpty)
  }

  @Test("orders that all were dealt to the hundredth are counted in lots")
  func lots() throws {
    let ordered: [(String, Order.Direction, Double)] = [("A", .buy, 300), ("B", .sell, 200)]
    #expect(
      refusal("A,buy,3,10,1\nB,sell,2,5,1", ordered: ordered)
        == "fills:2: 3 of A were dealt, 300 ordered, and so it is with all 2: shares look like lots of 100"
    )
    #expect(try check("A,buy,3,10,1", ordered: ordered).isEmpty)
    #expect(try check("A,buy,3,10,1\nB,sell,3,5,1", ordered: ordered).isEmpty)
  }

  @Test("prices that the day did not see: one is told, most are another day's")
  func prices() throws {
    // A hundredth and a thousandth beyond the range are rounding.
    #expect(try check("A,buy,100,10.52,1\nA,sell,100,9.481,1").isEmpty)
    for price in ["10.53", "9.479"] {
      #expect(
        try check("A,buy,100,\(price),1\nB,buy,1,3,1") == [
          "/fills:2: 1 of 2 fills of 2016-07-18 have a price that the day did not see: first A at "
            + "\(price), the day's are 9.50 to 10.50"
        ])
    }
    #expect(try check("A,buy,100,11,1\nA,buy,99,12,1\nB,buy,1,5,1\nB,buy,2,5,1").count == 1)
    #expect(
      refusal("A,buy,100,11,1\nA,buy,99,12,1\nB,buy,1,5,1").hasSuffix("are they of another day?"))
  }

  @Test("fees that are missing beside others, or all nothing, are told; an absurd one is refused")
  func fees() throws {
    #expect(
      try check("A,buy,100,10,1\nB,buy,1,5,")
        == ["1 of 2 fills of 2016-07-18 have no fee: that of the rules is booked"])
    #expect(try check("A,buy,100,10,\nB,buy,1,5,").isEmpty)
    #expect(
      try check("A,buy,100,10,0\nB,buy,1,5,0") == [
        "the fees of all 2 fills of 2016-07-18 are 0: are they not known yet? without a column fee those "
          + "of the rules are booked"
      ])
    #expect(try check("A,buy,100,10,0\nB,buy,1,5,0", rules: ExchangeRules(.us)).isEmpty)
    let quotes = try #require(try SmallBars.quotes(["A": SmallBars.Bar(close: 10)]))
    let exchange = Exchange(rules: ExchangeRules(), quotes: quotes, hasLots: true)
    for (fee, shares, isRefused) in [
      (100, 1, false), (101, 1, true), (101, 101, false), (102, 101, true),
    ] {
      try withFolder { (folder: String) throws in
        put("instrument,side,shares,price,fee\nA,buy,\(shares),10,\(fee)\n", "\(folder)/fills")
        var fills = try Fills(reading: "\(folder)/fills")
        var account = Account(cash: 1e6)
        let fill = try fills.take(Self.day).orders[0]
        if isRefused {
          #expect(throws: Failure.self, "\(fee)") { try exchange.book(fill, &account) }
        } else {
          #expect(try exchange.book(fill, &account).cost == Double(fee))
        }
      }
    }
  }

  @Test("an index is neither held nor dealt; a stock of Shenzhen is none")
  func index() throws {
    for (code, isIndex) in [
      ("SH000300", true), ("SZ000300", false), ("SH600000", false), ("SZ399006", true),
      ("^GSPC", true),
      ("000300.SH", true), ("000001.SZ", false), ("399006.SZ", true), ("INDEX", true),
      ("AAPL", false),
      ("SH0003001", false),
    ] {
      #expect(try InstrumentCode(code).isIndex == isIndex, "\(code)")
      try withFolder { (folder: String) throws in
        put("instrument,shares\n\(code),100\n", "\(folder)/holdings")
        if isIndex {
          let error = #expect(throws: Failure.self) {
            try RealHoldings(reading: "\(folder)/holdings")
          }
          #expect(
            error?.description.contains(":2: \(code) is an index, which nobody holds") == true)
        } else {
          #expect(try RealHoldings(reading: "\(folder)/holdings").entries.count == 1)
        }
      }
    }
    var account = Account(cash: 1e6)
    let quotes = try #require(try SmallBars.quotes(["INDEX": SmallBars.Bar(close: 10)]))
    let exchange = Exchange(rules: ExchangeRules(), quotes: quotes, hasLots: true)
    try withFolder { (folder: String) throws in
      put("instrument,side,shares,price\nINDEX,buy,1,10\n", "\(folder)/fills")
      var fills = try Fills(reading: "\(folder)/fills")
      let fill = try fills.take(Self.day).orders[0]
      #expect(throws: Failure.self) { try exchange.book(fill, &account) }
    }
  }

  @Test("a debt of more than the account was worth is refused")
  func debt() throws {
    var notes = RealAccountNotes()
    let none = DealtDay(path: "fills", day: Self.day, isDated: false, rows: [])
    try notes.see(-1000, of: 1000, after: none)
    #expect(throws: Failure.self) { try notes.see(-1000.5, of: 1000, after: none) }
    #expect(notes.notes.count == 1)
  }
}
