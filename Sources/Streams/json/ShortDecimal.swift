/// The shortest decimal that reads back as the same float, found by arithmetic in doubles.
///
/// A decimal of d digits is near enough where it is less than half a step from the float; with more digits it
/// comes nearer, so that the fewest are found by halving. Doubles have 29 bits more than floats, so that only
/// what lies near a border is left to the standard library, whose `description` has the same digits: it
/// takes three times as long.
struct ShortDecimal {
  /// The digits, as a number, and how many of them stand behind the point.
  let digits: UInt64
  let decimals: Int

  /// The decimal of a number above 0 with a fraction; nil where that is not told so easily.
  @inline(__always)
  init?(_ number: Float) {
    // Above a power of two the steps are twice as wide as below.
    guard number >= 1e-4, number < 0x1p23, number.significandBitPattern != 0 else { return nil }
    let exact = Double(number)
    let step = Double(number.ulp)
    var before = -3
    while exact >= Self.bounds[before + 3] { before += 1 }
    var (low, high) = (max(1, before + 1), 9)
    while low < high {
      let middle = (low + high) / 2
      let scale = Self.powers[middle - before]
      let scaled = exact * scale
      let distance = abs(scaled.rounded() - scaled)
      if distance < 0.49 * step * scale {
        high = middle
      } else if distance > 0.51 * step * scale {
        low = middle + 1
      } else {
        return nil
      }
    }
    let scale = Self.powers[low - before]
    let scaled = exact * scale
    let nearest = scaled.rounded()
    let distance = abs(scaled - nearest)
    guard abs(distance - 0.5) > 1e-6, distance < 0.49 * step * scale else { return nil }
    digits = UInt64(nearest, within: 0 ... .max)
    decimals = low - before
  }

  /// Powers of ten from 0 to 12, all exact.
  static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]
  /// The same as whole numbers.
  static let wholePowers: [UInt64] = powers.map { UInt64($0, within: 0 ... .max) }
  /// From which number on there are so many digits before the point, or fewer zeros behind it.
  private static let bounds: [Double] = [1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7]
}
