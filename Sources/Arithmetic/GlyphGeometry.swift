import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What size and place on the line say about a character: a picture of 28×28 pixels has lost both.
///
/// Sizes are measured against the line's own scale, on which a digit is about 1 high, and places
/// against its middle. What to expect of each class is in `classes`.
public struct GlyphGeometry: Equatable, Sendable {
  /// The height of a digit, in units of the ink.
  public let scale: Double
  /// Where the middle of the line is at x = 0, and how it falls with x.
  public let middle, slope: Double

  /// A line that is known.
  public init(scale: Double, middle: Double, slope: Double) {
    (self.scale, self.middle, self.slope) = (scale, middle, slope)
  }

  /// What is measured of a box, in scales: log height, log width, and how far its middle is below the
  /// line's.
  public struct Features {
    /// The three figures.
    public let height, width, middle: Double
  }

  /// Measures a box.
  public func features(of box: LatticeSymbol.Box) -> Features {
    Features(
      // A pen's width keeps the logarithm of a flat stroke finite.
      height: log(box.height / scale + Self.pen), width: log(box.width / scale + Self.pen),
      middle: (box.middle - middle - slope * (box.x0 + box.x1) / 2) / scale)
  }

  /// The width of a pen, in scales.
  static let pen = 0.1

  /// How likely a class has this box, up to a factor common to all classes.
  ///
  /// - Parameters:
  ///   - sizeSpread: what the deviations of log height and width have more.
  ///   - placeSpread: the same of the middle.
  func likelihood(
    _ model: Class, _ box: LatticeSymbol.Box, sizeSpread: Double = 0, placeSpread: Double = 0
  ) -> Double {
    Likelihoods(features(of: box), sizeSpread: sizeSpread, placeSpread: placeSpread).of(model)
  }

  /// How likely classes have what was measured of one box.
  struct Likelihoods {
    private let features: Features
    private let sizeSpread, placeSpread: Double
    /// The density of what is no character.
    private var broad: Double?

    init(_ features: Features, sizeSpread: Double, placeSpread: Double) {
      (self.features, self.sizeSpread, self.placeSpread) = (features, sizeSpread, placeSpread)
      broad = GlyphGeometry.broad.map(density)
    }

    func of(_ model: Class) -> Double {
      // A little of the broad one: writers are less regular than a normal distribution.
      guard let broad else { return density(model) }
      return 0.95 * density(model) + 0.05 * broad
    }

    /// The product of the densities of the three features, one exponential for all of them.
    private func density(_ model: Class) -> Double {
      let height = GlyphGeometry.standard(features.height, model.height, sizeSpread)
      let width = GlyphGeometry.standard(features.width, model.width, sizeSpread)
      let middle = GlyphGeometry.standard(features.middle, model.middle, placeSpread)
      let squares = height.z * height.z + width.z * width.z + middle.z * middle.z
      return exp(-0.5 * squares) / (height.deviation * width.deviation * middle.deviation)
    }
  }

  /// The logarithm of a normal density, up to a constant, with the deviation widened.
  static func logDensity(_ x: Double, _ d: Class.Normal, _ spread: Double) -> Double {
    log(density(x, d, spread))
  }

  private static func density(_ x: Double, _ d: Class.Normal, _ spread: Double) -> Double {
    let (z, deviation) = standard(x, d, spread)
    return exp(-0.5 * z * z) / deviation
  }

  /// How many deviations a value is off the mean, and the deviation, widened by a spread.
  private static func standard(_ x: Double, _ d: Class.Normal, _ spread: Double) -> (
    z: Double, deviation: Double
  ) {
    let deviation = max((d.deviation * d.deviation + spread * spread).squareRoot(), 0.08)
    return ((x - d.mean) / deviation, deviation)
  }

  /// What is no character.
  static let broad = classes[Alphabet.none]
}

extension GlyphGeometry {
  /// A box with a class and the weight of that opinion.
  public typealias Vote = (box: LatticeSymbol.Box, text: String, weight: Double)

  private static let scaleless = Set(
    Alphabet.entries.filter { !$0.tellsScale }.map(\.text))

  /// The line that fits the votes best: weighted medians, which stray votes do not move.
  public init(_ votes: [Vote], classes: [String: Class] = Self.classes) {
    let sizes = votes.compactMap { vote -> (Double, Double)? in
      guard let model = classes[vote.text], !Self.scaleless.contains(vote.text) else {
        return nil
      }
      let flat = model.height.mean < model.width.mean
      let side = flat ? vote.box.width : vote.box.height
      let mean = exp(flat ? model.width.mean : model.height.mean) - Self.pen
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
      guard let model = classes[vote.text] else { return nil }
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
    // Pairs grow with the square of the votes: on a long line every n-th vote tells as much.
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
  public static func median(_ values: [(value: Double, weight: Double)]) -> Double {
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
