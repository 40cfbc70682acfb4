import FactorCatalogue
import VectorLanes

/// MA, STD, BETA, RSQR, RESI of the close, CORR with log volume, VMA, VSTD; and the counts of valid
/// days for the passes that follow.
///
/// One walk from today backwards, summing in double; at 5, 10, 20, 30 and 60 days the sums are read.
/// Closes are taken relative to the last valid one, which is exact within a factor of two and saves
/// the sums of squares from cancellation. Positions count backwards from today, which changes the
/// sign of the slope and nothing else.
@inline(never)
func closeWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    walk(block + part, day, output + part)
  }
}

@inline(__always)
private func walk(_ block: Block, _ day: Int, _ output: Block) {
  let (zero, one) = (Floats.zero, Floats(repeating: 1))
  let infinite = Floats(repeating: .infinity)
  let reference = block.row(.reference)
  let today = widen(block.today(.close))
  let perClose = 1 / today
  let perVolume = 1 / widen(block.today(.volume) + 1e-12)
  var (count, sumK, sumKK, k) = (zero, zero, zero, zero)
  var (sum, squares, slopes, wideK) = (
    Doubles.zero, Doubles.zero, Doubles.zero, Doubles.zero
  )
  var (volumes, volumeSquares) = (Doubles.zero, Doubles.zero)
  var (logs, logSquares, products) = (Doubles.zero, Doubles.zero, Doubles.zero)
  var back = 0
  for window in 0..<FactorWindow.count {
    while back < FactorWindow.days(window) {
      let series = block.series(day - back)
      let close = series.row(.close)
      count += whereLess(close, infinite, one, zero)
      sumK += whereLess(close, infinite, k, zero)
      sumKK += whereLess(close, infinite, k * k, zero)
      let value = widen(whereLess(close, infinite, close - reference, zero))
      sum += value
      squares = multiplyAdd(value, value, squares)
      slopes = multiplyAdd(value, wideK, slopes)
      let volume = widen(series.row(.volume))
      volumes += volume
      volumeSquares = multiplyAdd(volume, volume, volumeSquares)
      let log = widen(series.row(.logVolume))
      logs += log
      logSquares = multiplyAdd(log, log, logSquares)
      products = multiplyAdd(value, log, products)
      k += one
      wideK += 1
      back += 1
    }
    output.setRow(FactorFamily.countRow + window, count)
    let n = widen(count)
    let perN = 1 / n
    let perPair = 1 / (n * (n - 1))
    let mean = sum * perN
    let spread = nonNegative(subtractProduct(n * squares, sum, sum))
    let variance = spread * perPair
    let backwards = widen(sumK)
    let positions = subtractProduct(n * widen(sumKK), backwards, backwards)
    let shared = subtractProduct(n * slopes, backwards, sum)
    let slope = shared / positions
    output.set(.ma, window, narrow((widen(reference) + mean) * perClose))
    output.set(.std, window, narrow(root(variance) * perClose))
    output.set(.beta, window, narrow(-slope * perClose))
    output.set(.rsqr, window, narrow(unless(variance, slope * shared / spread)))
    let mostRecent = today - widen(reference)
    output.set(
      .resi, window, narrow((mostRecent - mean + slope * backwards * perN) * perClose))

    let logSpread = nonNegative(subtractProduct(n * logSquares, logs, logs))
    let correlation =
      subtractProduct(n * products, sum, logs) / root(spread * logSpread)
    output.set(
      .corr, window, narrow(unless(variance, unless(logSpread * perPair, correlation))))

    let volumeSpread = nonNegative(subtractProduct(n * volumeSquares, volumes, volumes))
    output.set(.vma, window, narrow(volumes * perN * perVolume))
    output.set(.vstd, window, narrow(root(volumeSpread * perPair) * perVolume))
  }
}

/// Rounding may take a sum of squares that is zero below zero.
@inline(__always)
func nonNegative(_ x: Doubles) -> Doubles {
  whereAtMostWide(x, Doubles.zero, Doubles.zero, x)
}

/// The value, or NaN where the variance is that of a constant.
@inline(__always)
func unless(_ variance: Doubles, _ value: Doubles) -> Doubles {
  whereAtMostWide(variance, Doubles(repeating: 2e-5 * 2e-5), Doubles(repeating: .nan), value)
}
