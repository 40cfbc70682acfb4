/// bars: daily bars of a market as a stream of days, from a qlib data folder, CSV, NDJSON or npy.
import ArgumentParser
import Bars
import Days
import Streams

@main
struct Bars: Tool {
  static let configuration = CommandConfiguration(
    commandName: "bars",
    abstract: "Read daily bars and write them as a stream of days, one npy array a trading day.",
    discussion: """
      Reads a qlib data folder (--provider), or files: CSV with the columns instrument, date, open, high,
      low, close, volume and perhaps factor, vwap, amount, change, by name in any order; NDJSON with
      such keys; or npy, as it writes it itself. The first byte tells which.

      Writes npy tables, one a trading day, rows in order of the code:
        instrument S16, date <M8[D], open high low close volume vwap factor change <f4, member |u1

      From the first row of an instrument to its last it has a row every trading day. A day without
      trade (volume 0 or missing, or no row) is NaN in all eight numbers; but the closes of --benchmark,
      an index, count without volume, and without factor as they are. vwap is the source's, or
      amount ÷ volume, or (high + low + close) / 3. change is the source's, or close ÷ (last valid
      close) less 1. factor is NaN where the source has none. member is 1 on the days of the spans of
      --instruments, or of the folder's all.txt, or as npy has it, or always.

      Trading days are those that any row has, or those of --calendar, where a day without any row then
      is a suspended one. npy that is by the day already, as bars and simbars write it, is passed on a
      day at a time: rows that it lacks are not made up.

      A folder of qlib is taken as it is. Elsewhere these are bad records: dates of an instrument that do
      not ascend, prices that are not above 0 on a day with volume, high below low, unknown columns.

      EXAMPLES
        bars testdata/market/bars.csv --adjust > bars.npy
        simbars --days 60 --instruments 9 |
          bars --from 2015-02-02 --write-provider qlib-data && ls qlib-data

      SEE ALSO  simbars, alpha158

      CAVEATS
        Rows of CSV and NDJSON are held in memory, about 55 bytes each, as they come by instrument and
        leave by day; so is npy for --write-provider. vwap by amount needs amount in the currency of the prices and volume in shares. --write-provider
        writes the spans of members as the market of --instruments, or as members.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  @Option(help: ArgumentHelp("A qlib data folder to read.", valueName: "dir"))
  var provider: String?

  @Flag(help: "Adjust raw prices as qlib does: price × factor, volume ÷ factor.")
  var adjust = false

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
    help: ArgumentHelp("Write only days after this one; none is no fault.", valueName: "date"))
  var after: Day?

  @Option(
    help: ArgumentHelp("An index to write too, which is no member, as SH000300.", valueName: "code")
  )
  var benchmark: String?

  @Option(
    help: ArgumentHelp("A qlib data folder to write, instead of the stream.", valueName: "dir"),
    completion: .directory)
  var writeProvider: String?

  @Flag(help: "Write the days that have a member, one a line as --calendar reads them; no bars.")
  var listDays = false

  func validate() throws {
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
      guard calendar == nil else {
        throw ValidationError("a qlib folder has a calendar of its own: no --calendar")
      }
    }
    _ = try DaySpan(from: from, to: to)
    if writeProvider != nil, streams.output != nil {
      throw ValidationError("--write-provider writes no stream: no --output")
    }
    if let benchmark {
      do { _ = try InstrumentCode(benchmark) } catch {
        throw ValidationError("--benchmark: \(error)")
      }
    }
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var selection = BarSelection(try DaySpan(from: from, to: to))
    selection.after = after
    selection.benchmark = try benchmark.map { try InstrumentCode($0) }
    // A market of the folder has neither a slash nor a dot in its name, as a file mostly has.
    let file = instruments.flatMap {
      provider == nil || $0.contains("/") || $0.contains(".") ? $0 : nil
    }
    selection.members = try file.map { try Membership(reading: $0) }
    let market = file.map(Membership.name(ofFile:)) ?? instruments
    if let provider {
      let folder = try QlibFolder(provider, market: file == nil ? instruments ?? "all" : "all")
      do {
        try write(folder, selection, market, output)
      } catch let error as DayError {
        throw Failure.badData(provider, "\(error)")
      }
    } else {
      let calendar = try calendar.map { try TradingCalendar(reading: $0) }
      let bars = BarCollection(
        adjusting: adjust, calendar: calendar, index: selection.benchmark)
      // A folder is written by instrument, so all days must be there.
      let days =
        writeProvider == nil ? BarDays(selection, adjusting: adjust, calendar: calendar) : nil
      try bars.read(input, passing: days) { try write($0, output) }
      if let note = try days?.noteOnMembers() { diagnose(note) }
      try days?.finish()
      if !bars.isEmpty { try write(bars, selection, market, output) }
    }
  }

  private func write(_ day: BarDay, _ output: ByteWriter) throws {
    if !listDays {
      output.write(day.array)
    } else if day.hasMember {
      output.write("\(day.day)\n")
    }
    try output.commit()
  }

  private func write(
    _ bars: some BarSource, _ selection: BarSelection, _ market: String?, _ output: ByteWriter
  ) throws {
    if let note = try bars.noteOnMembers(selection) { diagnose(note) }
    if let writeProvider {
      try bars.writeQlibFolder(writeProvider, selection, market: market)
    } else {
      try bars.days(selection) { try write($0, output) }
    }
  }
}
