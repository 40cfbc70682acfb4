import Streams

extension Weights {
  /// The weights of the house by their names, in the order of `calc-score --fit`, which prints them.
  static let learned: KeyValuePairs<String, Double> = [
    "evidence": 1, "usage": 0.7, "grammar": -6, "truth": 0, "character": -1, "rise": -0.5,
    "structure": 0.5, "gap": -2, "line": 1,
    "picture": 0.8, "place": 0.5, "raised-dot": -2.4, "rare": -1.3, "swallowed-dot": -2.4,
    "foreign": 0,
    "sure": 1.510, "agreement": 0.281, "least-character": 0.398, "characters": 0.783,
    "least-picture": 0.369, "pictures": 0.623, "evidence-a-stroke": 0.922, "gaps": 9.521,
    "habits": 1.375, "structures": 0.287, "rises": 2.493,
  ]

  /// The weights by which readings are chosen, in the order of reports: of terms, then of clues.
  public static let ofReadings = (terms: Term.allCases.map(\.name), clues: Clue.allCases.map(\.name))
  /// The weights by which it is said how sure a reading is, in the order of reports: the bias, then of measures.
  public static let ofConfidence = (
    bias: Confidence.bias, measures: Confidence.Measure.allCases.map(\.name)
  )
  private static let names =
    ofReadings.terms + ofReadings.clues + [ofConfidence.bias] + ofConfidence.measures

  /// A weight by its name; nil where there is none of that name.
  public subscript(_ name: String) -> Double? {
    if let term = Term.allCases.first(where: { $0.name == name }) { return terms[term] }
    if let clue = Clue.allCases.first(where: { $0.name == name }) { return clues[clue] }
    if name == Confidence.bias { return confidence.bias }
    return Confidence.Measure.allCases.first { $0.name == name }.map { confidence.weights[$0] }
  }

  /// Sets a weight by its name; false where there is none of that name.
  public mutating func set(_ name: String, to value: Double) -> Bool {
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

  /// Sets the weight that a record tells: `{"weight":"usage","value":0.7}`.
  ///
  /// Throws `badData` where there is no such weight, or its value is no number up to 1,000.
  public mutating func set(_ record: JSONValue) throws {
    let nameValue = try record.require("weight")
    let value = try record.require("value")
    guard let number = value.double, (-Self.largest...Self.largest).contains(number) else {
      throw value.failure("value must be a number from -1000 to 1000")
    }
    guard let name = nameValue.string, set(name, to: number) else {
      throw nameValue.failure("weight must be one of \(Self.names.joined(separator: ", "))")
    }
  }

  /// No weight that was learnt comes near it; scores stay finite below it.
  private static let largest = 1000.0
}

extension Weights.Term {
  /// Its name in tables of weights.
  var name: String { "\(self)" }
}

extension Weights.Clue {
  /// Its name in tables of weights.
  var name: String {
    switch self {
    case .picture, .place, .rare, .foreign: "\(self)"
    case .raisedDot: "raised-dot"
    case .swallowedDot: "swallowed-dot"
    }
  }
}
