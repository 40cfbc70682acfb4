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
    private var sum = 0.0

    mutating func add(_ confidence: Double, isRight: Bool) {
      count += 1
      sum += confidence
      if isRight { right += 1 }
    }

    /// Their mean confidence; nil of none.
    public var confidence: Double? { count == 0 ? nil : sum / Double(count) }
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
