import Tensor

/// Why results have more than all of the machine's peak: what a line below a table says.
struct AbovePeak {
  private(set) var reasons: [String] = []

  /// Takes in a result's share of the peak, and its method.
  mutating func add(_ share: Double?, _ method: String) {
    guard let share, share > 1 else { return }
    let reason = Self.reason(method)
    if !reasons.contains(reason) { reasons.append(reason) }
  }

  private static func reason(_ method: String) -> String {
    if method == ConvolutionMethod.winograd.rawValue {
      return "Above 100 %: Winograd's method does with fewer multiplications than are counted."
    }
    return Implementation(method)?.isNarrow == true
      ? "Above 100 %: \(method) has more products a second than floats, whose peak that is."
      : "Above 100 %: the machine was busier when its peak was measured."
  }
}
