import Days
import Statistics

/// How daily returns add up over many days.
public enum ReturnConvention: String, CaseIterable, Sendable {
  /// They are summed, as if the stake were the same every day; what qlib's tables show.
  case sum
  /// They are compounded, as an account grows.
  case product

  /// The return from the start to each day.
  public func cumulative(_ returns: [Double]) -> [Double] {
    var total = self == .sum ? 0.0 : 1.0
    return returns.map { value in
      switch self {
      case .sum:
        total += value
        return total
      case .product:
        total *= 1 + value
        return total - 1
      }
    }
  }

  /// How far each day is below the highest value so far, that of the start among them: 0, or less.
  ///
  /// Compounded, it is a share of the high. In qlib the start counts for nothing: the first day is the
  /// first high, and a loss on it no drawdown.
  public func underwater(_ returns: [Double], fromStart: Bool = true) -> [Double] {
    var high = fromStart ? 0 : -Double.infinity
    return cumulative(returns).map { value in
      high = max(high, value)
      return self == .sum ? value - high : (1 + value) / (1 + high) - 1
    }
  }

  /// What the rounding of each day may come to in `underwater`: a fall no deeper is none.
  public func rounding(_ returns: [Double]) -> Double {
    let most = cumulative(returns).reduce(0) { max($0, $1.magnitude) }
    return Double(returns.count) * .ulpOfOne * (self == .sum ? 1 + most : 1)
  }
}

extension CalendarMonth {
  /// The compounded return of the month: the product of 1 + return, less 1; NaN without a return.
  public func compounded(_ returns: [Double]) -> Double {
    let known = returns[days].known
    return ReturnConvention.product.cumulative(known).last ?? .nan
  }
}
