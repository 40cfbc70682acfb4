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

      EXAMPLES
        simbars --days 90 | alpha158 | robust-zscore fit --params zscore.safetensors
        simbars --days 90 | alpha158 > f.npy; robust-zscore fit f.npy --params z --to 2015-03-31; \\
          robust-zscore apply f.npy --params z > scaled.npy

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
  var params: String

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

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be in 1...1024: \(threads)")
    }
    _ = try TableFields(fields, default: .features)
    _ = try DaySpan(from: from, to: to)
  }

  var writes: [WrittenPath] { [.file("--params", params)] }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let rows = NumberRows(
      try TableFields(fields, default: .features), limit: memory.bytes,
      rereading: input.pathsToReread, within: input.limits,
      by: { reader, body in try reader.days { try body($0) } })
    let fit = RobustZScoreFit(rows, try DaySpan(from: from, to: to), threads: threads)
    try input.days { try fit.add($0) }
    let parameters = try fit.parameters()
    try parameters.bytes().withUnsafeBytes { try AtomicFile.write($0, to: params) }
    var json = JSONWriter(output)
    json.beginObject()
    for (key, value) in [
      ("fields", parameters.names.count), ("days", fit.days), ("rows", fit.rows),
    ] {
      json.key(key)
      json.value(value)
    }
    json.key("spooled")
    json.value(fit.isSpooled)
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
