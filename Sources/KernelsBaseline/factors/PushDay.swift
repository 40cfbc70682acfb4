import FactorCatalogue
import VectorLanes

extension CompiledKernels {
  /// Takes in today's row of every instrument of a block: derives the work series, as float32 like
  /// qlib's leaves, and keeps the windows sorted.
  ///
  /// `day` is the place in the rings. Infinite inputs count as NaN.
  @inline(never)
  static func pushDay(_ block: UnsafeMutablePointer<Float>, _ day: Int) {
    for part in stride(from: 0, to: FactorBlock.width, by: lanes) { push(block + part, day) }
  }
}

@inline(__always)
private func finite(_ x: Floats) -> Floats { whereNaN(x - x, Floats(repeating: .nan), x) }

@inline(__always)
private func isNumber(_ x: Floats) -> Floats {
  whereNaN(x, Floats.zero, Floats(repeating: 1))
}

@inline(__always)
private func logarithmPlus1(_ x: Floats) -> Floats { logarithm(x + 1) }

@inline(__always)
private func push(_ block: Block, _ day: Int) {
  let (zero, one) = (Floats.zero, Floats(repeating: 1))
  let infinite = Floats(repeating: .infinity)
  let listed = block.row(.listed)
  for field in 0..<BarField.count {
    let value = finite(block.row(FactorBlock.todayRow + field))
    block.setRow(FactorBlock.todayRow + field, value)
    block.setRow(FactorBlock.historyRow(day) + field, value)
  }
  let (high, low) = (block.today(.high), block.today(.low))
  let (close, volume) = (block.today(.close), block.today(.volume))
  let closeBefore = block.history(day - 1, .close)
  let volumeBefore = block.history(day - 1, .volume)

  let parts = isNumber(high) + isNumber(low) + isNumber(close) + isNumber(volume)
  let valid = whereEqual(parts, Floats(repeating: 4), one, zero)
  let logVolume = logarithmPlus1(volume)
  let rise = close / closeBefore - 1
  let logTurn = logarithmPlus1(volume / volumeBefore)
  let weighted = absolute(rise) * volume
  let closeStep = close - closeBefore
  let volumeStep = volume - volumeBefore
  let hasStep = valid * whereLess(block.series(day - 1).row(.close), infinite, one, zero)

  // A sum with a NaN or an infinity in it is NaN when it is taken from itself.
  let sound = logVolume - logVolume
  let soundStep =
    (rise - rise) + (logTurn - logTurn) + (weighted - weighted) + (closeStep - closeStep)
    + (volumeStep - volumeStep)
  let broken =
    whereEqual(parts, zero, zero, one - valid) + valid * whereEqual(sound, zero, zero, one)
    + hasStep * whereEqual(soundStep, zero, zero, one)
  block.setRow(
    .regular,
    whereLess(zero, broken, zero, smaller(block.row(.regular) + 1, Floats(repeating: 64))))
  block.setRow(.age, smaller(block.row(.age) + listed, Floats(repeating: 64)))
  block.setRow(.reference, whereLess(zero, valid, close, block.row(.reference)))

  let validClose = whereLess(zero, valid, close, infinite)
  var start = FactorBlock.sortedRow
  for window in 0..<FactorWindow.count {
    let days = FactorWindow.days(window)
    replace(
      block, start, days, block.series(day - days).row(.close), with: validClose)
    start += days
  }

  let series = block.series(day)
  series.setRow(.close, validClose)
  series.setRow(.high, whereLess(zero, listed, high, -infinite))
  series.setRow(.low, whereLess(zero, listed, low, infinite))
  series.setRow(.volume, whereLess(zero, valid, volume, zero))
  series.setRow(
    .logVolume, whereLess(zero, valid, whereEqual(sound, zero, logVolume, zero), zero))
  let usable = whereEqual(soundStep, zero, hasStep, zero)
  series.setRow(.rise, whereLess(zero, usable, rise, zero))
  series.setRow(.logTurn, whereLess(zero, usable, logTurn, zero))
  series.setRow(.weighted, whereLess(zero, usable, weighted, zero))
  series.setRow(.closeStep, whereLess(zero, usable, closeStep, zero))
  series.setRow(.volumeStep, whereLess(zero, usable, volumeStep, zero))
  series.setRow(.hasStep, usable)
}

/// Takes one value out of an ascending window and puts another one in: a pass without branches.
///
/// Without the value that leaves, t is s up to its place and s one further behind it; with the one
/// that comes, element i is the middle one of t[i - 1], the new value and t[i].
@inline(__always)
private func replace(
  _ block: Block, _ start: Int, _ count: Int, _ old: Floats, with new: Floats
) {
  var here = block.row(start)
  var before = Floats(repeating: -.infinity)
  for index in 0..<count {
    let next = index + 1 < count ? block.row(start + index + 1) : Floats(repeating: .infinity)
    let left = whereLess(here, old, here, next)
    block.setRow(start + index, larger(before, smaller(new, left)))
    (before, here) = (left, next)
  }
}
