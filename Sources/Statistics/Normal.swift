#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The normal distribution of mean 0 and deviation 1.
public enum Normal {
  /// Its density.
  public static func density(_ x: Double) -> Double {
    exp(-x * x / 2) / (2 * Double.pi).squareRoot()
  }

  /// The share of it that is below a number.
  public static func share(below x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// The number that a share of it, from 0 to 1, is below.
  ///
  /// By halving, to the last place that tells: charts want some hundreds.
  public static func quantile(_ share: Double) -> Double {
    guard share > 0, share < 1 else { return share <= 0 ? -.infinity : .infinity }
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.share(below: middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
