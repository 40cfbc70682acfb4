/// describe: counts, moments, quantiles of fields, and their correlation with a label day by day.
import ArgumentParser
import Processors
import Statistics
import Streams

@main
struct Describe: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Say of each field its counts, moments and quantiles, and its daily IC with a label.",
    discussion: """
      Reads npy tables, one a day, and writes a line of NDJSON a field, or a table on a terminal: count
      (of finite values), nan, inf, mean, std (n - 1), min, q01, q05, q25, q50, q75, q95, q99, max, all
      exact. With --label also ic, the mean over days of the correlation with the label among the day's
      rows, icir, that over its standard deviation, and rank_ic, rank_icir of the ranks, and how many
      days there were. A table of many days is taken as its days; with --label days must ascend.

      Rows of several workers are counted in parts, with the bytes of one run: each writes what --partial
      counts of its rows, and --merge adds the parts up to the plan of the next walk, which --plan names to
      both. The third --merge writes the summaries. Correlations are of whole days: no --label.

      EXAMPLES
        simbars --days 120 | alpha158 | describe --label LABEL0
        simbars --days 120 | alpha158 | describe --table --fields ROC5,STD20,LABEL0
        simbars --days 60 > m; plan=; for walk in 1 2 3; do \\
          for i in 1 2; do shard --shards 2 --only $i m | describe --partial $plan > $i; done; \\
          describe --merge $plan 1 2 > of-$walk; plan="--plan of-$walk"; done; cat of-3

      SEE ALSO  alpha158, robust-zscore, signal-eval

      CAVEATS
        It reads files three times, and standard input too where it is a file. What comes through a pipe,
        or gzipped, it keeps: 4 bytes a number, in memory up to --memory and beyond that in a file in
        TMPDIR. Values are taken as 32-bit floats. A day on which factor or label is constant has no correlation.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  @Option(help: ArgumentHelp("The field to correlate the others with.", valueName: "name"))
  var label: String?

  @Option(
    help: ArgumentHelp("Fields to describe (default: all numbers).", valueName: "name,name,..."))
  var fields: String?

  @Option(
    help: ArgumentHelp(
      "Memory for rows that cannot be read again; more go to a temporary file.", valueName: "size"))
  var memory = MemorySize.usual

  @OptionGroup var parts: PartOptions

  @Flag(inversion: .prefixedNo, help: "Write a table (default: on a terminal).")
  var table: Bool?

  func validate() throws {
    _ = try TableFields(fields, default: .numbers)
    guard !parts.isAny || label == nil else {
      throw ValidationError(
        "correlations are of whole days, which a part does not have: no --label")
    }
    guard !parts.merge || fields == nil else {
      throw ValidationError("parts have their fields: --merge takes no --fields")
    }
  }

  var reads: [String?] { [parts.plan] }

  var expects: String { parts.merge ? "parts of --partial (NDJSON)" : "a table stream (npy)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let plan = try parts.plan(.describe)
    if parts.partial {
      let walk = PartialWalk(.describe, try TableFields(fields, default: .numbers), plan: plan)
      try input.days { try walk.add($0) }
      return try walk.write(to: output)
    }
    if parts.merge {
      try ShardName.checkParts(streams.files)
      let next = try CountingPlan(adding: input, .describe, to: plan)
      return next.isDone ? write(next.summaries(), to: output) : next.write(to: output)
    }
    let rows = NumberRows(
      try TableFields(fields, default: .numbers), limit: memory.bytes,
      rereading: input.pathsToReread, within: input.limits,
      by: { reader, body in try reader.days { try body($0) } })
    let summaries = FieldSummaries(rows, label: label)
    try input.days { try summaries.add($0) }
    write(try summaries.summaries(), to: output)
  }

  private func write(_ summaries: [FieldSummary], to output: ByteWriter) {
    let report = SummaryReport(summaries, hasLabel: label != nil)
    if table ?? output.isTerminal { report.writeTable(output) } else { report.writeJSON(output) }
  }
}
