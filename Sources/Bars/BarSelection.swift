import Days

/// Which bars are wanted, and what is made of rows that a source lacks.
public struct BarSelection: Sendable {
  /// The days that are wanted.
  public var span: DaySpan
  /// Only later days are wanted, and that there are none is no fault; nil asks for some.
  ///
  /// The source must have this day, which was taken before.
  public var after: Day?
  /// The market whose members are wanted, with their bars of all days; nil is the source's own.
  public var members: Membership?
  /// An index, wanted too, but no member.
  public var benchmark: InstrumentCode?
  /// On how many trading days an instrument has a row of NaN where the source has none: then it counts
  /// as delisted.
  ///
  /// After 60, no window of the factors sees a price of it.
  public var delistedAfter = 60
  /// The share of the members with a close on the last trading day that have a row where a day is
  /// taken; a single one may always be missing.
  public var leastShare = 0.8
  /// Whether days are taken whose volumes are in another unit than before.
  public var trustsVolumes = false
  /// Is told, a line at a time, what the user should know of the source.
  public var note: @Sendable (String) -> Void = { _ in }

  /// A selection.
  public init(
    _ span: DaySpan = .all, members: Membership? = nil, benchmark: InstrumentCode? = nil
  ) {
    (self.span, self.members, self.benchmark) = (span, members, benchmark)
  }

  /// The first day that is wanted.
  var first: Day? {
    [span.first, after.map { Day(number: $0.number + 1) }].compactMap(\.self).max()
  }

  /// Whether the rows of a day are wanted.
  func includes(_ day: Day) -> Bool {
    span.contains(day) && after.map { $0 < day } ?? true
  }

  /// What is wrong where no bar is selected.
  static func nothing(_ days: ClosedRange<Day>, instruments count: Int) -> DayError {
    .rule(
      "no bar is selected: trading days are \(days.lowerBound) to \(days.upperBound), "
        + "instruments \(count)")
  }

  /// Throws where a source ends before the day after which days are wanted: that is an old copy, and
  /// not one without news.
  static func check(_ after: Day, notBeyond last: Day?) throws {
    guard let last else {
      throw DayError.rule("days after \(after) are wanted, but the source has no trading day")
    }
    guard after <= last else {
      throw DayError.rule("days after \(after) are wanted, but the source ends on \(last)")
    }
  }
}
