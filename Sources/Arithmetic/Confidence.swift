#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How probable it is that the value of a drawing's best reading is right, whatever was drawn.
///
/// A logistic regression on ten measures of the reading. It was fitted to the answers to 938 drawings:
/// CROHME's linear and two-dimensional arithmetic (647, most of whose writers the network has learnt
/// from), and 291 of writers kept apart with letters and other symbols in them, whose values are all
/// wrong. Fitted to four fifths of these and applied to the last, its expected calibration error is 0.03.
enum Confidence {
  /// What is less probable than this is as improbable as this.
  private static let least = 1e-4

  private static let bias = 1.510
  /// Weights in the order of `measures`.
  private static let weights = [
    0.281, 0.398, 0.783, 0.369, 0.623, 0.922, 9.521, 1.375, 0.287, 2.493,
  ]

  /// The probability for the first of some readings, which were weighed against each other.
  static func ofFirst(_ readings: [Reading]) -> Double {
    guard let measures = measures(readings) else { return 0 }
    let sum = zip(weights, measures).reduce(bias) { $0 + $1.0 * $1.1 }
    return 1 / (1 + exp(-sum))
  }

  /// Measures of the best reading; nil where nothing was read.
  private static func measures(_ readings: [Reading]) -> [Double]? {
    guard let best = readings.first, let terms = best.terms, !best.symbols.isEmpty else {
      return nil
    }
    let characters = best.symbols.map { log(max($0.probability, least)) }
    let pictures = best.symbols.map { log(max($0.seen, least)) }
    let count = Double(best.symbols.count)
    let strokes = best.symbols.reduce(0) { $0 + $1.candidate.strokes.count }
    let share = min(max(agreement(readings), least), 1 - least)
    return [
      // The odds of its value among the readings that were weighed.
      log(share / (1 - share)),
      // Its least likely character, and all of them, by picture and place; and by picture alone.
      characters.min() ?? 0, characters.reduce(0, +) / count,
      pictures.min() ?? 0, pictures.reduce(0, +) / count,
      terms[.evidence] / Double(max(strokes, 1)),
      // Per character: gaps that are too wide, and the habits of writing.
      -terms[.gap] / count, terms[.usage] / count,
      // Bars, roots and exponents are seldom seen where there are none.
      -terms[.structure], -terms[.rise] / count,
    ]
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

extension Reading.Symbol {
  /// What the network gave its picture; a raised dot is a dot to see.
  fileprivate var seen: Double {
    let shape = text == "·" ? "." : text
    return candidate.top.first { $0.text == shape }?.probability ?? 0
  }
}
