/// streams-bench: how fast NDJSON is read and written, on records made for the purpose.
import ArgumentParser
import Benchmarking
import Streams

@main
struct StreamsBench: Tool {
  static let configuration = CommandConfiguration(
    commandName: "streams-bench",
    abstract: "Time the reading and writing of NDJSON on flat numeric records, in MB/s.",
    discussion: """
      Makes daily bars of a market that never was (seeded, synthetic) in a temporary file, then reads
      them several times; prints one NDJSON line a measurement, the best of its runs.

      EXAMPLES
        streams-bench --records 100000 | cat
        streams-bench --records 100000 --runs 2 | grep parse

      SEE ALSO  segment, expr-eval

      CAVEATS
        The file is read from memory, not from the disk, and other programs on the machine slow it
        down: compare figures of one machine.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  @Option(help: ArgumentHelp("Records to make, about 110 bytes each.", valueName: "n"))
  var records = 500_000

  @Option(help: ArgumentHelp("Runs of each measurement.", valueName: "n"))
  var runs = 5

  func validate() throws {
    guard streams.files.isEmpty else {
      throw ValidationError("no file is read, the records are made: '\(streams.files[0])'")
    }
    guard (1...10_000_000).contains(records) else {
      throw ValidationError("--records must be in 1...10000000: \(records)")
    }
    guard (1...1000).contains(runs) else {
      throw ValidationError("--runs must be in 1...1000: \(runs)")
    }
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    try NDJSONRates(records: records, runs: runs).write(to: output)
  }
}
