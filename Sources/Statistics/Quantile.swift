/// Where a quantile lies among sorted values: between two of them in a straight line, as NumPy's `linear`
/// has it.
public struct QuantilePlace: Sendable {
  /// The place of the value at or below it.
  public let low: Int
  /// The place of the value at or above it.
  public let high: Int
  @usableFromInline let fraction: Double

  /// The place of a share, from 0 to 1, among so many values; there must be one at least.
  public init(_ share: Double, of count: Int) {
    let exact = share * Double(count - 1)
    low = Int(exact, within: 0...max(0, count - 1))
    high = min(low + 1, count - 1)
    fraction = exact - Double(low)
  }

  /// The quantile, from the values at `low` and `high`.
  public func value(_ low: Double, _ high: Double) -> Double { low + (high - low) * fraction }
}

extension RandomAccessCollection<Double> {
  /// The quantile of ascending values; NaN of none.
  public func sortedQuantile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let place = QuantilePlace(share, of: count)
    return place.value(
      self[index(startIndex, offsetBy: place.low)], self[index(startIndex, offsetBy: place.high)])
  }
}
