import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An axis of numbers: its ends, and what it is marked with.
public struct PlotAxis: Sendable {
  /// The number at its start.
  public let low: Double
  /// The number at its end.
  public let high: Double
  /// The numbers that are marked, ascending, and their texts.
  public let marks: [(value: Double, text: String)]
  /// Whether equal steps are equal factors.
  public let isLogarithmic: Bool

  /// An axis of marks that are given.
  public init(_ low: Double, _ high: Double, marks: [(value: Double, text: String)]) {
    (self.low, self.high, self.marks, isLogarithmic) = (low, high, marks, false)
  }

  /// An axis that holds all numbers between two, with marks at round steps, as many as there is room for.
  public init(from least: Double, to most: Double, marks count: Int = 5) {
    let isWide = most - least > 1e-9 * max(1, most.magnitude)
    let (least, most) = isWide ? (least, most) : (least - 1, most + 1)
    let rough = (most - least) / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5].first { $0 * power >= rough * (1 - 1e-9) } ?? 10) * power
    let first = (least / step + 1e-9).rounded(.down)
    let last = (most / step - 1e-9).rounded(.up)
    let digits = max(0, -Int(log10(step * 1.000001).rounded(.down), within: -300...300))
    (low, high, isLogarithmic) = (first * step, last * step, false)
    marks = (0...Int(last - first, within: 0...99)).map {
      let value = (first + Double($0)) * step
      return (value, HTML.number(fixed(value, min(digits, 9))))
    }
  }

  /// An axis of factors, all above 0: marks are 1, 2 and 5 of each power of ten, or finer where these are few.
  public init(factorsFrom least: Double, to most: Double) {
    let (least, most) = most > least * 1.01 ? (least, most) : (least / 1.1, most * 1.1)
    let powers =
      Int(
        log10(least).rounded(.down), within: -300...300)...Int(
        log10(most).rounded(.up), within: -300...300)
    var found: [Double] = []
    for steps in [
      [1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7],
      [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
      (100..<1000).filter { $0 % 5 == 0 }.map { Double($0) / 100 },
    ] {
      found = powers.flatMap { power in steps.map { $0 * pow(10, Double(power)) } }
        .filter { $0 >= least && $0 <= most }
      if found.count >= 4 { break }
    }
    let every = max(1, (found.count + 7) / 8)
    (low, high, isLogarithmic) = (least, most, true)
    marks = found.enumerated().filter { $0.offset % every == 0 }
      .map { ($0.element, "×\(plain($0.element))") }
  }

  /// Where a number is, from 0 at the start to 1 at the end.
  func share(_ value: Double) -> Double {
    isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
  }
}

/// A factor without digits that say nothing.
private func plain(_ value: Double) -> String {
  var text = fixed(value, value < 0.1 ? 4 : 2)
  while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
  return text
}
