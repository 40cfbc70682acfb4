/// What is here is made anew for each kind of collection, also in other rooms: a hundred thousand windows of
/// a rolling figure take each of them.
extension Collection<Double> {
  /// The arithmetic mean; NaN of none.
  @inlinable public var mean: Double { reduce(0, +) / Double(count) }

  /// The sum of the squares of the distances from the mean.
  @inlinable public var squaresAboutMean: Double {
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The standard deviation with n - 1; NaN of fewer than two.
  @inlinable public var deviation: Double {
    count > 1 ? (squaresAboutMean / Double(count - 1)).squareRoot() : .nan
  }

  /// The standard deviation with n; NaN of none.
  @inlinable public var populationDeviation: Double {
    (squaresAboutMean / Double(count)).squareRoot()
  }

  /// Whether they differ by more than their rounding, so that their deviation says something.
  ///
  /// They are shares of 1, as returns and correlations are: what was rounded on the way to them is as
  /// large as 1 + |value|. An excess return has come of six roundings, of two accounts, two closes, a
  /// cost and the difference, each half a unit in the last place and either way.
  @inlinable public var varies: Bool {
    guard let least = self.min(), let most = self.max() else { return false }
    return most - least > 6 * .ulpOfOne * (1 + Swift.max(least.magnitude, most.magnitude))
  }

  /// The mean over the standard deviation with n - 1; NaN where they do not vary.
  @inlinable public var meanOverDeviation: Double { varies ? mean / deviation : .nan }

  /// Those that are not NaN.
  @inlinable public var known: [Double] { filter { !$0.isNaN } }
}
