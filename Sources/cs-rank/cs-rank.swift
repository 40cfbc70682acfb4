/// cs-rank: put the rank among a day's rows in the place of each label, as qlib's CSRankNorm does.
import ArgumentParser
import Processors
import Streams

@main
struct CrossSectionRankTool: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "cs-rank",
    abstract:
      "Put the rank among a day's rows in the place of each label, as qlib's CSRankNorm does.",
    discussion: """
      Reads npy tables, one a day, and writes them with each value of the fields replaced by
      (rank / count - 0.5) × 3.46, which has about the deviation 1. Equal values share their mean rank; NaN
      stays NaN and does not count. The field becomes one of doubles, <f8, as in qlib. A table of many
      days leaves as one array a day; a table without date is taken for a day.

      EXAMPLES
        simbars --days 90 | alpha158 | dropna | cs-rank > ranked.npy
        simbars --days 90 | alpha158 | cs-rank --fields KMID,LABEL0 > ranked.npy

      SEE ALSO  alpha158, dropna, describe

      CAVEATS
        Ranks go from 1/count to 1, so that their mean is 1.73/count and not 0: so it is in qlib.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  @Option(
    help: ArgumentHelp("Fields to work on (default: LABEL...).", valueName: "name,name,..."))
  var fields: String?

  func validate() throws { _ = try TableFields(fields, default: .labels) }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var ranks = CrossSectionRank(try TableFields(fields, default: .labels))
    try input.days { array in
      try ranks.rank(array) { output.write($0, $1, $2) }
    }
  }
}
