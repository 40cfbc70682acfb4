#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many values are in each of some equal steps.
struct Histogram {
  /// The steps from the lowest value to the highest, by their middles.
  let bins: [(middle: Double, count: Int)]
  /// The width of a step: 1, 2 or 5 times a power of ten, so that there are 20 steps or some more.
  let width: Double

  /// Counts values, none of which is NaN.
  init(_ values: [Double]) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    // Values that are all the same are one step.
    let span = max(most - least, 1e-3) / 20
    let power = pow(10, log10(span).rounded(.down))
    let width = ([5, 2].first { $0 * power <= span } ?? 1) * power
    self.width = width
    guard !values.isEmpty else {
      bins = []
      return
    }
    let first = (least / width).rounded(.down)
    var counts = [Int](
      repeating: 0, count: Int((most / width).rounded(.down) - first, within: 0...99) + 1)
    for value in values {
      counts[Int((value / width).rounded(.down) - first, within: 0...counts.count - 1)] += 1
    }
    bins = counts.enumerated().map { ((first + Double($0) + 0.5) * width, $1) }
  }
}
