import Streams

/// What a source tells of a day's trading besides its bar: NaN where it does not.
public struct TradingLimits: Sendable {
  /// The highest and lowest price of the day, in the unit of its bar, and 0 where it is not traded.
  var values: SIMD4<Float>

  /// The names of the fields, in order.
  static let names = ["limit_up", "limit_down", "tradable"]

  /// Where nothing is told.
  public static let none = TradingLimits(values: SIMD4(repeating: .nan))

  /// Whether nothing is told.
  var isNone: Bool { !any(values .== values) }
}

extension BarRules {
  /// The limits of a row; prices are adjusted as those of its bar are.
  ///
  /// Throws where they cannot be limits.
  func limits(_ row: RawBar) throws -> TradingLimits {
    let (up, down, tradable) = (row.limits[0], row.limits[1], row.limits[2])
    for column in [BarColumn.limitUp, .limitDown] where row[column] <= 0 {
      throw BarError.value(column.name, rule: "above 0", row[column])
    }
    if up < down {
      throw BarError.value(BarColumn.limitUp.name, rule: "limit_down or more, \(down)", up)
    }
    guard tradable.isNaN || tradable == 0 || tradable == 1 else {
      throw BarError.value(BarColumn.tradable.name, rule: "0 or 1", tradable)
    }
    let factor = adjusts && !row.factor.isNaN ? row.factor : 1
    return TradingLimits(
      values: SIMD4<Float>(SIMD4(up * factor, down * factor, tradable, .nan)))
  }
}
