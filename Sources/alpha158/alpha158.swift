/// alpha158: qlib's factors of daily bars, day by day.
import ArgumentParser
import Days
import FactorCatalogue
import Factors
import Streams

@main
struct Alpha158: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "alpha158",
    abstract: "Compute the factors of qlib's Alpha158 and their label from a stream of daily bars.",
    discussion: """
      Reads tables of bars as bars and simbars write them, one npy array a trading day, or NDJSON in order
      of the days. Writes one array a trading day: instrument, date, the factors by name, and LABEL0, the
      return from tomorrow's close to that of the day after. So a day leaves when two more have come;
      the last two leave at the end, their label NaN. --no-label writes each day at once.

      Windows count trading days, whether a row is of a member or not; rows of members are written. It
      remembers 64 days of each instrument, and --state keeps them in a file: with it, a day that has no
      label yet is not written at the end but by the run that brings it, so outputs join seamlessly.
      The first bars after a state must fit it: where the change of one is not that of its close over the
      remembered one, a day between is missing, or the source has written its history anew (a split in
      prices adjusted from today backwards). That ends with 65, names both numbers, and leaves the state
      as it was. --after DAY refuses a state that does not end on the day that bars --after was told. Of
      two runs on one state the second ends with 75.

      Where qlib surprises, this does the same. A suspended day is skipped by means, sums, deviations,
      quantiles and lines, and a window is NaN only when nothing in it is valid (2 values for a
      deviation, a line or a correlation). Yet CNTP, CNTN and CNTD count it as neither up nor down;
      and IMAX, IMIN take the first NaN of a window for its extreme. RSQR and CORR are NaN where a
      standard deviation is 0.00002 or less. A bar of one price has KMID2, KUP2, KLOW2, KSFT2 of 0. A
      volume of 0 on a day with prices makes CORD skip the day after. Infinite input counts as NaN.

      --check-lookahead writes no factors, but computes them anew with the history cut after some days,
      and says what it compared: {"days","rows","factors","cuts","values","look_ahead":false}. With
      "look_ahead":true come date, instrument and field of the first value that a later day has changed,
      and history_ends; the exit status is 70. What made the stream may itself have known later rows, and
      that shows only beside what it made of a shorter source: --earlier is such a stream, as that of
      yesterday, and its days must give the same.

      EXAMPLES
        simbars --days 90 | alpha158 > factors.npy
        simbars --days 90 | alpha158 --no-label --fields KMID,ROC5,CORR60 --state 60-days > three.npy

      SEE ALSO  bars, simbars, robust-zscore, describe

      CAVEATS
        An instrument that has no row on a day has a suspended one there, once it was seen; bars writes
        such rows. Sums are made in double over each window, where qlib carries its sums along, so that
        the last digit differs now and then in RESI, CORR and CORD. --check-lookahead holds all input in
        memory.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  @Option(help: "Which factors: alpha158 or alpha360, the last 60 bars.")
  var set = FactorSet.alpha158

  @Option(help: ArgumentHelp("Only these factors, in this order.", valueName: "name,name,..."))
  var fields: String?

  @Flag(help: "Write the rows of all instruments, not only of members.")
  var allRows = false

  @Flag(help: "Write no label, and so each day at once.")
  var noLabel = false

  @Option(
    help: ArgumentHelp("First day to write; windows look back beyond it.", valueName: "date"))
  var from: Day?

  @Option(help: ArgumentHelp("Last day to write; labels look beyond it.", valueName: "date"))
  var to: Day?

  @OptionGroup var memory: StateOptions

  @Flag(help: "Write no factors, but check that none changes when later days are cut off.")
  var checkLookahead = false

  @Option(
    help: ArgumentHelp(
      "For --check-lookahead: bars of the same source when it had fewer days.", valueName: "file"),
    completion: .file())
  var earlier: String?

  @Option(help: ArgumentHelp("Most instruments to remember, 5 KB each.", valueName: "n"))
  var maxInstruments = 50_000

  @Option(help: ArgumentHelp("Threads that share the instruments of a day.", valueName: "n"))
  var threads = 1

  func validate() throws {
    try sealing.validate(unless: checkLookahead, "--check-lookahead")
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be in 1...1024: \(threads)")
    }
    guard maxInstruments > 0 else {
      throw ValidationError("--max-instruments must be 1 at least: \(maxInstruments)")
    }
    guard !checkLookahead || memory.path == nil else {
      throw ValidationError("--check-lookahead reads a whole history, so it goes without --state")
    }
    guard checkLookahead || earlier == nil else {
      throw ValidationError("--earlier is for --check-lookahead")
    }
    guard memory.path == nil || (from == nil && to == nil) else {
      throw ValidationError("--state keeps days to be written, so it goes without --from and --to")
    }
    _ = try DaySpan(from: from, to: to)
    do { _ = try plan } catch { throw ValidationError("--fields: \(error)") }
  }

  var writes: [WrittenPath] { [memory.written] }

  private var plan: FactorPlan {
    get throws {
      var plan = try FactorPlan(
        set,
        fields: fields?.split(separator: ",", omittingEmptySubsequences: false).map(String.init),
        allRows: allRows, hasLabel: !noLabel)
      plan.span = try DaySpan(from: from, to: to)
      return plan
    }
  }

  var reads: [String?] { [earlier] }

  var expects: String { "bars (npy or NDJSON)" }
  var writesBinary: BinaryOutput? { checkLookahead ? nil : .arrays }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    if checkLookahead { return try check(input, output) }
    let engine = FactorEngine(try plan, threads: threads)
    engine.mostInstruments = maxInstruments
    let state = try memory.file()
    if let state {
      _ = try engine.resume(from: state.path)
      try state.check(last: engine.lastDay)
    }
    try days(input) { array in try engine.push(array) { output.write($0) } }
    if let state {
      output.didFinish = { try engine.save(to: state.path) }
    } else {
      try engine.finish { output.write($0) }
    }
  }

  private func days(_ input: ByteReader, _ body: (NpyArray) throws -> Void) throws {
    let reader = DayReader(input)
    try input.forEachSource {
      // Nothing else begins as npy does.
      if try input.peek(1).first == 0x93 {
        try reader.daysOfSource { try body($0) }
      } else {
        try input.barDaysOfSource(body)
      }
    }
  }

  private func check(_ input: ByteReader, _ output: ByteWriter) throws {
    var check = LookaheadCheck(try plan, threads: threads)
    try days(input) { check.add($0) }
    if let earlier { try days(input.companion(earlier)) { check.addEarlier($0) } }
    let finding = try check.run()
    finding.write(output)
    // What was found has been written; the exit status says so too.
    guard let fault = finding.fault else { return }
    try output.finish()
    throw Failure(.internal, fault)
  }
}

extension FactorSet: ExpressibleByArgument {}
