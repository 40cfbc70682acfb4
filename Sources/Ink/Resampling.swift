/// The weights that bring a row of pixels to another scale and place.
///
/// A source pixel at x goes to `scale · x + offset`. Shrinking averages over the area that a target
/// pixel covers; enlarging interpolates between the middles of the source pixels. At scale 1 both are
/// the same. Outside of the source is paper.
struct Resampling {
  /// The source pixels in use.
  let source: Range<Int>
  /// For each target pixel, the source pixels that it is made of.
  private(set) var spans: [Range<Int>] = []
  /// For each target pixel, where its weights start.
  private(set) var starts: [Int] = []
  /// The weights of all target pixels, one after the other.
  private(set) var weights: [Float] = []

  init(_ source: Range<Int>, scale: Double, offset: Double, size: Int) {
    self.source = source
    for target in 0..<size {
      // The target pixel's borders in the source.
      let low = (Double(target) - offset) / scale
      let high = (Double(target + 1) - offset) / scale
      starts.append(weights.count)
      if scale <= 1 {
        addArea(low, high)
      } else {
        addInterpolation((low + high) / 2)
      }
    }
  }

  private mutating func addArea(_ low: Double, _ high: Double) {
    let span = clamped(low.rounded(.down), high.rounded(.up))
    spans.append(span)
    for pixel in span {
      let shared = min(high, Double(pixel + 1)) - max(low, Double(pixel))
      weights.append(Float(max(0, shared) / (high - low)))
    }
  }

  private mutating func addInterpolation(_ middle: Double) {
    let below = (middle - 0.5).rounded(.down)
    let span = clamped(below, below + 2)
    spans.append(span)
    for pixel in span {
      weights.append(Float(max(0, 1 - abs(Double(pixel) + 0.5 - middle))))
    }
  }

  private func clamped(_ low: Double, _ high: Double) -> Range<Int> {
    let first = Int(low, within: source.lowerBound...source.upperBound)
    let last = Int(high, within: first...source.upperBound)
    return first..<last
  }
}
