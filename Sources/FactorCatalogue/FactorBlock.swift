/// What is kept of sixteen instruments side by side: rows of sixteen floats.
///
/// The work series of one day lie together, 704 bytes; sixty days of them are 42 KB, which the first
/// cache holds while the five windows of every family are summed from today backwards.
///
/// Everything here can be inlined, so that the kernels see numbers.
public enum FactorBlock {
  /// Instruments in a block.
  @inlinable public static var width: Int { 16 }
  /// Days that the rings of a block hold: a power of two over 61.
  @inlinable public static var ringDays: Int { 64 }

  /// Today's bar, as it came; NaN where there is none.
  @inlinable public static var todayRow: Int { 0 }
  /// Valid closes of the last 5, 10, 20, 30, 60 days in ascending order, then infinities.
  @inlinable public static var sortedRow: Int { 10 }
  /// The work series, a day after the other.
  @inlinable public static var seriesRow: Int { sortedRow + 125 }
  /// The bars of all days, as they came.
  @inlinable public static var historyRow: Int { seriesRow + ringDays * WorkSeries.count }
  /// Rows of a block.
  @inlinable public static var rows: Int { historyRow + ringDays * BarField.count }

  /// The place of a day in the rings.
  @inlinable public static func place(_ day: Int) -> Int { day & (ringDays - 1) }
  /// The row where the work series of a day begin.
  @inlinable
  public static func seriesRow(_ day: Int) -> Int { seriesRow + WorkSeries.count * place(day) }
  /// The row where the bar of a day begins.
  @inlinable
  public static func historyRow(_ day: Int) -> Int { historyRow + BarField.count * place(day) }
}

/// Single rows of a block.
public enum BlockRow: Int, Sendable {
  /// Rows since the first of an instrument, at most 64.
  case age = 6
  /// Rows since one that broke the rule that a bar is all there or not at all.
  case regular
  /// The last valid close.
  case reference
  /// 1 for an instrument that has been seen, 0 for a free lane.
  case listed
}

/// The fields of a bar that factors are made of, in the order of their rows.
public enum BarField: Int, CaseIterable, Sendable {
  case open, high, low, close, volume, vwap

  /// How many there are.
  @inlinable public static var count: Int { BarField.vwap.rawValue + 1 }
}

/// The series that passes walk over, in the order of a day's rows.
public enum WorkSeries: Int, Sendable {
  /// The close; infinity where there is none.
  case close
  /// The high; NaN where suspended, -infinity before the first row.
  case high
  /// The low; NaN where suspended, infinity before the first row.
  case low
  // The rest is 0 where there is none.
  case volume
  /// log(volume + 1).
  case logVolume
  /// close / previous close - 1.
  case rise
  /// log(volume / previous volume + 1).
  case logTurn
  /// |rise| · volume.
  case weighted
  /// close - previous close.
  case closeStep
  /// volume - previous volume.
  case volumeStep
  /// 1 where this day and the one before are valid.
  case hasStep

  /// How many there are.
  @inlinable public static var count: Int { WorkSeries.hasStep.rawValue + 1 }
}
