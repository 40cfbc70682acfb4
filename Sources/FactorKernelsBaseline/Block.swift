import VectorLanes

// Sixteen instruments side by side, and what is kept of each: rows of sixteen floats.
//
// The work series of one day lie together, 704 bytes; sixty days of them are 42 KB, which the first
// cache holds while the five windows of every family are summed from today backwards.

/// Instruments in a block.
public let blockWidth = 16
/// Days that the rings of a block hold: a power of two over 61.
public let ringDays = 64

/// Today's open, high, low, close, volume and vwap, as they came; NaN where there is none.
public let todayRow = 0
/// Rows since the first of an instrument, at most 64.
public let ageRow = 6
/// Rows since one that broke the rule that a bar is all there or not at all.
public let regularRow = 7
/// The last valid close.
public let referenceRow = 8
/// 1 for an instrument that has been seen, 0 for a free lane.
public let listedRow = 9
/// Valid closes of the last 5, 10, 20, 30, 60 days in ascending order, then infinities.
public let sortedRow = 10
/// The work series, a day after the other.
public let seriesRow = sortedRow + 125
/// Open, high, low, close, volume and vwap of each day, as they came.
public let historyRow = seriesRow + ringDays * seriesCount
/// Fields of a bar.
public let barFields = 6
/// Rows of a block.
public let blockRows = historyRow + ringDays * barFields

/// Rows of what `factors` writes: the 158 of Alpha158, then the counts of each window.
public let scratchRows = countRow + 5
let countRow = 158

// Work series, in the order of a day.
/// The close; infinity where there is none.
public let closeSeries = 0
/// The high; NaN where suspended, -infinity before the first row.
public let highSeries = 1
/// The low; NaN where suspended, infinity before the first row.
public let lowSeries = 2
// The rest is 0 where there is none.
let volumeSeries = 3
let logVolumeSeries = 4  // log(volume + 1)
let riseSeries = 5  // close / previous close - 1
let logTurnSeries = 6  // log(volume / previous volume + 1)
let weightedSeries = 7  // |rise| * volume
let closeStepSeries = 8  // close - previous close
let volumeStepSeries = 9  // volume - previous volume
let hasStepSeries = 10  // 1 where this day and the one before are valid
/// How many series there are.
public let seriesCount = 11

typealias Block = UnsafeMutablePointer<Float>

let lanes = Floats.scalarCount

/// The window of that number: 5, 10, 20, 30, 60.
@inline(__always)
func windowDays(_ window: Int) -> Int {
  switch window {
  case 0: 5
  case 1: 10
  case 2: 20
  case 3: 30
  default: 60
  }
}

extension UnsafeMutablePointer<Float> {
  /// The lanes of a row.
  @inline(__always)
  func row(_ row: Int) -> Floats {
    UnsafeRawPointer(self + blockWidth * row).loadUnaligned(as: Floats.self)
  }

  @inline(__always)
  func setRow(_ row: Int, _ value: Floats) {
    UnsafeMutableRawPointer(self + blockWidth * row).storeBytes(of: value, as: Floats.self)
  }

  /// The row of the block where the work series of a day of the ring begin.
  @inline(__always)
  func series(_ day: Int) -> Self { self + blockWidth * (seriesRow + seriesCount * (day & 63)) }
}
