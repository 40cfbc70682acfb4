import Statistics

/// What there is to know of one field of a stream of tables.
public struct FieldSummary: Sendable {
  /// The field's name.
  public var name = ""
  /// Finite values.
  public var count = 0
  /// Values that are NaN.
  public var missing = 0
  /// Values that are infinite.
  public var infinite = 0
  /// The mean of the finite values.
  public var mean = Double.nan
  /// Their standard deviation, with n - 1.
  public var deviation = Double.nan
  /// The least, the quantiles of `FieldSummaries.shares`, the greatest.
  public var quantiles: [Double] = []
  /// The mean over days of the correlation with the label, and of that of the ranks.
  public var information: (linear: DailyMean, ranks: DailyMean)?
}
