/// bars: daily bars of a market as a stream of days, from a qlib data folder, CSV, NDJSON or npy.
import ArgumentParser
import Bars
import Days
import Streams

@main
struct Bars: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "bars",
    abstract: "Read daily bars and write them as a stream of days, one npy array a trading day.",
    discussion: """
      Reads a qlib data folder (--provider), or files: CSV with the columns instrument, date, open, high,
      low, close, volume and perhaps factor, vwap, amount, change, delisted, limit_up, limit_down, tradable,
      by name in any order; NDJSON with such keys; or npy, as it writes it itself. The first byte tells which.

      Writes npy tables, one a trading day, rows in order of the code:
        instrument S16, date <M8[D], open high low close volume vwap factor change <f4, member |u1
        and where the source has a column of limits: limit_up limit_down tradable <f4

      From its first row on an instrument has a row every trading day, whether the source goes on with it
      or not: what is known of a day does not depend on later rows. A day without trade (volume 0 or
      missing, or no row) is NaN in all eight numbers; but the closes of --benchmark, an index, count
      without volume, and without factor as they are. Where the source has no row, there is none any more
      once its membership has ended, once it is delisted (delisted is the first date without it, in any
      of its rows), or once it was missing on --delisted-after trading days; the first row that stands in
      for it after the end of a membership says member 0. If it comes back, it has rows again.

      vwap is the source's, or
      amount ÷ volume, or (high + low + close) / 3. change is the source's, or close ÷ (last valid
      close) less 1. factor is NaN where the source has none. member is 1 on the days of the spans of
      --instruments, or of the folder's all.txt, or as npy has it, or always.

      Trading days are those on which anything has a close, or those of --calendar, where a day without any
      row then is a suspended one, and is told; a day that the source lacks is not seen without. A day on
      which few of the members have a row that had a close on the day before (--least-share) is not taken,
      as its rows may still be coming; nor is one of yesterday's numbers, or of volumes in another unit,
      twenty times yesterday's or a twentieth in four of five (--trust takes it). One line says so, and one
      where more than one row in twenty is missing. The next day that is taken has its changes since the
      last one.

      --after DAY is for daily runs: what it writes is what a run over everything writes of those days. The
      source must have that day: one that ends before it is refused.

      npy that is by the day already, as bars and simbars write it, is passed on a day at a time.

      CSV of a vendor is read as it comes with --source: tushare, akshare, baostock, yahoo or qlib. Names of
      columns may then be in any case, codes as 600000.SH or sh.600000, dates as 20200831 or 2020/8/31,
      numbers as "1,234", what is missing as -- or null; rows may come newest first; columns that nobody
      needs are listed once; a file without codes is named after its instrument. --columns says the same of
      any other file, with a factor where its unit is another: volume=vol*100,amount=amount*1000.

      With --minutes rows are of minutes, or of other parts of a day: datetime (2020-08-31 09:31:00, by the
      exchange's clock) in place of date, or date and time; instruments in any order, each in order of time. A
      day has the first open, the highest high, the lowest low and the last close of its rows with a volume,
      the sum of volumes, and vwap from amount, vwap or (high + low + close) / 3 of each row; change is that
      of the closes. --session takes rows of some hours alone. A last day whose rows end earlier than those of
      other days is not taken. Named are days of fewer than three quarters of the usual rows, rows of the night,
      days that are longer than a session, prices far from the others of their row. A volume that never falls
      within a day is a running total, and refused, as is a row with the volume of all before it.

      Units are checked: open, close and vwap (or amount ÷ volume) must lie within low and high, and change
      must be that of the closes, all to the rounding of prices. The first row that contradicts itself is named; where more
      than 1 in 100 do, it is 65, unless --skip-bad drops them or --trust keeps them. Prices that jump where
      factor changes are named, as --adjust is likely forgotten. So are closes that are far from the last
      one, as at a split without factor, and long times without a trading day: 1.9 times, or what is beyond
      the price limit of a board of mainland China from one weekday to the next.

      Rows of a qlib folder are taken as they are, and its days as those of other sources; where an
      instrument's files end although its span goes on, or on different days, one line says so. Elsewhere these are bad records: dates of an instrument that do
      not ascend, prices that are not above 0 on a day with volume, high below low, unknown columns.

      EXAMPLES
        bars testdata/market/bars.csv --adjust > bars.npy
        bars --source tushare testdata/market/cases/c01-tushare-raw.csv > bars.npy
        simbars --days 60 --instruments 9 |
          bars --from 2015-02-02 --write-provider qlib-data && ls qlib-data

      SEE ALSO  simbars, alpha158

      CAVEATS
        Rows of CSV and NDJSON are held in memory, about 55 bytes each, as they come by instrument and
        leave by day; so is what --write-provider writes. A stream of npy that begins late cannot tell of
        instruments whose rows end before it: they have no row of NaN there. vwap by amount needs amount in
        the currency of the prices and volume in shares. --write-provider writes the spans of members as
        the market of --instruments, or as members.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  @Option(help: ArgumentHelp("A qlib data folder to read.", valueName: "dir"))
  var provider: String?

  @Flag(help: "Adjust raw prices as qlib does: price × factor, volume ÷ factor.")
  var adjust = false

  @Flag(help: "Rows are of minutes, or of other parts of a day: datetime in place of date.")
  var minutes = false

  @Option(
    help: ArgumentHelp(
      "Of rows of minutes those from one time of the day to another, both with it: 09:30-16:00.",
      valueName: "time-time"))
  var session: Session?

  @Option(help: "CSV as a vendor writes it: its names, units and codes.")
  var source: Vendor?

  @Option(
    help: ArgumentHelp(
      "Columns of CSV by other names, in other units: volume=vol*100,instrument=ts_code.",
      valueName: "name=column,..."))
  var columns: String?

  @Option(
    help: ArgumentHelp(
      "Exchange of codes in CSV that name none, as SH; cn is that which the digits tell.",
      valueName: "exchange"))
  var market: String?

  @Flag(help: "Take rows as they are whose numbers contradict each other.")
  var trust = false

  @Option(
    help: ArgumentHelp(
      """
      The market: a name in the folder, or a file of lines CODE,START,END. Others are left out.
      """, valueName: "name|file"))
  var instruments: String?

  @Option(
    help: ArgumentHelp(
      "Trading days, one a line, as qlib's day.txt (default: days that have rows).",
      valueName: "file"), completion: .file())
  var calendar: String?

  @Option(help: ArgumentHelp("First day to write.", valueName: "date"))
  var from: Day?

  @Option(help: ArgumentHelp("Last day to write.", valueName: "date"))
  var to: Day?

  @Option(
    help: ArgumentHelp(
      "Write only days after this one, which the source has; none is no fault.", valueName: "date"))
  var after: Day?

  @Option(
    help: ArgumentHelp(
      "Trading days on which rows that are missing are made up; then they count as delisted.",
      valueName: "days"))
  var delistedAfter = 60

  @Option(
    help: ArgumentHelp(
      "Least share of the last day's members with a row, where a day is taken; 0 takes all.",
      valueName: "share"))
  var leastShare = 0.8

  @Option(
    help: ArgumentHelp("An index to write too, which is no member, as SH000300.", valueName: "code")
  )
  var benchmark: String?

  @Flag(help: "Leave out the last days, on which the index has no close: it may be late.")
  var awaitBenchmark = false

  @Option(
    help: ArgumentHelp("A qlib data folder to write, instead of the stream.", valueName: "dir"),
    completion: .directory)
  var writeProvider: String?

  @Flag(help: "Write the days that have a member, one a line as --calendar reads them; no bars.")
  var listDays = false

  func validate() throws {
    try sealing.validate(unless: listDays, "--list-days")
    try sealing.validate(unless: writeProvider != nil, "--write-provider")
    guard !listDays || writeProvider == nil else {
      throw ValidationError("--list-days writes no bars: no --write-provider")
    }
    if let provider {
      guard streams.files.isEmpty else {
        throw ValidationError("--provider \(provider) is read, so no file: '\(streams.files[0])'")
      }
      guard !adjust else {
        throw ValidationError("bars of a qlib folder are adjusted: no --adjust")
      }
      guard !minutes else {
        throw ValidationError("a qlib folder's bars are daily ones: no --minutes")
      }
      guard calendar == nil else {
        throw ValidationError("a qlib folder has a calendar of its own: no --calendar")
      }
    }
    guard delistedAfter >= 0 else {
      throw ValidationError("--delisted-after must be 0 or more: \(delistedAfter)")
    }
    guard (0...1).contains(leastShare) else {
      throw ValidationError("--least-share must be in 0...1: \(leastShare)")
    }
    do { _ = try map } catch let error as BarError { throw ValidationError("--columns: \(error)") }
    if provider != nil, source != nil || columns != nil || market != nil {
      throw ValidationError("--source, --columns and --market tell of CSV, not of a qlib folder")
    }
    guard session == nil || minutes else {
      throw ValidationError("--session is of rows of minutes: it needs --minutes")
    }
    _ = try DaySpan(from: from, to: to)
    guard !awaitBenchmark || benchmark != nil && writeProvider == nil else {
      throw ValidationError("--await-benchmark needs --benchmark, and a stream to write")
    }
    if writeProvider != nil, streams.output != nil {
      throw ValidationError("--write-provider writes no stream: no --output")
    }
    if let benchmark {
      do { _ = try InstrumentCode(benchmark) } catch {
        throw ValidationError("--benchmark: \(error)")
      }
    }
  }

  var writes: [WrittenPath] { [.newFolder("--write-provider", writeProvider)] }
  var reads: [String?] { [provider, market, instruments, calendar] }

  var expects: String { "bars (CSV, NDJSON or npy)" }
  var writesBinary: BinaryOutput? { listDays || writeProvider != nil ? nil : .arrays }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var selection = BarSelection(try DaySpan(from: from, to: to))
    selection.after = after
    selection.benchmark = try benchmark.map { try InstrumentCode($0) }
    selection.delistedAfter = delistedAfter
    selection.leastShare = leastShare
    selection.trustsVolumes = trust
    selection.note = { diagnose($0) }
    // A market of the folder has neither a slash nor a dot in its name, as a file mostly has.
    let file = instruments.flatMap {
      provider == nil || $0.contains("/") || $0.contains(".") ? $0 : nil
    }
    selection.members = try file.map { try Membership(reading: $0) }
    let market = file.map(Membership.name(ofFile:)) ?? instruments
    let folder = try provider.map {
      try QlibFolder($0, market: file == nil ? instruments ?? "all" : "all")
    }
    if let writeProvider {
      var draft = QlibFolderDraft()
      try days(folder, input, selection) { draft.add($0) }
      try draft.write(
        writeProvider, members: folder?.members(selection) ?? selection.members, market: market)
    } else {
      var late = LateIndex(awaitBenchmark ? selection.benchmark : nil)
      try days(folder, input, selection) { day in try late.add(day) { try write($0, output) } }
      if let note = late.note { diagnose(note) }
    }
  }

  /// What columns hold, by the options.
  private var map: ColumnMap {
    get throws { try ColumnMap(source, columns: columns, market: market) }
  }

  private func days(
    _ folder: QlibFolder?, _ input: ByteReader, _ selection: BarSelection,
    _ body: (BarDay) throws -> Void
  ) throws {
    if let provider, let folder {
      do {
        if let note = try folder.noteOnMembers(selection) { diagnose(note) }
        try folder.days(selection, body)
      } catch let error as DayError {
        throw Failure.badData(provider, "\(error)")
      }
      return
    }
    let calendar = try calendar.map { try TradingCalendar(reading: $0) }
    let bars = BarCollection(
      adjusting: adjust, calendar: calendar, index: selection.benchmark, columns: try map,
      ofMinutes: minutes, session: session,
      checksUnits: !trust, note: { diagnose($0) })
    let passing = BarDays(selection, adjusting: adjust, calendar: calendar)
    try bars.read(input, passing: passing, body)
    try bars.checkUnits()
    if let note = try bars.noteOnMembers(selection) ?? passing.noteOnMembers() { diagnose(note) }
    if bars.isEmpty { try passing.finish() } else { try bars.days(selection, body) }
  }

  private func write(_ day: BarDay, _ output: ByteWriter) throws {
    if !listDays {
      output.write(day.array)
    } else if day.hasMember {
      output.write("\(day.day)\n")
    }
    try output.commit()
  }
}

extension Vendor: ExpressibleByArgument {}
extension Session: ExpressibleByArgument {}
