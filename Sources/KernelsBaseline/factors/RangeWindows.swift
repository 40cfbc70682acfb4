import FactorCatalogue
import VectorLanes

/// MAX, MIN, RSV, IMAX, IMIN, IMXD of high and low, and RANK of the close.
///
/// Needs the counts that `closeWindows` wrote.
@inline(never)
func rangeWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    ranges(block + part, day, output + part)
  }
}

@inline(__always)
private func ranges(_ block: Block, _ day: Int, _ output: Block) {
  let (zero, one) = (Floats.zero, Floats(repeating: 1))
  let none = Floats(repeating: .nan)
  let close = block.today(.close)
  let age = block.row(.age)
  var highest = Floats(repeating: -.infinity)
  var lowest = Floats(repeating: .infinity)
  var (highestAt, lowestAt, k) = (zero, zero, zero)
  var missingAt = Floats(repeating: -1)
  var (below, equal) = (zero, zero)
  var back = 0
  for window in 0..<FactorWindow.count {
    while back < FactorWindow.days(window) {
      let series = block.series(day - back)
      let (high, low) = (series.row(.high), series.row(.low))
      // Of equal ones the oldest counts, which comes last; so does the oldest NaN.
      highestAt = whereAtMost(highest, high, k, highestAt)
      lowestAt = whereAtMost(low, lowest, k, lowestAt)
      missingAt = whereNaN(high, k, missingAt)
      highest = larger(high, highest)
      lowest = smaller(low, lowest)
      let other = series.row(.close)
      below += whereLess(other, close, one, zero)
      equal += whereEqual(other, close, one, zero)
      k += one
      back += 1
    }
    let days = Floats(repeating: Float(FactorWindow.days(window)))
    let count = output.count(window)
    output.set(.max, window, highest / close)
    output.set(.min, window, lowest / close)
    output.set(.rank, window, whereNaN(close, none, (below + (equal + 1) * 0.5) / count))
    let (wideHighest, wideLowest) = (widen(highest), widen(lowest))
    output.set(
      .rsv, window,
      narrow((widen(close) - wideLowest) / (wideHighest - wideLowest + 1e-12)))
    // Position 1 is the oldest row there is. NumPy takes a NaN for the extreme of both kinds.
    let rows = smaller(age, days)
    let missing = whereLess(missingAt, zero, zero, one)
    let highPlace = rows - whereLess(zero, missing, missingAt, highestAt)
    let lowPlace = rows - whereLess(zero, missing, missingAt, lowestAt)
    let defined = whereLess(zero, count, zero, none)
    output.set(.imax, window, highPlace / days + defined)
    output.set(.imin, window, lowPlace / days + defined)
    output.set(.imxd, window, (highPlace - lowPlace) / days + defined)
  }
}
