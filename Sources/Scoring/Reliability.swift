import Streams

/// How much a confidence is worth: of the values that were given at some confidence, how many are right.
///
/// The expected calibration error is the mean over all values of the distance between a bin's mean
/// confidence and its share of right values. Source: M. P. Naeini, G. Cooper, M. Hauskrecht, "Obtaining
/// well calibrated probabilities using Bayesian binning", AAAI 2015.
public struct Reliability: Equatable, Sendable {
  /// The values of one tenth of the confidences.
  public struct Bin: Equatable, Sendable {
    /// How many there are.
    public private(set) var count = 0
    /// How many of them are right.
    public private(set) var right = 0
    /// The sum of the confidences in steps of 2^-30: whole numbers, whose sum is the same in any order.
    private var steps = 0
    private static let one = 0x1p30

    mutating func add(_ confidence: Double, isRight: Bool) {
      count += 1
      steps += Int((confidence * Self.one).rounded(), within: 0...1 << 30)
      if isRight { right += 1 }
    }

    /// Their mean confidence; nil of none.
    public var confidence: Double? {
      count == 0 ? nil : Double(steps) / Self.one / Double(count)
    }

    func write(part json: inout JSONWriter) {
      json.beginObject()
      json.put("values", count)
      json.put("right", right)
      json.put("steps", steps)
      json.endObject()
    }

    /// Adds what a part has counted; throws where that cannot be.
    mutating func add(part record: JSONValue) throws {
      let (values, right, steps) = (
        try record.count("values"), try record.count("right"), try record.count("steps")
      )
      guard right <= values, (steps + 0x3fff_ffff) >> 30 <= values else {
        throw record.failure("counts are more than what they are of")
      }
      try record.add(values, to: &count)
      try record.add(right, to: &self.right)
      try record.add(steps, to: &self.steps)
    }
    /// The share that is right; nil of none.
    public var rate: Double? { RecognitionScore.rate(right, of: count) }
  }

  /// Ten bins, from 0 to 0.1 and so on; a confidence of 1 is in the last.
  public private(set) var bins = [Bin](repeating: Bin(), count: 10)

  /// No values yet.
  public init() {}

  /// Counts a value that was given at a confidence.
  public mutating func add(_ confidence: Double, isRight: Bool) {
    bins[Int((confidence * 10).rounded(.down), within: 0...9)].add(confidence, isRight: isRight)
  }

  func write(part json: inout JSONWriter) {
    json.beginArray()
    for bin in bins { bin.write(part: &json) }
    json.endArray()
  }

  /// Adds the bins of a part.
  mutating func add(part record: JSONValue) throws {
    guard record.count == bins.count else {
      throw record.failure("expected \(bins.count) bins, got \(record.count)")
    }
    for (place, bin) in record.elements.enumerated() { try bins[place].add(part: bin) }
  }

  /// How many values were counted.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// The expected calibration error; nil where no value was counted.
  public var calibrationError: Double? {
    guard count > 0 else { return nil }
    let sum = bins.reduce(0.0) { sum, bin in
      guard let confidence = bin.confidence, let rate = bin.rate else { return sum }
      return sum + abs(confidence - rate) * Double(bin.count)
    }
    return sum / Double(count)
  }

  /// Writes a row a bin: `{"from","to","values","confidence","right"}`, as NDJSON.
  public func writeRows(to output: ByteWriter) {
    var json = JSONWriter(output)
    for (place, bin) in bins.enumerated() {
      json.beginObject()
      json.key("from")
      json.value((Double(place) / 10).rounded(decimals: 1))
      json.key("to")
      json.value((Double(place + 1) / 10).rounded(decimals: 1))
      json.key("values")
      json.value(bin.count)
      for (name, number) in [("confidence", bin.confidence), ("right", bin.rate)] {
        json.key(name)
        if let number { json.value(number.rounded(decimals: 4)) } else { json.null() }
      }
      json.endObject()
      json.endLine()
    }
  }
}
