import FactorCatalogue
import VectorLanes

// Rows of a block and of what the passes write: as many floats at a time as a vector holds.

typealias Block = UnsafeMutablePointer<Float>

let lanes = Floats.scalarCount

extension UnsafeMutablePointer<Float> {
  /// The lanes of a row.
  @inline(__always)
  func row(_ row: Int) -> Floats {
    UnsafeRawPointer(self + FactorBlock.width * row).loadUnaligned(as: Floats.self)
  }

  @inline(__always)
  func setRow(_ row: Int, _ value: Floats) {
    UnsafeMutableRawPointer(self + FactorBlock.width * row).storeBytes(
      of: value, as: Floats.self)
  }

  /// What is kept of each instrument.
  @inline(__always)
  func row(_ row: BlockRow) -> Floats { self.row(row.rawValue) }

  @inline(__always)
  func setRow(_ row: BlockRow, _ value: Floats) { setRow(row.rawValue, value) }

  /// A field of today's bar.
  @inline(__always)
  func today(_ field: BarField) -> Floats { row(FactorBlock.todayRow + field.rawValue) }

  /// A field of the bar of a day of the ring.
  @inline(__always)
  func history(_ day: Int, _ field: BarField) -> Floats {
    row(FactorBlock.historyRow(day) + field.rawValue)
  }

  /// The row of the block where the work series of a day of the ring begin.
  @inline(__always)
  func series(_ day: Int) -> Self { self + FactorBlock.width * FactorBlock.seriesRow(day) }

  /// A work series, of those of a day.
  @inline(__always)
  func row(_ series: WorkSeries) -> Floats { row(series.rawValue) }

  @inline(__always)
  func setRow(_ series: WorkSeries, _ value: Floats) { setRow(series.rawValue, value) }

  /// Writes a factor of today.
  @inline(__always)
  func set(_ family: FactorFamily, _ value: Floats) { setRow(family.row, value) }

  /// Writes a factor of the window, or of the lag, of that number.
  @inline(__always)
  func set(_ family: FactorFamily, _ place: Int, _ value: Floats) {
    setRow(family.row + place, value)
  }

  /// How many days of a window are valid, as the pass over closes wrote.
  @inline(__always)
  func count(_ window: Int) -> Floats { row(FactorFamily.countRow + window) }
}
