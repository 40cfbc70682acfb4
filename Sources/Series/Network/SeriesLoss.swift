/// How far the answers for some samples are from their targets.
public enum SeriesLoss: String, CaseIterable, Sendable {
  /// The mean squared difference.
  case mse
  /// The correlation of answers and targets within each group, averaged over groups, negated.
  case ic

  /// The loss, and its gradient of each answer.
  ///
  /// Samples of a group follow each other; `groups` says how many there are in each. A group of one sample,
  /// or of equal answers or targets, has no correlation and does not count.
  func evaluate(
    _ answers: UnsafePointer<Float>, _ targets: [Float], groups: [Int],
    slopes: UnsafeMutablePointer<Float>
  ) -> Double {
    switch self {
    case .mse:
      var sum = 0.0
      for (place, target) in targets.enumerated() {
        let difference = answers[place] - target
        sum += Double(difference) * Double(difference)
        slopes[place] = Self.slope(difference, targets.count)
      }
      return sum / Double(targets.count)
    case .ic: return correlate(answers, targets, groups, slopes)
    }
  }

  /// The slope of the mean squared difference of `count` samples.
  static func slope(_ difference: Float, _ count: Int) -> Float { 2 * difference / Float(count) }

  private func correlate(
    _ answers: UnsafePointer<Float>, _ targets: [Float], _ groups: [Int],
    _ slopes: UnsafeMutablePointer<Float>
  ) -> Double {
    var (sum, counted) = (0.0, 0)
    var first = 0
    for count in groups {
      let range = first..<first + count
      first += count
      let meanX = range.reduce(0.0) { $0 + Double(answers[$1]) } / Double(count)
      let meanY = range.reduce(0.0) { $0 + Double(targets[$1]) } / Double(count)
      var (xx, yy, xy) = (0.0, 0.0, 0.0)
      for place in range {
        let (x, y) = (Double(answers[place]) - meanX, Double(targets[place]) - meanY)
        xx += x * x
        yy += y * y
        xy += x * y
      }
      // Rounding leaves a little variance among equal numbers, which is no difference.
      guard xx > 1e-12 * meanX * meanX * Double(count), yy > 1e-12 * meanY * meanY * Double(count)
      else {
        for place in range { slopes[place] = 0 }
        continue
      }
      let correlation = xy / (xx * yy).squareRoot()
      for place in range {
        let (x, y) = (Double(answers[place]) - meanX, Double(targets[place]) - meanY)
        slopes[place] = Float(correlation * x / xx - y / (xx * yy).squareRoot())
      }
      sum += correlation
      counted += 1
    }
    for place in 0..<first { slopes[place] /= Float(max(1, counted)) }
    return counted > 0 ? -sum / Double(counted) : .nan
  }
}
