/// streams-bench: how fast NDJSON is read and written, on records made for the purpose.
import ArgumentParser
import Mechanics
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    let file = try TemporaryFile()
    let path = file.path
    let emit = try best { try writeBars(to: path) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure(.inputOutput, "\(path): is gone") }
    let size = Int(status.st_size)
    let parse = try best { try ByteReader([path]).ndjson { _ in } }
    var sum = 0.0
    let fields = try best {
      try ByteReader([path]).ndjson { bar in
        for key in Self.fields { sum += try bar.require(key).double ?? 0 }
      }
    }
    guard sum.isFinite else { throw Failure(.internal, "the sum of the fields is not finite") }
    var json = JSONWriter(output)
    for (what, seconds) in [("emit", emit), ("parse", parse), ("parse, fields by name", fields)] {
      json.beginObject()
      json.key("what")
      json.value("ndjson \(what)")
      json.key("megabytes")
      json.value((Double(size) / 1e4).rounded() / 100)
      json.key("mb_per_s")
      json.value((Double(size) / 1e6 / seconds).rounded())
      json.endObject()
      json.endLine()
    }
  }

  static let fields = ["open", "high", "low", "close", "volume", "vwap", "factor"]

  private func best(_ body: () throws -> Void) throws -> Double {
    var least = Double.infinity
    for _ in 0..<runs {
      let start = monotonicSeconds()
      try body()
      least = min(least, monotonicSeconds() - start)
    }
    return least
  }

  private func writeBars(to path: String) throws {
    let output = try ByteWriter(path)
    var json = JSONWriter(output)
    var state: UInt64 = 1
    var price = 1000
    for _ in 0..<records {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      price = max(100, price + Int(state >> 60) - 7)
      json.beginObject()
      json.key("instrument")
      json.value("SH600000")
      for (number, key) in Self.fields.enumerated() {
        json.key(key)
        json.value(Double(price + Int(state >> 40 & 15) * number) / 100)
      }
      json.endObject()
      json.endLine()
      try output.commit()
    }
    try output.finish()
  }
}
