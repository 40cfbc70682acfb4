/// alpha158: qlib's factors of daily bars, day by day.
import ArgumentParser
import Market
import Streams

@main
struct Tcsrank: Tool {
  static let configuration = CommandConfiguration(
    commandName: "alpha158",
    abstract: "Compute qlib's Alpha158 factors and their label of a stream of daily bars.",
    discussion: """
      EXAMPLES
        simbars | alpha158 > factors.npy
        simbars | alpha158 --fields KMID,ROC5 --no-label > two.npy

      SEE ALSO  bars, simbars

      CAVEATS
        None yet.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  @Option(help: ArgumentHelp("Threads.", valueName: "n"))
  var threads = 1

  @Flag(help: "Write every row, not only those of members.")
  var allRows = false

  @Flag(help: "Write no label, and each day at once.")
  var noLabel = false

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let engine = FactorEngine(
      try FactorPlan(allRows: allRows, hasLabel: !noLabel), threads: threads)
    try input.arrays { array in
      try engine.push(array) { output.write($0) }
    }
    try engine.finish { output.write($0) }
  }
}
