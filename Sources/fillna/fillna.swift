/// fillna: put a number in the place of every NaN, as qlib's Fillna does.
import ArgumentParser
import Processors
import Streams

@main
struct FillMissing: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "fillna",
    abstract: "Put a number in the place of every NaN, as qlib's Fillna does.",
    discussion: """
      Reads npy tables and writes them with the NaNs of the fields replaced; all else passes through. After
      robust-zscore a 0 stands for the median.

      EXAMPLES
        simbars --days 90 | alpha158 | fillna > filled.npy
        simbars --days 90 | alpha158 | fillna --fields ROC60,MA60 --value -1 > filled.npy

      SEE ALSO  alpha158, robust-zscore, dropna

      CAVEATS
        Infinite values stay: robust-zscore clips them.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  @Option(
    help: ArgumentHelp(
      "Fields to work on (default: all numbers but LABEL...).", valueName: "name,name,..."))
  var fields: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("What NaN becomes.", valueName: "number"))
  var value = 0.0

  func validate() throws { _ = try TableFields(fields, default: .features) }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var fill = MissingValueFill(try TableFields(fields, default: .features), value: value)
    try input.editArrays { array in
      try fill.fill(&array)
      output.write(array)
    }
  }
}
