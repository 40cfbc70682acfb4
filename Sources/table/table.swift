/// table: any table in any pipe, as npy, NDJSON, CSV or an Arrow stream.
import ArgumentParser
import Streams
import Tables

extension TableFormat: ExpressibleByArgument {}

@main
struct Table: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Write any table as npy, NDJSON, CSV or an Arrow stream.",
    discussion: """
      Reads npy tables, NDJSON (an object a row) or CSV (under a header), as the first byte tells, and
      writes NDJSON for arrays, arrays for text, or what --to names. Of text, --types or --like says what
      the columns are; else the first row does: numbers are f8, days M8[D], other texts bytes, and a later
      row that does not fit is an error. Text becomes an array a day, or a drawing: a new one begins where
      date changes, else id.

      Tables of NumPy and pandas become ours: big-endian numbers, those of 8 and 16 bits, without sign,
      truths (to u1), texts (U16 to S16), times where all are midnights. Python objects are refused.
      Values of a field that has several are lists in NDJSON, columns box[0], box[1] in CSV. NaN is null,
      and empty in CSV; so are days that are none. What is lost on the way is said in a line.

      EXAMPLES
        simbars --days 90 | alpha158 --fields ROC5 | table | head -3
        simbars --days 90 | alpha158 --fields ROC5 | table --to csv > roc5.csv
        printf 'instrument,date,score\\nA,2020-01-02,0.5\\n' | table --list-types

      SEE ALSO  bars, describe, signal-eval

      CAVEATS
        Fields of CSV have no line breaks. A table of text without date and id is cut where it takes more
        than 8 MiB. NDJSON has no infinities, and no sign of NaN.
      """,
    version: convoyVersion)

  @Option(help: "npy, ndjson, csv or arrow (default: ndjson of arrays, else npy).")
  var to: TableFormat?

  @Option(
    help: ArgumentHelp(
      "Columns of text, and no others: name=S16, f4, f8, i4, i8, u1, M8[D]; f4[2,3] of several.",
      valueName: "name=type,..."))
  var types: String?

  @Option(help: ArgumentHelp("Columns of text as this table has them, npy.", valueName: "file"))
  var like: String?

  @Option(
    help: ArgumentHelp("Column whose change begins an array, or none.", valueName: "name"))
  var each: String?

  @Flag(help: "Print the columns' types as --types takes them, and no rows.")
  var listTypes = false

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  var reads: [String?] { [like] }

  func validate() throws {
    guard types == nil || like == nil else {
      throw ValidationError("--types and --like exclude each other")
    }
    guard !listTypes || to == nil else {
      throw ValidationError("--list-types writes no table: --to")
    }
    guard !sealing.seal || to == .npy else {
      throw ValidationError("--seal is for npy streams: --to npy")
    }
    do {
      _ = try types.map(ColumnTypes.init(parsing:))
    } catch {
      throw ValidationError("--types: \(error)")
    }
  }

  var expects: String { "a table (npy, NDJSON or CSV)" }
  // Without a format, a terminal is given rows to read.
  var writesBinary: BinaryOutput? {
    if listTypes { return nil }
    return switch to {
    case .npy: .arrays
    case .arrow: .arrow
    default: nil
    }
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let known = try types.map(ColumnTypes.init(parsing:)) ?? like.map(ColumnTypes.init(ofTable:))
    let reading = TableReading(known)
    if listTypes { return try reading.read(input, into: TypeListing(output)) }
    try reading.read(input, as: to, each: each, output)
  }
}
