import VectorLanes

/// CORD and WVMA: of the rise of the close against the day before, the turn of the volume, and the
/// rise weighted with the volume.
///
/// The rise is close / previous close - 1, which correlates as the quotient does.
@inline(never)
public func riseWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: blockWidth, by: lanes) {
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
  for window in 0..<5 {
    while back < windowDays(window) {
      let series = block.series(day - back)
      count += series.row(hasStepSeries)
      let value = widen(series.row(riseSeries))
      sum += value
      squares = multiplyAdd(value, value, squares)
      let turn = widen(series.row(logTurnSeries))
      turns += turn
      turnSquares = multiplyAdd(turn, turn, turnSquares)
      products = multiplyAdd(value, turn, products)
      let weight = widen(series.row(weightedSeries))
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
    output.setRow(
      93 + window,
      narrow(unless(spread * perPair, unless(turnSpread * perPair, correlation))))
    let weightSpread = nonNegative(subtractProduct(n * weightSquares, weights, weights))
    output.setRow(
      138 + window, narrow(root(weightSpread * perPair) / (weights * perN + 1e-12)))
  }
}

/// CNTP, CNTN, CNTD, SUMP, SUMN, SUMD, VSUMP, VSUMN, VSUMD: of the steps from day to day.
@inline(never)
public func stepWindows(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: blockWidth, by: lanes) {
    steps(block + part, day, output + part)
  }
}

@inline(__always)
private func steps(_ block: Block, _ day: Int, _ output: Block) {
  let (zero, one) = (Floats.zero, Floats(repeating: 1))
  let age = block.row(ageRow)
  var (count, ups, downs) = (zero, zero, zero)
  var (rises, moves) = (Doubles.zero, Doubles.zero)
  var (volumeRises, volumeMoves) = (Doubles.zero, Doubles.zero)
  var back = 0
  for window in 0..<5 {
    while back < windowDays(window) {
      let series = block.series(day - back)
      count += series.row(hasStepSeries)
      let step = series.row(closeStepSeries)
      ups += whereLess(zero, step, one, zero)
      downs += whereLess(step, zero, one, zero)
      rises += widen(larger(step, zero))
      moves += widen(absolute(step))
      let volumeStep = series.row(volumeStepSeries)
      volumeRises += widen(larger(volumeStep, zero))
      volumeMoves += widen(absolute(volumeStep))
      back += 1
    }
    // A suspended day is neither up nor down and counts all the same, so this is never NaN.
    let rows = smaller(age, Floats(repeating: Float(windowDays(window))))
    output.setRow(98 + window, ups / rows)
    output.setRow(103 + window, downs / rows)
    output.setRow(108 + window, (ups - downs) / rows)
    shares(113 + window, rises, moves, count, output)
    shares(143 + window, volumeRises, volumeMoves, count, output)
  }
}

/// Rises, falls and their difference as shares of all moves; NaN where there was no step at all.
@inline(__always)
private func shares(
  _ row: Int, _ rises: Doubles, _ moves: Doubles, _ count: Floats, _ output: Block
) {
  let perMove = 1 / (moves + 1e-12)
  let none = whereLess(Floats.zero, count, Floats.zero, Floats(repeating: .nan))
  output.setRow(row, narrow(rises * perMove) + none)
  output.setRow(row + 5, narrow((moves - rises) * perMove) + none)
  output.setRow(row + 10, narrow((rises + rises - moves) * perMove) + none)
}
