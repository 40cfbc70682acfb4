#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What size and place on the line say about a character: a picture of 28×28 pixels has lost both.
///
/// Sizes are measured against the line's own scale, on which a digit is about 1 high. Each class has a
/// normal distribution of three features: log height, log width and the middle's distance below the
/// line's middle. With a scale of 1 the figures below are those of the characters in the expressions of
/// the training writers (`pipelines/fit-geometry` prints this table).
struct GlyphGeometry: Equatable {
  /// Means and standard deviations of one class.
  struct Class {
    var height, width, middle: (mean: Double, deviation: Double)
  }

  static let classes: [String: Class] = [
    "0": Class(height: (-0.19, 0.20), width: (-0.27, 0.23), middle: (0.05, 0.11)),
    "1": Class(height: (0.09, 0.13), width: (-0.60, 0.62), middle: (-0.02, 0.09)),
    "2": Class(height: (0.02, 0.14), width: (-0.20, 0.23), middle: (0.00, 0.09)),
    "3": Class(height: (0.09, 0.12), width: (-0.27, 0.20), middle: (0.00, 0.09)),
    "4": Class(height: (0.16, 0.11), width: (-0.40, 0.27), middle: (-0.02, 0.10)),
    "5": Class(height: (0.04, 0.12), width: (-0.15, 0.23), middle: (0.00, 0.09)),
    "6": Class(height: (0.16, 0.11), width: (-0.39, 0.21), middle: (-0.04, 0.07)),
    "7": Class(height: (0.14, 0.11), width: (-0.16, 0.22), middle: (-0.01, 0.07)),
    "8": Class(height: (0.12, 0.09), width: (-0.34, 0.17), middle: (-0.01, 0.09)),
    "9": Class(height: (0.15, 0.10), width: (-0.35, 0.21), middle: (0.01, 0.09)),
    "+": Class(height: (-0.32, 0.24), width: (-0.29, 0.28), middle: (0.09, 0.10)),
    "-": Class(height: (-1.77, 0.25), width: (-0.36, 0.25), middle: (0.12, 0.15)),
    "×": Class(height: (-0.22, 0.16), width: (-0.27, 0.24), middle: (0.16, 0.10)),
    "÷": Class(height: (0.01, 0.21), width: (0.03, 0.23), middle: (0.15, 0.11)),
    "(": Class(height: (0.53, 0.15), width: (-0.70, 0.30), middle: (0.01, 0.11)),
    ")": Class(height: (0.57, 0.16), width: (-0.69, 0.27), middle: (-0.04, 0.12)),
    "=": Class(height: (-0.73, 0.25), width: (-0.21, 0.29), middle: (0.17, 0.14)),
    ".": Class(height: (-1.63, 0.44), width: (-1.66, 0.36), middle: (0.40, 0.13)),
    "/": Class(height: (0.52, 0.15), width: (-0.49, 0.42), middle: (-0.01, 0.11)),
    "none": Class(height: (-0.30, 0.80), width: (-0.10, 0.80), middle: (0.05, 0.35)),
  ]

  /// The height of a digit, in units of the ink.
  let scale: Double
  /// Where the middle of the line is at x = 0, and how it falls with x.
  let middle, slope: Double

  /// How likely a class has this box, up to a factor common to all classes.
  func likelihood(_ text: String, _ box: LatticeSymbol.Box) -> Double {
    guard let model = Self.classes[text] else { return 0 }
    // A pen's width keeps the logarithm of a flat stroke finite.
    let height = log(box.height / scale + 0.1)
    let width = log(box.width / scale + 0.1)
    let below = (box.middle - middle - slope * (box.x0 + box.x1) / 2) / scale
    let density =
      Self.density(height, model.height) * Self.density(width, model.width)
      * Self.density(below, model.middle)
    // A little of the broad one: writers are less regular than a normal distribution.
    guard let broad = Self.classes["none"] else { return density }
    let anywhere =
      Self.density(height, broad.height) * Self.density(width, broad.width)
      * Self.density(below, broad.middle)
    return 0.95 * density + 0.05 * anywhere
  }

  private static func density(_ x: Double, _ d: (mean: Double, deviation: Double)) -> Double {
    let z = (x - d.mean) / max(d.deviation, 0.08)
    return exp(-0.5 * z * z) / max(d.deviation, 0.08)
  }
}

extension GlyphGeometry {
  /// A box with a class and the weight of that opinion.
  typealias Vote = (box: LatticeSymbol.Box, text: String, weight: Double)

  /// The line that fits the votes best: weighted medians, which stray votes do not move.
  init(_ votes: [Vote]) {
    let sizes = votes.compactMap { vote -> (Double, Double)? in
      guard let model = Self.classes[vote.text], vote.text != ".", vote.text != "-" else {
        return nil
      }
      let flat = model.height.mean < model.width.mean
      let side = flat ? vote.box.width : vote.box.height
      let mean = exp(flat ? model.width.mean : model.height.mean) - 0.1
      return side > 0 ? (log(side / mean), vote.weight) : nil
    }
    if sizes.isEmpty {
      // Dots and dashes alone: a dash is as wide as a digit.
      let widest = votes.map { max($0.box.width, $0.box.height) }.max() ?? 0
      scale = widest > 0 ? widest / 0.6 : 1
    } else {
      scale = exp(Self.median(sizes))
    }
    let scale = scale
    let middles = votes.compactMap { vote -> (x: Double, y: Double, weight: Double)? in
      guard let model = Self.classes[vote.text] else { return nil }
      let x = (vote.box.x0 + vote.box.x1) / 2
      return (x, vote.box.middle - model.middle.mean * scale, vote.weight)
    }
    slope = Self.slope(middles, scale: scale)
    let slope = slope
    middle = Self.median(middles.map { ($0.y - slope * $0.x, $0.weight) })
  }

  /// The median of all slopes between two votes that stand well apart (Theil and Sen), held small.
  private static func slope(
    _ points: [(x: Double, y: Double, weight: Double)], scale: Double
  ) -> Double {
    // Pairs are many: of a long line every so-maniest vote says as much.
    let step = points.count / 128 + 1
    let points = stride(from: 0, to: points.count, by: step).map { points[$0] }
    var slopes: [(Double, Double)] = []
    for (index, one) in points.enumerated() {
      for other in points[(index + 1)...] where abs(other.x - one.x) > 2 * scale {
        slopes.append(((other.y - one.y) / (other.x - one.x), one.weight * other.weight))
      }
    }
    // A few votes far apart could tell any slope.
    return points.count < 4 || slopes.isEmpty ? 0 : max(-0.3, min(0.3, median(slopes)))
  }

  /// The value at which half of the weight is reached; 0 of nothing.
  private static func median(_ values: [(value: Double, weight: Double)]) -> Double {
    let sorted = values.sorted { $0.value < $1.value }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for (value, weight) in sorted {
      sum += weight
      if sum >= half { return value }
    }
    return sorted.last?.value ?? 0
  }
}
