import VectorLanes

/// KMID to VWAP0 of today's bar, and ROC.
@inline(never)
public func todayFactors(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: blockWidth, by: lanes) {
    today(block + part, day, output + part)
  }
}

@inline(__always)
private func today(_ block: Block, _ day: Int, _ output: Block) {
  let (open, high) = (block.row(todayRow), block.row(todayRow + 1))
  let (low, close) = (block.row(todayRow + 2), block.row(todayRow + 3))
  // In float32 the 1e-12 matters only where high = low, and then all numerators are 0.
  let range = high - low + 1e-12
  let upper = high - greater(open, close)
  let lower = lesser(open, close) - low
  let shift = 2 * close - high - low
  output.setRow(0, (close - open) / open)
  output.setRow(1, (high - low) / open)
  output.setRow(2, (close - open) / range)
  output.setRow(3, upper / open)
  output.setRow(4, upper / range)
  output.setRow(5, lower / open)
  output.setRow(6, lower / range)
  output.setRow(7, shift / open)
  output.setRow(8, shift / range)
  output.setRow(9, open / close)
  output.setRow(10, high / close)
  output.setRow(11, low / close)
  output.setRow(12, block.row(todayRow + 5) / close)
  for window in 0..<5 {
    let then = (day - windowDays(window)) & 63
    output.setRow(13 + window, block.row(historyRow + barFields * then + 3) / close)
  }
}

/// QTLU and QTLD, read from the sorted windows.
///
/// Needs the counts that `closeWindows` wrote.
@inline(never)
public func quantiles(
  _ block: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: blockWidth, by: lanes) {
    let (block, output) = (block + part, output + part)
    let close = block.row(todayRow + 3)
    let perClose = 1 / widen(close)
    var start = sortedRow
    for window in 0..<5 {
      let days = windowDays(window)
      for (row, share) in [(53, 0.8), (58, 0.2)] {
        let place = share * Double(days - 1)
        let index = Int(place)
        let (low, high) = (
          widen(block.row(start + index)), widen(block.row(start + index + 1))
        )
        let value = multiplyAdd(
          high - low, Doubles(repeating: place - Double(index)), low)
        output.setRow(row + window, narrow(value * perClose))
      }
      if anyLess(output.row(countRow + window), Floats(repeating: Float(days))) {
        for lane in 0..<lanes where output[blockWidth * (countRow + window) + lane] < Float(days) {
          fewer(block + lane, start, output + lane, window)
        }
      }
      start += days
    }
  }
}

/// The quantiles of one lane whose window is not full.
@inline(never)
private func fewer(_ block: Block, _ start: Int, _ output: Block, _ window: Int) {
  let count = Int(output[blockWidth * (countRow + window)])
  let close = Double(block[blockWidth * (todayRow + 3)])
  for upper in [true, false] {
    var value = Double.nan
    if count > 0 {
      let place = (upper ? 0.8 : 0.2) * Double(count - 1)
      let index = Int(place)
      let low = Double(block[blockWidth * (start + index)])
      let high = index + 1 < count ? Double(block[blockWidth * (start + index + 1)]) : low
      value = low + (high - low) * (place - Double(index))
    }
    output[blockWidth * ((upper ? 53 : 58) + window)] = Float(value / close)
  }
}

/// Alpha360: the last 60 closes, opens, highs, lows and vwaps over today's close, and volumes over
/// today's volume, each from the oldest to today.
@inline(never)
public func lags(
  _ block: UnsafeMutablePointer<Float>, _ day: Int, _ output: UnsafeMutablePointer<Float>
) {
  for part in stride(from: 0, to: blockWidth, by: lanes) {
    let (block, output) = (block + part, output + part)
    let close = block.row(todayRow + 3)
    let volume = block.row(todayRow + 4) + 1e-12
    for back in 0..<60 {
      let history = historyRow + barFields * ((day - back) & 63)
      let row = 59 - back
      output.setRow(row, block.row(history + 3) / close)
      output.setRow(60 + row, block.row(history) / close)
      output.setRow(120 + row, block.row(history + 1) / close)
      output.setRow(180 + row, block.row(history + 2) / close)
      output.setRow(240 + row, block.row(history + 5) / close)
      output.setRow(300 + row, block.row(history + 4) / volume)
    }
  }
}
