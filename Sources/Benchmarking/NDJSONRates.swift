import Mechanics
import Streams

/// How fast NDJSON is written and read: daily bars of a market that never was, in a temporary file.
public struct NDJSONRates {
  private let megabytes: Double
  /// What was done, and the seconds of its fastest run.
  private let times: [(what: String, seconds: Double)]

  /// Makes so many records, and writes and reads them so many times.
  public init(records: Int, runs: Int) throws {
    let file = try TemporaryFile()
    let path = file.path
    let emit = try Self.fastest(of: runs) { try Self.writeBars(records, to: file) }
    guard let size = plainFileSize(path) else { throw Failure(.inputOutput, "\(path): is gone") }
    let parse = try Self.fastest(of: runs) { try ByteReader([path]).ndjson { _ in } }
    var sum = 0.0
    let fields = try Self.fastest(of: runs) {
      try ByteReader([path]).ndjson { bar in
        for key in Self.fields { sum += try bar.require(key).double ?? 0 }
      }
    }
    guard sum.isFinite else { throw Failure(.internal, "the sum of the fields is not finite") }
    megabytes = Double(size) / 1e6
    times = [("emit", emit), ("parse", parse), ("parse, fields by name", fields)]
  }

  /// Writes one object a measurement.
  public func write(to output: ByteWriter) {
    var json = JSONWriter(output)
    for (what, seconds) in times {
      json.beginObject()
      json.put("what", "ndjson \(what)")
      json.put("megabytes", megabytes.rounded(decimals: 2))
      json.put("mb_per_s", (megabytes / seconds).rounded())
      json.endObject()
      json.endLine()
    }
  }

  private static let fields = ["open", "high", "low", "close", "volume", "vwap", "factor"]

  private static func fastest(of runs: Int, _ body: () throws -> Void) throws -> Double {
    var least = Double.infinity
    for _ in 0..<runs {
      let start = monotonicSeconds()
      try body()
      least = min(least, monotonicSeconds() - start)
    }
    return least
  }

  private static func writeBars(_ records: Int, to file: TemporaryFile) throws {
    let output = try ByteWriter(file)
    var json = JSONWriter(output)
    var state: UInt64 = 1
    var price = 1000
    for _ in 0..<records {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      price = max(100, price + Int(state >> 60) - 7)
      json.beginObject()
      json.key("instrument")
      json.value("SH600000")
      for (number, key) in fields.enumerated() {
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
