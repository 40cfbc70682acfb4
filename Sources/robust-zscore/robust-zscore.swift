/// robust-zscore: fits and applies qlib's RobustZScoreNorm.
import ArgumentParser
import Days
import Processors
import Statistics
import Streams

@main
struct RobustZScoreTool: ToolGroup {
  static let configuration = CommandConfiguration(
    commandName: "robust-zscore",
    abstract: "Scale fields by median and median deviation, as qlib's RobustZScoreNorm does.",
    discussion: """
      fit finds the exact median of each field over all rows of a range of days, and that of the
      distances from it, and writes both to --params, a safetensors file. It says on standard output how
      many rows and days it saw. apply writes every table with (x - median) / (1.4826 × deviation),
      clipped to ±3, for the fields of that file. NaN is left out by fit and left alone by apply. A field
      without any value in the range is refused: it could not be scaled.

      Rows of several workers are counted in parts, and the file has the bytes of one run: each worker
      writes what fit --partial counts of its rows, and fit --merge adds the parts up to the plan of the
      next walk, which --plan names to both. The sixth --merge writes --params.

      EXAMPLES
        simbars --days 90 | alpha158 | robust-zscore fit --params zscore.safetensors
        simbars --days 90 | alpha158 > f.npy; robust-zscore fit f.npy --params z --to 2015-03-31; \\
          robust-zscore apply f.npy --params z > scaled.npy
        simbars --days 60 > m; plan=; for walk in {1..6}; do for i in 1 2; do \\
          shard --shards 2 --only $i m | robust-zscore fit --partial $plan > $i; done; \\
          robust-zscore fit --merge $plan 1 2 --params z > of-$walk; plan="--plan of-$walk"; done

      SEE ALSO  alpha158, fillna, describe

      CAVEATS
        fit reads files three times, and standard input too where it is a file. What comes through a
        pipe, or gzipped, it keeps: 4 bytes a number, in memory up to --memory and beyond that in a file
        in TMPDIR. A field that is constant over the range has the deviation 1e-12: its other values
        become ±3.
      """,
    version: convoyVersion,
    subcommands: [Fit.self, Apply.self])
}

struct Fit: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Find medians and deviations over a range of days.")

  @Option(help: ArgumentHelp("Where to write the parameters.", valueName: "file"))
  var params: String?

  @Option(help: ArgumentHelp("First day of the range.", valueName: "date"))
  var from: Day?

  @Option(help: ArgumentHelp("Last day of the range.", valueName: "date"))
  var to: Day?

  @Option(
    help: ArgumentHelp(
      "Fields to fit (default: all numbers but LABEL...).", valueName: "name,name,..."))
  var fields: String?

  @Option(
    help: ArgumentHelp(
      "Memory for rows that cannot be read again; more go to a temporary file.", valueName: "size"))
  var memory = MemorySize.usual

  @Option(help: ArgumentHelp("Threads that share the fields.", valueName: "n"))
  var threads = 1

  @OptionGroup var parts: PartOptions
  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  func validate() throws {
    guard (params == nil) == parts.partial else {
      throw ValidationError(
        parts.partial
          ? "--partial writes a part, and no --params" : "--params must name the file to write")
    }
    guard !parts.merge || fields == nil && from == nil && to == nil else {
      throw ValidationError(
        "parts have their fields and days: --merge takes no --fields, --from, --to")
    }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be in 1...1024: \(threads)")
    }
    _ = try TableFields(fields, default: .features)
    _ = try DaySpan(from: from, to: to)
  }

  var writes: [WrittenPath] { [.file("--params", params)] }

  var reads: [String?] { [parts.plan] }

  var expects: String { parts.merge ? "parts of --partial (NDJSON)" : "a table stream (npy)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let (plan, span) = (try parts.plan(.robustZScore), try DaySpan(from: from, to: to))
    if parts.partial {
      let walk = PartialWalk(
        .robustZScore, try TableFields(fields, default: .features), span, plan: plan)
      try input.days { try walk.add($0) }
      return try walk.write(to: output)
    }
    if parts.merge {
      try ShardName.checkParts(streams.files)
      let next = try CountingPlan(adding: input, .robustZScore, to: plan)
      guard next.isDone else { return next.write(to: output) }
      let parameters = try next.parameters()
      return try write(parameters, days: next.days, rows: next.rows, isSpooled: false, to: output)
    }
    let rows = NumberRows(
      try TableFields(fields, default: .features), limit: memory.bytes,
      rereading: input.pathsToReread, within: input.limits,
      by: { reader, body in try reader.days { try body($0) } })
    let fit = RobustZScoreFit(rows, span, threads: threads)
    try input.days { try fit.add($0) }
    let parameters = try fit.parameters()
    try write(
      parameters, days: fit.days, rows: fit.rows, isSpooled: fit.isSpooled, to: output)
  }

  private func write(
    _ parameters: RobustZScore, days: Int, rows: Int, isSpooled: Bool, to output: ByteWriter
  ) throws {
    guard let params else { return }
    try parameters.bytes().withUnsafeBytes { try AtomicFile.write($0, to: params) }
    var json = JSONWriter(output)
    json.beginObject()
    for (key, value) in [
      ("fields", parameters.names.count), ("days", days), ("rows", rows),
    ] {
      json.key(key)
      json.value(value)
    }
    json.key("spooled")
    json.value(isSpooled)
    json.endObject()
    json.endLine()
  }
}

struct Apply: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Scale and clip the fields by parameters that were fitted.")

  @Option(help: ArgumentHelp("The parameters.", valueName: "file"), completion: .file())
  var params: String

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  var reads: [String?] { [params] }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var zscore = try RobustZScore(path: params)
    try input.editArrays { array in
      try zscore.apply(&array)
      output.write(array)
    }
  }
}
