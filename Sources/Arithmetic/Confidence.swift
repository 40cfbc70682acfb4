#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How probable it is that the value of a drawing's best reading is right, whatever was drawn.
///
/// A logistic regression on ten measures of the reading. Its weights are learnt with those of readings, from
/// sums and from drawings with letters and other symbols in them, whose values are all wrong (`Weights.learned`).
struct Confidence: Equatable, Sendable {
  /// What is measured of a reading.
  enum Measure: Int, CaseIterable {
    /// The odds of its value among the readings that were weighed.
    case agreement
    /// Its least likely character, and all of them, by their clues.
    case leastCharacter, characters
    /// Its least likely character, and all of them, by their pictures alone.
    case leastPicture, pictures
    /// The evidence for a stroke.
    case evidenceAStroke
    /// Per character: gaps that are too wide, and the habits of writing.
    case gaps, habits
    /// Bars, roots and exponents, which are seldom seen where there are none.
    case structures, rises
  }

  /// Measures as one vector, in the order of `Measure`.
  typealias Measures = SIMD16<Double>

  /// The name of `bias` in tables of weights.
  static let bias = "sure"
  /// How sure a reading is of which all measures are 0.
  var bias = 0.0
  /// The weights of the measures.
  var weights = Measures.zero

  /// The probability that the value of a reading that measures this is right; 0 where nothing was read.
  func probability(_ measures: Measures?) -> Double {
    measures.map { 1 / (1 + exp(-bias - (weights * $0).sum())) } ?? 0
  }

  /// What is less probable than this is as improbable as this.
  private static let least = 1e-4

  /// Measures of the first of some readings, which were weighed against each other; nil where nothing was read.
  static func measures(_ readings: [Reading]) -> Measures? {
    guard let best = readings.first, let terms = best.terms, !best.symbols.isEmpty else {
      return nil
    }
    let characters = best.symbols.map { log(max($0.probability, least)) }
    let pictures = best.symbols.map { log(max($0.seen, least)) }
    let count = Double(best.symbols.count)
    let strokes = best.symbols.reduce(0) { $0 + $1.candidate.strokes.count }
    let share = min(max(agreement(readings), least), 1 - least)
    var measures = Measures.zero
    measures[.agreement] = log(share / (1 - share))
    measures[.leastCharacter] = characters.min() ?? 0
    measures[.characters] = characters.reduce(0, +) / count
    measures[.leastPicture] = pictures.min() ?? 0
    measures[.pictures] = pictures.reduce(0, +) / count
    measures[.evidenceAStroke] = terms[.evidence] / Double(max(strokes, 1))
    measures[.gaps] = -terms[.gap] / count
    measures[.habits] = terms[.usage] / count
    measures[.structures] = -terms[.structure]
    measures[.rises] = -terms[.rise] / count
    return measures
  }

  /// The share of readings that come to the value of the first, of the three best.
  private static func agreement(_ readings: [Reading]) -> Double {
    func value(_ reading: Reading) -> String? {
      if case .success(let value?) = reading.answer(.point).result { "\(value)" } else { nil }
    }
    guard let first = readings.first else { return 0 }
    let expected = value(first)
    let same = readings.dropFirst().prefix(2).filter { expected != nil && value($0) == expected }
    return same.reduce(first.probability) { $0 + $1.probability }
  }
}

extension Confidence.Measures {
  subscript(_ measure: Confidence.Measure) -> Double {
    get { self[measure.rawValue] }
    set { self[measure.rawValue] = newValue }
  }
}

extension Confidence.Measure {
  /// Its name in tables of weights.
  var name: String {
    switch self {
    case .agreement, .characters, .pictures, .gaps, .habits, .structures, .rises: "\(self)"
    case .leastCharacter: "least-character"
    case .leastPicture: "least-picture"
    case .evidenceAStroke: "evidence-a-stroke"
    }
  }
}

extension Reading.Symbol {
  /// What the network gave its picture; a raised dot is a dot to see.
  fileprivate var seen: Double {
    let shape = text == "·" ? "." : text
    return candidate.top.first { $0.text == shape }?.probability ?? 0
  }
}
