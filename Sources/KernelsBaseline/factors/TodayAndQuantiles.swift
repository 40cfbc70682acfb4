import FactorCatalogue
import VectorLanes

/// KMID to VWAP0 of today's bar, and ROC.
@inline(never)
func todayFactors(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    today(block + part, day, output + part)
  }
}

@inline(__always)
private func today(_ block: Block, _ day: Int, _ output: Block) {
  let (open, high) = (block.today(.open), block.today(.high))
  let (low, close) = (block.today(.low), block.today(.close))
  // In float32 the 1e-12 matters only where high = low, and then all numerators are 0.
  let range = high - low + 1e-12
  let upper = high - greater(open, close)
  let lower = lesser(open, close) - low
  let shift = 2 * close - high - low
  output.set(.kmid, (close - open) / open)
  output.set(.klen, (high - low) / open)
  output.set(.kmid2, (close - open) / range)
  output.set(.kup, upper / open)
  output.set(.kup2, upper / range)
  output.set(.klow, lower / open)
  output.set(.klow2, lower / range)
  output.set(.ksft, shift / open)
  output.set(.ksft2, shift / range)
  output.set(.open0, open / close)
  output.set(.high0, high / close)
  output.set(.low0, low / close)
  output.set(.vwap0, block.today(.vwap) / close)
  for window in 0..<FactorWindow.count {
    output.set(.roc, window, block.history(day - FactorWindow.days(window), .close) / close)
  }
}

/// QTLU and QTLD, read from the sorted windows.
///
/// Needs the counts that `closeWindows` wrote.
@inline(never)
func quantiles(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    let (block, output) = (block + part, output + part)
    let perClose = 1 / widen(block.today(.close))
    var sorted = block + FactorBlock.width * FactorBlock.sortedRow
    for window in 0..<FactorWindow.count {
      let days = FactorWindow.days(window)
      output.set(.qtlu, window, narrow(quantile(sorted, days, 0.8) * perClose))
      output.set(.qtld, window, narrow(quantile(sorted, days, 0.2) * perClose))
      let count = output.count(window)
      if anyLess(count, Floats(repeating: Float(days))) {
        for lane in 0..<lanes where count[lane] < Float(days) {
          let close = Double(block.today(.close)[lane])
          let (upper, lower) = (
            quantile(sorted + lane, fewer: Int(count[lane]), 0.8),
            quantile(sorted + lane, fewer: Int(count[lane]), 0.2)
          )
          output[FactorBlock.width * (FactorFamily.qtlu.row + window) + lane] = Float(upper / close)
          output[FactorBlock.width * (FactorFamily.qtld.row + window) + lane] = Float(lower / close)
        }
      }
      sorted += FactorBlock.width * days
    }
  }
}

/// A quantile of windows that are full.
@inline(__always)
private func quantile(_ sorted: Block, _ days: Int, _ share: Double) -> Doubles {
  let place = share * Double(days - 1)
  let index = Int(place)
  let (low, high) = (widen(sorted.row(index)), widen(sorted.row(index + 1)))
  return multiplyAdd(high - low, Doubles(repeating: place - Double(index)), low)
}

/// A quantile of one lane whose window is not full; NaN where it is empty.
@inline(never)
private func quantile(_ sorted: Block, fewer count: Int, _ share: Double) -> Double {
  guard count > 0 else { return .nan }
  let place = share * Double(count - 1)
  let index = Int(place)
  let low = Double(sorted[FactorBlock.width * index])
  let high = index + 1 < count ? Double(sorted[FactorBlock.width * (index + 1)]) : low
  return low + (high - low) * (place - Double(index))
}

/// Alpha360: the last 60 closes, opens, highs, lows and vwaps over today's close, and volumes over
/// today's volume, each from the oldest to today.
@inline(never)
func lags(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
    let (block, output) = (block + part, output + part)
    let close = block.today(.close)
    let volume = block.today(.volume) + 1e-12
    for place in 0..<FactorFamily.lags {
      let then = day - (FactorFamily.lags - 1 - place)
      output.set(.closeLags, place, block.history(then, .close) / close)
      output.set(.openLags, place, block.history(then, .open) / close)
      output.set(.highLags, place, block.history(then, .high) / close)
      output.set(.lowLags, place, block.history(then, .low) / close)
      output.set(.vwapLags, place, block.history(then, .vwap) / close)
      output.set(.volumeLags, place, block.history(then, .volume) / volume)
    }
  }
}
