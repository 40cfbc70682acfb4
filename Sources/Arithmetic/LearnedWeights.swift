import Streams

extension Weights {
  /// The weights of the house by their names, in the order of `calc-score --fit`, which prints them:
  /// models/decoder.md has the recipe.
  static let learned: KeyValuePairs<String, Double> = [
    "evidence": 1.452, "usage": 0.911, "grammar": -2.358, "truth": 0, "character": -0.767,
    "rise": -0.699, "structure": 0.442, "gap": -4.284, "line": 0.941,
    "picture": 0.712, "place": 0.391, "raised-dot": -1.89, "rare": -1.161, "swallowed-dot": -2.411,
    "foreign": 0.313,
    "sure": 1.801, "agreement": 0.178, "least-character": 0.411, "characters": 0.835,
    "least-picture": 0.319, "pictures": 0.649, "evidence-a-stroke": 0.971,
    "gaps": 13.51, "habits": 0.362, "structures": 0.021, "rises": 0.743,
  ]

  /// The weights by which readings are chosen, in the order of reports: of terms, then of clues.
  public static let ofReadings = (
    terms: Term.allCases.map(\.name), clues: Clue.allCases.map(\.name)
  )
  /// The weights by which it is said how sure a reading is, in the order of reports: the bias, then of
  /// measures.
  public static let ofConfidence = (
    bias: Confidence.bias, measures: Confidence.Measure.allCases.map(\.name)
  )
  private static let names =
    ofReadings.terms + ofReadings.clues + [ofConfidence.bias] + ofConfidence.measures

  /// Sets a weight by its name; false where there is none of that name.
  mutating func set(_ name: String, to value: Double) -> Bool {
    if let term = Term.allCases.first(where: { $0.name == name }) {
      terms[term] = value
    } else if let clue = Clue.allCases.first(where: { $0.name == name }) {
      clues[clue] = value
    } else if name == Confidence.bias {
      confidence.bias = value
    } else if let measure = Confidence.Measure.allCases.first(where: { $0.name == name }) {
      confidence.weights[measure] = value
    } else {
      return false
    }
    return true
  }

  /// Sets the weight that a record tells, `{"weight":"usage","value":0.7}`, and returns its name.
  ///
  /// Throws `badData` where there is no such weight, or its value is no number up to 1,000.
  public mutating func set(_ record: JSONValue) throws -> String {
    let nameValue = try record.require("weight")
    let value = try record.require("value")
    guard let number = value.double, (-Self.largest...Self.largest).contains(number) else {
      throw value.failure("value must be a number from -1000 to 1000")
    }
    guard let name = nameValue.string, set(name, to: number) else {
      throw nameValue.failure("weight must be one of \(Self.names.joined(separator: ", "))")
    }
    return name
  }

  /// No weight that was learnt comes near it; scores stay finite below it.
  private static let largest = 1000.0
}

extension Weights.Term {
  /// Its name in tables of weights.
  public var name: String { "\(self)" }
}

extension Weights.Clue {
  /// Its name in tables of weights.
  public var name: String {
    switch self {
    case .picture, .place, .rare, .foreign: "\(self)"
    case .raisedDot: "raised-dot"
    case .swallowedDot: "swallowed-dot"
    }
  }
}
