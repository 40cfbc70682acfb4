import FactorCatalogue
import VectorLanes

/// CORD and WVMA: of the rise of the close against the day before, the turn of the volume, and the
/// rise weighted with the volume.
///
/// The rise is close / previous close - 1, which correlates as the quotient does.
@inline(never)
func riseWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    rises(block + part, day, output + part)
  }
}

@inline(__always)
private func rises(_ block: Block, _ day: Int, _ output: Block) {
  var count = Floats.zero
  var (sum, squares) = (Doubles.zero, Doubles.zero)
  var (turns, turnSquares, products) = (Doubles.zero, Doubles.zero, Doubles.zero)
  var (weights, weightSquares) = (Doubles.zero, Doubles.zero)
  var back = 0
  for window in 0..<FactorWindow.count {
    while back < FactorWindow.days(window) {
      let series = block.series(day - back)
      count += series.row(.hasStep)
      let value = widen(series.row(.rise))
      sum += value
      squares = multiplyAdd(value, value, squares)
      let turn = widen(series.row(.logTurn))
      turns += turn
      turnSquares = multiplyAdd(turn, turn, turnSquares)
      products = multiplyAdd(value, turn, products)
      let weight = widen(series.row(.weighted))
      weights += weight
      weightSquares = multiplyAdd(weight, weight, weightSquares)
      back += 1
    }
    let n = widen(count)
    let perN = 1 / n
    let perPair = 1 / (n * (n - 1))
    let spread = nonNegative(subtractProduct(n * squares, sum, sum))
    let turnSpread = nonNegative(subtractProduct(n * turnSquares, turns, turns))
    let correlation = subtractProduct(n * products, sum, turns) / root(spread * turnSpread)
    output.set(
      .cord, window,
      narrow(unless(spread * perPair, unless(turnSpread * perPair, correlation))))
    let weightSpread = nonNegative(subtractProduct(n * weightSquares, weights, weights))
    output.set(
      .wvma, window, narrow(root(weightSpread * perPair) / (weights * perN + 1e-12)))
  }
}

/// CNTP, CNTN, CNTD, SUMP, SUMN, SUMD, VSUMP, VSUMN, VSUMD: of the steps from day to day.
@inline(never)
func stepWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    steps(block + part, day, output + part)
  }
}

@inline(__always)
private func steps(_ block: Block, _ day: Int, _ output: Block) {
  let (zero, one) = (Floats.zero, Floats(repeating: 1))
  let age = block.row(.age)
  var (count, ups, downs) = (zero, zero, zero)
  var (rises, moves) = (Doubles.zero, Doubles.zero)
  var (volumeRises, volumeMoves) = (Doubles.zero, Doubles.zero)
  var back = 0
  for window in 0..<FactorWindow.count {
    while back < FactorWindow.days(window) {
      let series = block.series(day - back)
      count += series.row(.hasStep)
      let step = series.row(.closeStep)
      ups += whereLess(zero, step, one, zero)
      downs += whereLess(step, zero, one, zero)
      rises += widen(larger(step, zero))
      moves += widen(absolute(step))
      let volumeStep = series.row(.volumeStep)
      volumeRises += widen(larger(volumeStep, zero))
      volumeMoves += widen(absolute(volumeStep))
      back += 1
    }
    // A suspended day is neither up nor down and counts all the same, so this is never NaN.
    let rows = smaller(age, Floats(repeating: Float(FactorWindow.days(window))))
    output.set(.cntp, window, ups / rows)
    output.set(.cntn, window, downs / rows)
    output.set(.cntd, window, (ups - downs) / rows)
    // Of all moves, the share of rises, of falls, and their difference; NaN without any step.
    let none = whereLess(zero, count, zero, Floats(repeating: .nan))
    let perMove = 1 / (moves + 1e-12)
    output.set(.sump, window, narrow(rises * perMove) + none)
    output.set(.sumn, window, narrow((moves - rises) * perMove) + none)
    output.set(.sumd, window, narrow((rises + rises - moves) * perMove) + none)
    let perVolume = 1 / (volumeMoves + 1e-12)
    output.set(.vsump, window, narrow(volumeRises * perVolume) + none)
    output.set(.vsumn, window, narrow((volumeMoves - volumeRises) * perVolume) + none)
    output.set(
      .vsumd, window, narrow((volumeRises + volumeRises - volumeMoves) * perVolume) + none)
  }
}
