import Days
import Streams
import TestFolders
import Testing

@testable import Portfolio

/// Tables of returns as people have them, and what only looks like one.
@Suite struct ReturnReadingTests {
  private func read(
    _ text: String, _ unit: ReturnUnit = .share, columns: String? = nil, trust: Bool = false
  ) throws -> (returns: DailyReturns?, notes: [String]) {
    try withFolder { folder in
      put(text, "\(folder)/in")
      var reading = ReturnReading()
      (reading.unit, reading.isTrusting) = (unit, trust)
      if let columns { reading.columns = try #require(ReturnColumns(argument: columns)) }
      var notes: [String] = []
      let returns = try ByteReader(["\(folder)/in"]).dailyReturns(reading) { notes.append($0) }
      return (returns, notes)
    }
  }

  private func csv(_ values: [Double], header: String = "date,return") -> String {
    header + "\n"
      + values.enumerated().map { "\(Day(number: Int32(18_263 + $0))),\($1)\n" }.joined()
  }

  /// Returns without memory, as a small generator makes them.
  private func noise(_ count: Int, _ size: Double = 0.01) -> [Double] {
    var state: UInt64 = 7
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return size * (Double(state >> 40) / Double(1 << 23) - 1)
    }
  }

  @Test(
    "the same two days in every form that is read",
    arguments: [
      "date,return,benchmark\n2020-01-02,0.01,0.02\n2020-01-03,-0.01,\n",
      "Return , DATE,Benchmark\r\n0.01,2020-01-02,0.02\r\n-1e-2,2020-01-03,NaN\r\n",
      "\u{feff}benchmark,date,return\n\n0.02,20200102,+0.01\n-,2020/1/3,-.01\n",
      "date,return,bench\n\"2020-01-02\",\"0.01\",0.02\n2020-01-03 00:00:00,-0.01,null\n",
      "date,return,benchmark\n2020-01-02T00:00:00,1%,2.0 %\n2020-01-03T00:00:00Z,-1%,\n",
      ",return,benchmark\n2020-01-02,0.01,0.02\n2020-01-03,-0.01,\n",
      #"{"date":"2020-01-02","return":0.01,"benchmark":0.02}"# + "\n"
        + #"{"return":-0.01,"date":"2020-01-03T00:00:00.000","benchmark":null}"#,
      "\n" + #"{"date":"20200102","bench":0.02,"return":1e-2}"# + "\r\n"
        + #"{"date":"2020-01-03","return":-0.01}"# + "\n",
    ])
  func forms(_ text: String) throws {
    let (found, notes) = try read(text)
    let returns = try #require(found)
    #expect(returns.days.map(\.description) == ["2020-01-02", "2020-01-03"])
    #expect(returns[.returnWithCost] == [0.01, -0.01] && notes.isEmpty)
    #expect(returns[.benchmark][0] == 0.02 && returns[.benchmark][1].isNaN)
    #expect(returns[.excessWithCost][0] == -0.01 && returns[.excessWithCost][1].isNaN)
    #expect(returns[.returnWithoutCost].allSatisfy(\.isNaN) && returns.ledger == nil)
    #expect(
      returns.gaps
        == "no benchmark on 1 of 2 days, first 2020-01-03: these days are left out of what needs "
        + "the number")
    #expect(returns.fingerprint == SHA256.digits(Array(text.utf8)))
  }

  @Test("other columns are named and not used; columns may have other names")
  func columns() throws {
    let text = "Day,Fund,Index,close\n2020-01-02,0.01,0.02,77\n"
    let (returns, notes) = try read(text, columns: "date=Day,return=Fund,benchmark=Index")
    #expect(returns?[.benchmark] == [0.02] && notes.count == 1)
    #expect(notes[0].hasSuffix(": not used: close"))
    let other = try read(
      #"{"d":"2020-01-02","r":0.5,"x":{}}"#, columns: "date=d,return=r", trust: true)
    #expect(other.returns?[.returnWithCost] == [0.5] && other.notes[0].hasSuffix("not used: x"))
    for argument in ["date", "date=", "x=y", "date=a,return=a", "", "date=a,,return=b"] {
      #expect(ReturnColumns(argument: argument) == nil || argument == "date=", "\(argument)")
    }
  }

  @Test("nothing, and a header alone, have no day; prices make one return less")
  func few() throws {
    #expect(try read("").returns == nil && read("date,return\n").returns == nil)
    let (prices, _) = try read("date,return\n2020-01-02,10\n2020-01-03,\n2020-01-06,11\n", .price)
    #expect(prices?.days.map(\.description) == ["2020-01-03", "2020-01-06"])
    #expect(prices?[.returnWithCost][0].isNaN == true && prices?[.returnWithCost][1] == 1.1 - 1)
    let (percent, notes) = try read(csv([1, -2, 0.5]), .percent)
    #expect(percent?[.returnWithCost] == [0.01, -0.02, 0.005] && notes.isEmpty)
    let small = try #require(try read(csv([0.01, -0.01]), .percent).returns)
    #expect(
      ReturnNotes(small, .percent, try TradingYear.parse([])).all.contains {
        $0.contains("shares of 1?")
      })
  }

  @Test("a ledger's lines, and a table with a ledger's columns, are a ledger")
  func ledger() throws {
    let table = """
      date,account,return,total_turnover,turnover,total_cost,cost,value,cash,bench
      2020-01-02,100,0.01,0,0.5,0,0.001,90,10,0.02
      2020-01-03,101,0.02,0,0,0,0,91,10,
      """
    let (returns, notes) = try read(table)
    #expect(isClose(returns?[.returnWithCost][0] ?? .nan, 0.009) && notes.isEmpty)
    #expect(returns?.ledger?.exposure == [0.9, 91.0 / 101])
    let lines =
      #"{"record":"settings","topk":"5","n":2}"# + "\n"
      + #"{"record":"day","date":"2020-01-02","account":9,"return":0.1,"turnover":0,"cost":0,"bench":null}"#
      + "\n" + #"{"record":"position","date":"2020-01-02","instrument":"A","weight":0.5}"# + "\n"
      + #"{"record":"position","date":"2020-01-02","instrument":"B","weight":0.25}"# + "\n"
      + #"{"record":"position","date":"2020-01-01","instrument":"C","weight":0.25}"# + "\n"
    let ledger = try #require(try read(lines).returns?.ledger)
    #expect(ledger.holdings == [2] && ledger.positions.map(\.instrument) == ["A", "B"])
    #expect(ledger.settings.map(\.text) == ["5", "2"] && ledger.exposure[0].isNaN)
  }

  @Test("what breaks a rule is refused with its line")
  func refused() {
    for (text, rule) in [
      (
        "date,return\n01/02/2020,0.1\n",
        ":2: date must be YYYY-MM-DD: '01/02/2020' (the year must come first)"
      ),
      (
        "date,return\n2020-01-02 15:00,0.1\n",
        "(a time that is not midnight: give the day alone, 2020-01-02)"
      ),
      ("date,return\n1577923200,0.1\n", "(seconds since 1970, of 2020-01-02?)"),
      ("date,return\n43832,0.1\n", "(a spreadsheet's number of 2020-01-02?)"),
      ("date,return\n02-Jan-2020,0.1\n", "(a month must be a number)"),
      ("date,return\n2020-01,0.1\n", "(a month is no day: give its last)"),
      ("date,return\n,0.1\n", ":2: date is empty"),
      (
        "date,return\n2020-01-03,0.1\n2020-01-03,0.1\n",
        ":3: days must ascend: 2020-01-03 after 2020-01-03"
      ),
      ("date,return\n2020-01-03,0.1\n2020-01-02,0.1\n", ":3: days must ascend"),
      ("date,return\n2020-01-03,inf\n", ":2: return must be a number: 'inf'"),
      ("date,return\n2020-01-03,\"0,01\"\n", "no commas"),
      ("date,return\n2020-01-03,\"0,012\"\n", "no commas"),
      ("date,return\n2020-01-03,0,01\n", ":2: row has 3 fields, the header 2"),
      ("date;return\n2020-01-03;0.1\n", "these are by ';'"),
      ("date,returns\n2020-01-03,0.1\n", ":1: header must have return: no 'return'"),
      (
        "day,return\n2020-01-03,0.1\n",
        ":1: header must have date, return (see --columns): no 'date'"
      ),
      ("date,return,return\n", ":1: a column comes twice in the header"),
      (
        #"{"date":"2020-01-03"}"#, "expected a line of a ledger, with a key 'record', or of returns"
      ),
      (
        #"{"date":1577923200000,"return":0.1}"#,
        "got a number (pandas: to_json(date_format=\"iso\"))"
      ),
      (#"{"date":"2020-01-03","return":"0.1"}"#, "return must be a number or null, got a string"),
      (
        #"{"date":"2020-01-03","return":0.1}"# + "\n" + #"{"record":"day"}"#,
        ":2:1: returns and a ledger are not"
      ),
    ] {
      let error = #expect(throws: Failure.self) { try read(text) }
      #expect(
        error?.status == .badData && error?.description.contains(rule) == true,
        "\(String(describing: error))")
    }
    #expect(throws: Failure.self) { try read("date,return\n2020-01-03,1%\n", .price) }
    #expect(throws: Failure.self) { try read("date,return\n2020-01-03,0\n", .price) }
    #expect(throws: Failure.self) { try read("date,return\n2020-01-03,-101\n", .percent) }
  }

  @Test("percent, prices, an account and sums are not taken for returns, unless one says so")
  func plausible() throws {
    let returns = noise(60)
    let account = returns.reduce(into: [1.0]) { $0.append($0[$0.count - 1] * (1 + $1)) }
    for (values, rule) in [
      (returns.map { 100 * $0 }, "are they percent (--percent)"),
      (returns.map { 60 * $0 }, "are they percent (--percent)"),
      (account.map { 50 * $0 }, "are they prices or what an account was worth (--prices)"),
      (account, "are they prices or what an account was worth (--prices)"),
      ([1, 1.01, 0.99], "are they prices or what an account was worth (--prices)"),
      ([100, 100, 100], "are they prices or what an account was worth (--prices)"),
      (account.map { $0 - 1 }, "are they cumulated?"),
      (returns.map { 1 + $0 }, "as 1 + return is: take 1 from each"),
      (returns.map { 1e4 * $0 }, "are they basis points"),
      (returns + [-1.5] + returns + returns, "-1 or more, which is a loss of all"),
    ] {
      let error = #expect(throws: Failure.self) { try read(csv(values)) }
      #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
      #expect(try read(csv(values), trust: true).returns?.days.count == values.count)
    }
    #expect(throws: Failure.self) { try read(csv(account.map { 50 * $0 }), .percent) }
    #expect(throws: Failure.self) { try read(csv(returns.map { 1 + $0 }), .percent) }
    #expect(throws: Failure.self) { try read(csv(returns.map { 1 + $0 }), .price) }
    #expect(throws: Failure.self) { try read(csv(returns.map { 1e4 * $0 + 1 }), .percent) }
    // The benchmark is looked at too.
    let table =
      "date,return,benchmark\n"
      + csv(returns).split(separator: "\n").dropFirst()
      .map { "\($0),50\n" }.joined()
    #expect(throws: Failure.self) { try read(table) }
    // Not refused: a fund of money, whose rates creep; one great gain; a day of nothing.
    for values in [
      (0..<60).map { 0.0001 + 1e-6 * Double($0) }, returns + [0.9] + returns, [0.5, -0.01], [0], [],
      noise(400, 0.1), returns.map { $0 + 0.02 },
    ] as [[Double]] {
      #expect(throws: Never.self) { try read(csv(values.filter { $0 != 0.5 })) }
    }
  }

  @Test("what is strange is told in a line each, and what is usual in none")
  func strange() throws {
    func notes(
      _ own: [Double], _ benchmark: [Double]? = nil, _ unit: ReturnUnit = .share
    ) throws -> String {
      var day: Int32 = 18_260
      let days = own.map { _ in
        day += 1
        while Day(number: day).weekday > 4 { day += 1 }
        return Day(number: day)
      }
      let returns = DailyReturns(days, returns: own, benchmark: benchmark ?? own.map { _ in .nan })
      return ReturnNotes(returns, unit, try TradingYear.parse([])).all.joined(separator: "\n")
    }
    let (usual, other) = (noise(120), Array(noise(150).suffix(120)))
    let zeros = [Double](repeating: 0, count: 25)
    #expect(try notes(usual, other).isEmpty && notes(usual.map { 6 * $0 }, other).isEmpty)
    #expect(
      try notes(usual, zeros + other.suffix(95)).contains("benchmark is 0 on the first 25 of 120"))
    #expect(try notes(usual.prefix(95) + zeros).contains("return is 0 on the last 25 of 120"))
    #expect(try notes(usual.map { 15 * $0 }, other).contains("15 times as much as benchmark"))
    #expect(try notes(usual, other.map { 15 * $0 }).contains("15 times as much as return"))
    #expect(try notes(usual, other.map { $0 / 1000 }).isEmpty)
    #expect(try notes(usual.map { 0.01 + $0 / 10 }).contains("a Sharpe ratio of"))
    #expect(try notes(usual.map { 40 * $0 }).contains("a volatility of"))
    #expect(try notes(usual + [-1] + usual).contains("all is lost: a return of -100.0 %"))
    #expect(try notes(usual + [-0.5] + usual, nil, .price).contains("a split, or money"))
    #expect(try !notes(usual + [-0.5] + usual).contains("a split"))
    #expect(try notes(usual, usual.map { _ in 0 }).contains("benchmark is 0 on all of 120 days"))
    #expect(try notes(Array(usual.prefix(19)), zeros.suffix(19)).isEmpty)
    // A last value that is repeated: ten days are told, nine are not, and 0 is a time out of the market.
    for (count, isTold) in [(9, false), (10, true)] {
      let filled = usual.prefix(60) + [Double](repeating: 0.007, count: count) + usual.suffix(50)
      #expect(try notes(Array(filled)).contains("is 0.007 on \(count) days in a row") == isTold)
    }
    #expect(try notes(usual.prefix(60) + zeros + usual.suffix(50)).isEmpty)
    // Of five days each, once a day; and a benchmark of the day before or after.
    let weeks = (0..<116).map { usual[$0..<$0 + 5].reduce(0, +) }
    #expect(try notes(weeks).contains("return goes with that of the day before"))
    #expect(try notes(usual, other.prefix(4) + weeks).contains("benchmark goes with that of the"))
    let close = zip(usual, other).map { $0 + 0.3 * $1 }
    #expect(try notes(usual, close).isEmpty)
    #expect(
      try notes(Array(usual.dropLast()), Array(close.dropFirst())).contains(
        "return goes with the benchmark of the day before"))
    #expect(
      try notes(Array(usual.dropFirst()), Array(close.dropLast())).contains(
        "return goes with the benchmark of the day after"))
    let gap = usual + [Double](repeating: .nan, count: 6) + [0.5] + usual
    #expect(try notes(gap, nil, .price).contains("no price on 6 days in a row"))
    #expect(try !notes(gap, nil, .price).contains("a split"))
  }

  @Test("Saturdays and Sundays: of all days, of a clock behind, and a few")
  func weekends() throws {
    func note(_ isThere: (Int, Int32) -> Bool, annualization: Double? = nil) -> String {
      // 1970-01-05 was a Monday.
      let days = (Int32(0)..<280).map { Day(number: 18_266 + 4 + $0) }
      return ReturnRhythm(days.filter { isThere($0.weekday, $0.number) })
        .note(annualization: annualization) ?? ""
    }
    #expect(note { weekday, _ in weekday < 5 } == "")
    #expect(note { _, _ in true }.hasPrefix("28 % of the days are Saturdays and Sundays: a year"))
    #expect(note({ _, _ in true }, annualization: 365) == "")
    let behind = "20 % of the days are Sundays and hardly any is a Friday: are they of another time"
    #expect(note { weekday, _ in weekday != 4 && weekday != 5 }.hasPrefix(behind))
    #expect(
      note { weekday, number in weekday < 5 || weekday == 5 && number % 4 == 0 }
        == "10 of 210 days are Saturdays or Sundays: are they trading days?")
  }

  @Test("curves that start anew are not joined, and years of two digits are none")
  func seams() throws {
    let one = noise(40).reduce(into: [1.0]) { $0.append($0[$0.count - 1] * (1.01 + $1)) }
    func read(_ second: [Double], trust: Bool) throws -> DailyReturns? {
      try withFolder { folder in
        put(csv(one), "\(folder)/1")
        let rows = second.enumerated().map { "\(Day(number: Int32(18_400 + $0))),\($1)\n" }.joined()
        put("date,return\n" + rows, "\(folder)/2")
        var reading = ReturnReading()
        (reading.unit, reading.isTrusting) = (.price, trust)
        return try ByteReader(["\(folder)/1", "\(folder)/2"]).dailyReturns(reading)
      }
    }
    let error = #expect(throws: Failure.self) { try read(one, trust: false) }
    #expect(error?.description.contains("must go on where the file before ends") == true)
    #expect(try read(one, trust: true)?.days.count == 81)
    #expect(try read(one.map { $0 * one[40] }, trust: false)?.days.count == 81)
    for day in ["0018-01-02", "2118-01-02"] {
      #expect(throws: Failure.self) { try self.read("date,return\n\(day),0.01\n") }
    }
  }

  @Test("the gaps between days say how often there is a return")
  func rhythm() throws {
    func days(_ step: Int32, _ count: Int32 = 40) -> [Day] {
      (0..<count).map { Day(number: 18_263 + step * $0) }
    }
    func year(_ days: Double?) throws -> TradingYear {
      try TradingYear.parse(days.map { ["--annualization", "\($0)"] } ?? [])
    }
    for (step, expected) in [
      (1, 365), (2, 183), (3, 122), (7, 52), (14, 26), (30, 12), (91, 4), (365, 1),
    ] as [(Int32, Double)] {
      let rhythm = ReturnRhythm(days(step))
      #expect(rhythm.returnsOfYear.rounded() == expected, "\(step)")
      // What a year has is what the line says, and that is taken.
      #expect(
        rhythm.fault(try year(nil))?.contains("--annualization \(Int(expected)) ")
          == (step > 2 ? true : nil))
      #expect(rhythm.fault(try year(expected)) == nil)
      for wrong in [expected * 1.7, expected / 1.7] where wrong >= 1 {
        #expect(rhythm.fault(try year(wrong))?.contains("some \(Int(expected)) in a year") == true)
      }
    }
    for few in [[], days(1, 1), days(1, 2)] {
      #expect(ReturnRhythm(few).fault(try year(12)) == nil)
    }
    // Three gaps in a row that are other ones; two are holidays, and a pause is no rhythm.
    let months = days(30, 9)
    let last = months[8].number
    let mixed = months + (1...60).map { Day(number: last + $0) }
    #expect(ReturnRhythm(mixed).fault(try year(nil))?.contains("must be equally far apart") == true)
    #expect(ReturnRhythm(mixed).fault(try year(365)) != nil)
    let weekly = days(7) + (1...9).map { Day(number: 18_263 + 7 * 39 + $0) }
    #expect(ReturnRhythm(weekly).fault(try year(52)) != nil)
    let joined = days(1) + (0..<40).map { Day(number: 22_000 + $0) } + [Day(number: 22_047)]
    #expect(ReturnRhythm(joined).fault(try year(nil)) == nil)
    #expect(ReturnRhythm(joined).fault(try year(52)) != nil)
    let every = ReturnRhythm(days(1))
    #expect(every.note(annualization: nil)?.contains("--annualization 365") == true)
    #expect(every.note(annualization: 365) == nil)
    let weekdays = days(1).filter { $0.weekday < 5 }
    #expect(ReturnRhythm(weekdays).note(annualization: nil) == nil)
    let late = weekdays + [Day(number: 18_340)]
    #expect(
      ReturnRhythm(late).note(annualization: nil)
        == "no day between \(weekdays[weekdays.count - 1]) and \(late[late.count - 1])")
  }
}
