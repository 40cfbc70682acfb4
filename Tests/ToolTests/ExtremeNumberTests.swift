import Mechanics
import Streams
import TestFolders
import Testing

/// Input that is valid but for its numbers, which stand at the ends of their ranges, in every place where a
/// reader takes one: an answer or a refusal, no number that is none in NDJSON.
///
/// `Scripts/check-survival` tries all; in the suite some are picked.
@Suite struct ExtremeNumberTests {
  /// A tool that reads bytes with numbers in them.
  struct Reader: CustomTestStringConvertible, Sendable {
    let tool: String
    /// Its words; `@` is the file with the numbers, which come from standard input where there is none.
    let words: [String]
    let bytes: [UInt8]
    /// What it reads beside them.
    var input: [UInt8] = []

    var testDescription: String { ([tool] + words).joined(separator: " ") }
  }

  static let readers =
    ToolUnderTest.facing(.extremeNumbers).map {
      Reader(tool: $0.name, words: $0.options, bytes: $0.sample)
    } + besides

  private static let besides: [Reader] = {
    let scores =
      #"{"instrument":"SIM0002","date":"2015-01-02","score":0.5,"LABEL0":0.01}"# + "\n"
    let account = [
      "--bars", "testdata/portfolio/bars.npy", "--benchmark", "INDEX", "--topk", "1", "--n-drop",
      "0",
    ]
    let bars = bash("simbars --days 4 --instruments 3").output
    let factors = bash("simbars --days 4 --instruments 3 | alpha158 --fields KMID").output
    func trading(_ words: [String], _ text: String) -> Reader {
      Reader(
        tool: "topk-backtest", words: account + words, bytes: Array(text.utf8),
        input: Array(scores.utf8))
    }
    return [
      trading(
        ["--cash", "1000000", "--holdings", "@"], "instrument,shares,cost\nSIM0002,100,10.5\n"),
      trading(
        ["--fills", "@"],
        "instrument,side,shares,price,fee,date\nSIM0002,buy,100,27.67,5,2015-01-05\n"),
      trading(["--limits", "@"], "instrument,limit,from,to\nSIM0001,0.1,2015-01-01,2015-12-31\n"),
      Reader(
        tool: "topk-backtest",
        words: ["--bars", "@", "--benchmark", "none", "--topk", "1", "--n-drop", "0"], bytes: bars,
        input: Array(scores.utf8)),
      Reader(
        tool: "signal-eval", words: ["--score", "KMID", "--bars", "@"], bytes: bars, input: factors),
      Reader(
        tool: "signal-eval", words: ["--score", "KMID", "--labels", "@"], bytes: factors,
        input: factors),
      Reader(
        tool: "risk-report", words: ["--table"],
        bytes: bash(
          "gzip -dc testdata/risk/ledger.ndjson.gz | head -3"
        ).output),
      Reader(
        tool: "risk-report", words: ["--no-table", "--scores", "@"], bytes: Array(scores.utf8),
        input: bash("gzip -dc testdata/risk/ledger.ndjson.gz | head -3").output),
      Reader(
        tool: "bars", words: ["--instruments", "@"],
        bytes: Array("A,2020-01-01,2020-12-31\n".utf8),
        input: Array(
          #"{"instrument":"A","date":"2020-01-02","open":1,"high":2,"low":1,"close":2,"volume":1}"#
            .utf8)),
      Reader(
        tool: "conv2d", words: ["--weight", "@"],
        bytes: contents("\(root)/testdata/npy/conv-weight.npy") ?? [],
        input: contents("\(root)/testdata/npy/conv-x.npy") ?? []),
      Reader(tool: "alpha158", words: ["--set", "alpha360"], bytes: bars),
      Reader(tool: "describe", words: ["--table", "--label", "LABEL0"], bytes: factors),
      Reader(
        tool: "calc-score", words: ["--truth", "@"],
        bytes: bash(
          "head -2 testdata/ink/drawings.ndjson"
        ).output,
        input: bash("head -2 testdata/ink/drawings.ndjson | pipelines/mnist-calc").output),
    ]
  }()

  @Test("numbers at the ends of their ranges", arguments: readers)
  func ends(_ reader: Reader) throws {
    try #require(!reader.bytes.isEmpty)
    let inputs = try Self.inputs(of: reader.bytes)
    try #require(!inputs.isEmpty, "no number in it")
    var numbers = SplitMix64(seed: 11)
    try withFolder { folder in
      func read(_ bytes: [UInt8]) -> Outcome {
        let isFile = reader.words.contains("@")
        if isFile { put(bytes, "\(folder)/file") }
        return run(
          ["\(root)/bin/\(reader.tool)"]
            + reader.words.map { $0 == "@" ? "\(folder)/file" : $0 },
          isFile ? reader.input : bytes)
      }
      let plain = read(reader.bytes)
      try #require(plain.ending == .exit(0), "\(plain.errors)")
      for change in inputs.shuffled(using: &numbers).prefix(Samples.count(12)) {
        var bytes = reader.bytes
        for (range, value) in change.reversed() { bytes.replaceSubrange(range, with: value) }
        let outcome = read(bytes)
        let said = change.map { "\($0.0): \(String(decoding: $0.1, as: UTF8.self))" }
        // Notes may stand before the line that says why.
        let isNamed = outcome.errorLines.allSatisfy { $0.hasPrefix("\(reader.tool): ") }
        let isStated = outcome.ending == .exit(0) || outcome.ending == .exit(65)
        #expect(
          isStated && isNamed && outcome.errorLines.count <= 4,
          "\(said.prefix(3)): \(outcome.ending) \(outcome.errors)")
        #expect(outcome.endsWhole, "\(said.prefix(3))")
        if outcome.output.first == UInt8(ascii: "{") {
          let text = String(decoding: outcome.output, as: UTF8.self)
          #expect(!text.contains(#/[:\[,]-?(nan|inf|NaN|Inf)/#), "\(said.prefix(3)): \(text)")
        }
      }
    }
  }

  /// Places of an input, and what is put there.
  typealias Change = [(Range<Int>, [UInt8])]

  /// Each number by itself, and all of them at once, at each end.
  static func inputs(of bytes: [UInt8]) throws -> [Change] {
    let places = bytes.first == 0x93 ? try fields(of: bytes) : numbers(in: bytes)
    let values = Set(places.flatMap { $0.ends })
    let alone = places.flatMap { place in place.ends.map { [(place.range, $0)] } }
    let together = values.map { value in
      places.filter { $0.ends.contains(value) }.map { ($0.range, value) }
    }
    return alone + together
  }

  /// A number in an input, and the values at the ends of its range.
  private typealias Place = (range: Range<Int>, ends: [[UInt8]])

  /// Numbers and days of a text.
  private static func numbers(in bytes: [UInt8]) -> [Place] {
    let ends = [
      "0", "-0", "-1", "5e-324", "2.3e-308", "1e-30", "9007199254740993", "9223372036854775807",
      "1e38", "1e308", "-1e308", "1.7976931348623157e308",
    ]
    let days = ["0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "9999-12-31"]
    let text = String(decoding: bytes, as: UTF8.self)
    let utf8 = text.utf8
    func isLetter(_ place: Int) -> Bool {
      bytes.indices.contains(place)
        && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[place] | 0x20)
    }
    return text.matches(of: #/(\d{4}-\d\d-\d\d)|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/#)
      .compactMap { match in
        let start = utf8.distance(from: utf8.startIndex, to: match.range.lowerBound)
        let end = utf8.distance(from: utf8.startIndex, to: match.range.upperBound)
        // Digits of a name are no number.
        if isLetter(start - 1) || isLetter(end) { return nil }
        return (start..<end, (match.1 == nil ? ends : days).map { Array($0.utf8) })
      }
  }

  /// The fields of every row of a stream of arrays, but for keys that are text.
  private static func fields(of bytes: [UInt8]) throws -> [Place] {
    var places: [Place] = []
    var start = 0
    try withFolder { folder in
      put(bytes, "\(folder)/arrays")
      try ByteReader(["\(folder)/arrays"]).arrays { array in
        start += 10 + Int(bytes[start + 8]) + Int(bytes[start + 9]) << 8
        var fields = [NpyField("", .uint8)]
        switch array.type {
        case .plain(let scalar): fields = [NpyField("", scalar)]
        case .structured(let named): fields = named
        }
        for row in 0..<array.count {
          for field in fields {
            let first = start + row * array.type.size + field.offset
            // Of a picture or a window, the first and the last number.
            let count = field.size / max(1, field.scalar.size)
            for number in Set([0, count - 1]) where number >= 0 {
              let place = first + number * field.scalar.size
              let ends = ends(of: field.scalar)
              if !ends.isEmpty { places.append((place..<place + field.scalar.size, ends)) }
            }
          }
        }
        start += array.bytes.count
      }
    }
    return places
  }

  private static func ends(of scalar: NpyScalar) -> [[UInt8]] {
    func bytes<Value>(_ values: [Value]) -> [[UInt8]] {
      values.map { withUnsafeBytes(of: $0) { Array($0) } }
    }
    switch scalar {
    case .uint8: return [[0], [255]]
    case .int32: return bytes([0, -1, Int32.min, Int32.max])
    case .int64: return bytes([0, -1, Int64.min, Int64.max, 9_007_199_254_740_993])
    case .float32:
      return bytes([
        0, -0.0, -1, 1e-30, 1e-45, 3.4e38, -3.4e38, 16_777_217, Float.infinity, -Float.infinity,
        Float.nan,
      ])
    case .float64:
      return bytes([0, -0.0, -1, 5e-324, 1e308, -1e308, 9_007_199_254_740_993, Double.infinity])
    // Years 1 and 9999, the days beside 1970, no day at all, and what no calendar has.
    case .day: return bytes([-719_162, 2_932_896, -1, 0, Int64.min, Int64.max])
    case .bytes: return []
    }
  }
}
