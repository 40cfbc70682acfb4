extension Collection<Double> {
  /// The arithmetic mean; NaN of none.
  public var mean: Double { reduce(0, +) / Double(count) }

  /// The sum of the squares of the distances from the mean.
  public var squaresAboutMean: Double {
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The standard deviation with n - 1; NaN of fewer than two.
  public var deviation: Double {
    count > 1 ? (squaresAboutMean / Double(count - 1)).squareRoot() : .nan
  }

  /// The standard deviation with n; NaN of none.
  public var populationDeviation: Double { (squaresAboutMean / Double(count)).squareRoot() }

  /// Those that are not NaN.
  public var known: [Double] { filter { !$0.isNaN } }
}
