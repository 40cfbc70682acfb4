/// dropna: drop the rows that lack a label, as qlib's DropnaLabel does.
import ArgumentParser
import Processors
import Streams

@main
struct DropMissing: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "dropna",
    abstract: "Drop the rows that lack a label, as qlib's DropnaLabel does.",
    discussion: """
      Reads npy tables and writes them without the rows where one of the fields is NaN. A day of which no row
      is left stays as an array without rows.

      EXAMPLES
        simbars --days 90 | alpha158 | dropna > labelled.npy
        simbars --days 90 | alpha158 | dropna --fields ROC60,LABEL0 > complete.npy

      SEE ALSO  alpha158, fillna, cs-rank

      CAVEATS
        For training only: to be predicted, a row needs no label.
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
    var drop = MissingLabelDrop(try TableFields(fields, default: .labels))
    try input.editArrays { array in
      try drop.drop(&array)
      output.write(array)
    }
  }
}
