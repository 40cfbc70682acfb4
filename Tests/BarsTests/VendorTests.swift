import Mechanics
import Streams
import Synchronization
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// A market as vendors would write it, each in the form that its documentation gives.
private struct VendorMarket {
  struct Row {
    let number: String
    let exchange: String
    let day: Day
    /// Open, high, low, close, in cents.
    let cents: [Int]
    /// The close before, in cents.
    let before: Int
    /// Shares, in lots of a hundred; 0 on a day without trade.
    let lots: Int
    /// Yuan, in hundredths.
    let amount: Int
  }

  let rows: [Row]

  init(seed: UInt64, days: Int, instruments: Int) {
    var random = SplitMix64(seed: seed)
    func pick(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(random.next() % UInt64(range.count))
    }
    var rows: [Row] = []
    for instrument in 0..<instruments {
      let (exchange, first) = instrument % 2 == 0 ? ("SH", "6") : ("SZ", "00")
      let number = first + fixedWidth(instrument, 6 - first.count)
      var close = pick(300...90_000)
      for day in 0..<days {
        let before = close
        let isTraded = pick(0...9) > 0
        if isTraded { close = max(200, before + pick(-before / 20...before / 20)) }
        let open = isTraded ? max(200, before + pick(-before / 50...before / 50)) : close
        let spread = isTraded ? pick(0...before / 50) : 0
        let (high, low) = (max(open, close) + spread, max(1, min(open, close) - spread))
        let lots = isTraded ? pick(1...900_000) : 0
        // Any mean price of the day.
        let mean = low + pick(0...(high - low))
        rows.append(
          Row(
            number: number, exchange: exchange, day: Day(number: Int32(19_000 + day)),
            cents: [open, high, low, close], before: before, lots: lots, amount: mean * lots * 100))
      }
    }
    self.rows = rows
  }

  /// The house's own form.
  var plain: String {
    "instrument,date,open,high,low,close,volume,amount,change\n"
      + rows.map { row in
        "\(row.exchange)\(row.number),\(row.day),\(row.prices(",")),\(row.lots * 100),"
          + "\(decimal(row.amount)),\(row.change)\n"
      }.joined()
  }

  var tushare: String {
    // The newest day first, instrument after instrument.
    "ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount\n"
      + rows.reversed().filter { $0.lots > 0 }.map { row in
        let date = "\(row.day)".filter { $0 != "-" }
        return "\(row.number).\(row.exchange),\(date),\(row.prices(",")),\(decimal(row.before)),"
          + "\(decimal(row.cents[3] - row.before)),\(fixed(row.change * 100, 4)),"
          + "\(row.lots).0,\(Double(row.amount) / 100_000)\n"
      }.joined()
  }

  var akshare: String {
    "日期,股票代码,开盘,收盘,最高,最低,成交量,成交额,振幅,涨跌幅,涨跌额,换手率\n"
      + rows.filter { $0.lots > 0 }.map { row in
        let price = row.cents.map(decimal)
        return
          "\(row.day),\(row.number),\(price[0]),\(price[3]),\(price[1]),\(price[2]),\(row.lots),"
          + "\(decimal(row.amount)),1.23,\(fixed(row.change * 100, 2)),"
          + "\(decimal(row.cents[3] - row.before)),0.60\n"
      }.joined()
  }

  var baostock: String {
    "date,code,open,high,low,close,preclose,volume,amount,adjustflag,turn,tradestatus,pctChg,isST\n"
      + rows.map { row in
        let isTraded = row.lots > 0
        return "\(row.day),\(row.exchange.lowercased()).\(row.number),\(row.prices("00,"))00,"
          + "\(decimal(row.before))00,\(isTraded ? "\(row.lots * 100)" : ""),"
          + "\(isTraded ? decimal(row.amount) + "00" : ""),3,0.101100,\(isTraded ? 1 : 0),"
          + "\(fixed(row.change * 100, 6)),0\n"
      }.joined()
  }

  /// One instrument's file, as yfinance writes it without adjusting.
  func yahoo(_ number: String) -> String {
    "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
      + rows.filter { $0.number == number }.map { row in
        "\(row.day) 00:00:00-05:00,\(row.prices(",")),\(decimal(2 * row.cents[3])),"
          + "\"\(grouped(row.lots * 100))\",0.0,0.0\n"
      }.joined()
  }
}

extension VendorMarket.Row {
  func prices(_ separator: String) -> String { cents.map(decimal).joined(separator: separator) }
  var change: Double { Double(cents[3]) / Double(before) - 1 }
}

private func fixedWidth(_ number: Int, _ digits: Int) -> String {
  let text = "\(number)"
  return String(repeating: "0", count: digits - text.count) + text
}

/// Hundredths as a decimal.
private func decimal(_ hundredths: Int) -> String {
  "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(fixedWidth(abs(hundredths) % 100, 2))"
}

private func fixed(_ value: Double, _ decimals: Int) -> String {
  value.rounded(decimals: decimals).description
}

private func grouped(_ number: Int) -> String {
  let text = "\(number)"
  return text.enumerated().map { place, digit in
    place > 0 && (text.count - place) % 3 == 0 ? ",\(digit)" : "\(digit)"
  }.joined()
}

@Suite struct VendorTests {
  private func rows(_ files: [(name: String, text: String)], _ columns: ColumnMap) throws
    -> [StreamRow]
  {
    try withFolder { folder in
      for file in files { put(file.text, "\(folder)/\(file.name)") }
      let bars = BarCollection(columns: columns)
      try bars.read(ByteReader(files.map { "\(folder)/\($0.name)" }))
      try bars.checkUnits()
      // On a day of this small market many may be suspended.
      var selection = BarSelection()
      selection.leastShare = 0
      return try bars.rows(selection)
    }
  }

  /// Rows that are traded, as a vendor need not have the others.
  private func expectSame(
    _ found: [StreamRow], _ expected: [StreamRow], changes: Float,
    location: SourceLocation = #_sourceLocation
  ) {
    let (found, expected) = (found.filter(\.isTraded), expected.filter(\.isTraded))
    #expect(found.count == expected.count && found.count > 100, sourceLocation: location)
    for (one, other) in zip(found, expected) {
      #expect(one.code == other.code && one.date == other.date, sourceLocation: location)
      let (x, y) = (one.floats, other.floats)
      #expect(Array(x[..<5]) == Array(y[..<5]), "\(one) \(other)", sourceLocation: location)
      #expect(abs(x[5] - y[5]) <= 1e-6 * y[5], "\(x) \(y)", sourceLocation: location)
      #expect(abs(x[7] - y[7]) <= changes, "\(x) \(y)", sourceLocation: location)
    }
  }

  @Test("exports of the vendors say what the house's own form says", arguments: 1...3)
  func exports(_ seed: Int) throws {
    let market = VendorMarket(seed: UInt64(seed), days: 60, instruments: 12)
    let expected = try rows([("plain.csv", market.plain)], .plain)
    for (vendor, text, changes): (Vendor, String, Float) in [
      (.tushare, market.tushare, 1e-6), (.akshare, market.akshare, 6e-5),
      (.baostock, market.baostock, 1e-7),
    ] {
      expectSame(
        try rows([("export.csv", text)], ColumnMap(vendor)), expected, changes: changes)
    }
  }

  @Test("one file an instrument, named after it; the adjusted close tells the factor")
  func yahoo() throws {
    let market = VendorMarket(seed: 4, days: 40, instruments: 3)
    let files = Set(market.rows.map(\.number)).sorted().map {
      ($0 + ".csv", market.yahoo($0))
    }
    let found = try rows(files, ColumnMap(.yahoo, market: "cn"))
    let expected = try rows([("plain.csv", market.plain)], .plain)
    let traded = (found.filter(\.isTraded), expected.filter(\.isTraded))
    #expect(traded.0.count == traded.1.count)
    for (one, other) in zip(traded.0, traded.1) {
      #expect(one.code == other.code && one.date == other.date)
      #expect(Array(one.floats[..<5]) == Array(other.floats[..<5]))
      #expect(one.floats[6] == 2)
    }
  }

  @Test("wrong units are refused, or kept where they are trusted, or dropped row by row")
  func units() throws {
    let market = VendorMarket(seed: 5, days: 60, instruments: 4)
    for columns in ["amount=amount*1000", "volume=volume*100", "change=change*100"] {
      #expect(throws: DayError.self) {
        try rows([("a.csv", market.plain)], ColumnMap(nil, columns: columns))
      }
    }
    let right = try rows([("a.csv", market.plain)], .plain)
    try withFolder { folder in
      put(market.plain, "\(folder)/a")
      let map = try ColumnMap(nil, columns: "amount=amount*1000")
      let trusted = BarCollection(columns: map, checksUnits: false)
      try trusted.read(ByteReader(["\(folder)/a"]))
      try trusted.checkUnits()
      #expect(try trusted.rows().count == right.count)
      let few = VendorMarket(seed: 6, days: 5, instruments: 2)
      put(few.plain, "\(folder)/few")
      let dropping = BarCollection(columns: map)
      let bad = BadRecords(tolerated: true)
      try dropping.read(ByteReader(["\(folder)/few"], badRecords: bad))
      // What is left has no trade.
      #expect(bad.dropped == few.rows.filter { $0.lots > 0 }.count && bad.dropped > 2)
    }
  }

  @Test("one wrong row in a hundred is told, two are refused")
  func share() throws {
    var lines = ["instrument,date,open,high,low,close,volume,vwap"]
    for day in 0..<100 { lines.append("A,\(Day(number: Int32(day))),10,11,9,10,100,10") }
    func notes(_ wrong: [Int]) throws -> [String] {
      var text = lines
      for day in wrong { text[day + 1] = "A,\(Day(number: Int32(day))),10,11,9,10,100,11.02" }
      var notes: [String] = []
      try withFolder { folder in
        put(text.joined(separator: "\n"), "\(folder)/a")
        let bars = BarCollection(note: { notes.append($0) })
        try bars.read(ByteReader(["\(folder)/a"]))
        try bars.checkUnits()
      }
      return notes
    }
    #expect(try notes([]).isEmpty)
    let told = try notes([7])
    #expect(told.count == 1 && told[0].hasPrefix("1 of 100 rows contradict themselves"), "\(told)")
    #expect(told[0].hasSuffix("/a:9: A on 1970-01-08: vwap 11.02 is above high 11.0"), "\(told)")
    #expect(throws: DayError.self) { try notes([7, 8]) }
  }

  @Test("raw prices whose factor changes are named, adjusted ones are not")
  func raw() throws {
    func notes(_ rows: [(close: String, factor: String)], adjusting: Bool = false) throws
      -> [String]
    {
      var text = "instrument,date,open,high,low,close,volume,factor\n"
      for (day, row) in rows.enumerated() {
        let price = row.close
        text +=
          "A,\(Day(number: Int32(day))),\(price),\(price),\(price),\(price),100,\(row.factor)\n"
      }
      var notes: [String] = []
      try withFolder { folder in
        put(text, "\(folder)/a")
        let bars = BarCollection(adjusting: adjusting, note: { notes.append($0) })
        try bars.read(ByteReader(["\(folder)/a"]))
        try bars.checkUnits()
      }
      return notes
    }
    let raw = [("20.0", "1"), ("20.4", "1"), ("10.1", "2"), ("10.2", "2")]
    let found = try notes(raw)
    #expect(found.count == 1 && found[0].contains("(--adjust?): first A on 1970-01-03"), "\(found)")
    #expect(try notes(raw, adjusting: true).isEmpty)
    #expect(try notes([("20.0", "1"), ("20.4", "1"), ("20.2", "2"), ("20.4", "2")]).isEmpty)
  }

  @Test("closes far from the last are told, unless a factor or a change accounts for them")
  func jumps() throws {
    func notes(_ second: String, adjusting: Bool = false) throws -> [String] {
      var notes: [String] = []
      try withFolder { folder in
        let head = "instrument,date,open,high,low,close,volume,factor,change"
        put("\(head)\nA,2024-01-02,10,10,10,10,9,1,\nA,2024-01-03,\(second)", "\(folder)/a")
        let bars = BarCollection(adjusting: adjusting, note: { notes.append($0) })
        try bars.read(ByteReader(["\(folder)/a"]))
        try bars.checkUnits()
      }
      return notes
    }
    for (close, isTold) in [("5", true), ("5.4", false), ("19", false), ("19.1", true)] {
      let found = try notes("\(close),\(close),\(close),\(close),9,1,")
      #expect(found.count == (isTold ? 1 : 0), "\(found)")
      #expect(
        found.allSatisfy { $0.contains("/a:3: A on 2024-01-03, 10.0 to \(close)") }, "\(found)")
    }
    #expect(try notes("5,5,5,5,9,2,", adjusting: true).isEmpty)
    #expect(try notes("5,5,5,5,9,1,-0.5").isEmpty)
  }

  @Test("a close beyond the price limit of its board is told, where one holds")
  func beyondTheLimit() throws {
    func notes(_ code: String, _ last: String, day: String = "2024-01-16", before: Int = 6) throws
      -> Int
    {
      var notes: [String] = []
      try withFolder { folder in
        var text = "instrument,date,open,high,low,close,volume\n"
        for day in ["08", "09", "10", "11", "12", "15"].suffix(before) {
          text += "\(code),2024-01-\(day),10,10,10,10,9\n"
        }
        put("\(text)\(code),\(day),\(last),\(last),\(last),\(last),9\n", "\(folder)/a")
        let bars = BarCollection(note: { notes.append($0) })
        try bars.read(ByteReader(["\(folder)/a"]))
        try bars.checkUnits()
      }
      #expect(notes.allSatisfy { $0.hasPrefix("a close is far from the last") }, "\(notes)")
      return notes.count
    }
    // Splits of six for five and three for two; what is rounded beyond the limit.
    for (close, count) in [
      ("8.33", 1), ("6.67", 1), ("11.17", 1), ("11.15", 0), ("8.83", 1), ("8.85", 0), ("9", 0),
    ] {
      #expect(try notes("SH600000", close) == count, "\(close)")
    }
    for code in ["SH688001", "SZ300001"] {
      #expect(try notes(code, "8") == 0 && notes(code, "7.68") == 1 && notes(code, "6.67") == 1)
    }
    #expect(try notes("BJ920001", "7") == 0 && notes("BJ920001", "6.5") == 1)
    // Others have none; nor has a day after a suspension, and one of the first.
    for code in ["AAPL", "SH000001", "SZ399001", "BJ899050", "SH6000000"] {
      #expect(try notes(code, "6") == 0)
    }
    #expect(try notes("SZ000001", "8") == 1)
    #expect(try notes("SH600000", "8", day: "2024-01-17") == 0)
    #expect(try notes("SH600000", "8", before: 5) == 0)
  }

  @Test("an open or a close outside low and high is told, more than one in a hundred refused")
  func outside() throws {
    func notes(_ wrong: [String], trusts: Bool = false) throws -> [String] {
      var notes: [String] = []
      try withFolder { folder in
        var text = "instrument,date,open,high,low,close,volume\n"
        for day in 0..<100 {
          let prices = day < wrong.count ? wrong[day] : "10,11,9,10"
          text += "A,\(Day(number: Int32(day))),\(prices),100\n"
        }
        put(text, "\(folder)/a")
        let bars = BarCollection(checksUnits: !trusts, note: { notes.append($0) })
        try bars.read(ByteReader(["\(folder)/a"]))
        try bars.checkUnits()
      }
      return notes.map { $0.split(separator: "first ").last.map(String.init) ?? $0 }
    }
    for prices in ["10,11,9,11.01", "9,11,9,11", "8.99,11,9,8.99", ",11,9,10"] {
      #expect(try notes([prices]).isEmpty, "\(prices)")
    }
    for (prices, what) in [
      ("10,11,9,11.02", "close 11.02 is above high 11.0"),
      ("10,11,9,8.98", "close 8.98 is below low 9.0"),
      ("11.02,11,9,10", "open 11.02 is above high 11.0"),
      ("8.98,11,9,10", "open 8.98 is below low 9.0"),
    ] {
      let found = try notes([prices])
      #expect(found.count == 1 && found[0].hasSuffix("/a:2: A on 1970-01-01: \(what)"), "\(found)")
      #expect(throws: DayError.self) { try notes([prices, prices]) }
      #expect(try notes([prices, prices], trusts: true).isEmpty)
    }
  }

  @Test("headers that are another format's say so, and dates that are none of ours")
  func hints() throws {
    let header = "instrument,date,open,high,low,close,volume"
    for (text, hint) in [
      ("instrument;date;open\n", "separated by commas"), ("\(header),\n", "a column has no name"),
      ("\(header)\n\(header)\n", "the header comes again"),
      ("\(header)\nA,31/12/2024,1,1,1,1,1\n", "'31/12/2024' (the year must come first)"),
      ("\(header)\nA,2020-13-01,1,1,1,1,1\n", "YYYY/M/D: '2020-13-01' (there is no such day)"),
      ("\(header)\nA,20200231,1,1,1,1,1\n", "'20200231' (there is no such day)"),
      ("\(header)\nA,2020-1-2,1,1,1,1,1\n", "YYYY/M/D: '2020-1-2' (2020-01-02 is meant?)"),
      (header.replacing(",", with: "\t") + "\n", "separated by commas"),
      ("\(header)\rA,2020-01-02,1,1,1,1,1\r", "these end with CR alone: tr"),
    ] {
      let error = #expect(throws: Failure.self) { try bars(text) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(hint), "\(text)")
    }
  }

  @Test("a long time without a trading day is told, a long holiday is not")
  func gaps() throws {
    for (second, isTold) in [("2024-02-01", false), ("2024-02-02", true), ("2062-01-06", true)] {
      let notes = Notes()
      var selection = BarSelection()
      selection.note = { notes.add($0) }
      let text = "instrument,date,open,high,low,close,volume\nA,2024-01-02,1,1,1,1,1\n"
      try bars(text + "A,\(second),1,1,1,1,1\n").days(selection) { _ in }
      #expect(
        notes.lines.contains { $0.contains("between 2024-01-02 and \(second)") } == isTold)
    }
  }

  /// What was told, from any thread.
  private final class Notes: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
  }

  @Test("numbers, days and codes as people write them")
  func spellings() throws {
    let text = """
      Symbol,DATE,Open,High,Low, Close ,Volume
      000001.sz,2024/1/2,"1,010.5",1011,1009,1010,"1,000,000"
      000001.XSHE,20240103,--,None,null,NULL,N/A
      sh600000,2024-01-04T00:00:00+08:00,10,11,9,10,100
      """
    let found = try rows([("a.csv", text)], ColumnMap(.qlib))
    #expect(
      found.map { "\($0.code) \($0.date)" } == [
        "SZ000001 2024-01-02", "SH600000 2024-01-04", "SZ000001 2024-01-04",
      ])
    #expect(found[0].floats[0] == 1010.5 && found[0].floats[4] == 1_000_000)
    for wrong in [
      "2024-1-2", "2024/13/1", "2024/1", "2024-01-02 15:00:00", "202401021", "02/01/2024",
      "2024-01-02T", "2024/01/021", "2024//1",
    ] {
      #expect(Array(wrong.utf8).withUnsafeBytes { Day(spelled: $0) } == nil, "\(wrong)")
    }
    let china = CodeSpelling(plain: .china)
    for (text, code) in [
      ("600000", "SH600000"), ("000001", "SZ000001"), ("300750", "SZ300750"),
      ("430047", "BJ430047"), ("920001", "BJ920001"), ("sh.600000", "SH600000"),
      ("600000.ss", "SH600000"), ("AAPL", "AAPL"), ("BRK.B", "BRK.B"), ("000300.SH", "SH000300"),
    ] {
      #expect(try Array(text.utf8).withUnsafeBytes { try china.code($0) }.description == code)
    }
    #expect(throws: DayError.self) {
      try Array("700000".utf8).withUnsafeBytes { try china.code($0) }
    }
    // What pandas and spreadsheets make of a code.
    for spelling in [china, CodeSpelling()] {
      #expect(throws: DayError.self) {
        try Array("600000.0".utf8).withUnsafeBytes { try spelling.code($0) }
      }
    }
    for wrong in [
      "volume", "volume=", "volume=vol*x", "volume=vol*0", "size=vol", "volume=a,volume=b",
    ] {
      #expect(throws: BarError.self) { try ColumnMap(nil, columns: wrong) }
    }
  }
}

extension StreamRow {
  fileprivate var isTraded: Bool { !floats[3].isNaN }
}
