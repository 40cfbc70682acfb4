import Days

/// The columns of a source of bars that hold numbers.
enum BarColumn: String, CaseIterable {
  case open, high, low, close, volume, factor, vwap, amount, change
  case limitUp = "limit_up"
  case limitDown = "limit_down"
  case tradable

  var name: String { rawValue }

  /// What every source must have.
  static let required: [BarColumn] = [.open, .high, .low, .close, .volume]

  /// What a `TradingLimits` is made of.
  static let ofLimits: [BarColumn] = [.limitUp, .limitDown, .tradable]

  /// Every column that is known.
  static let allNames = ["instrument", "date"] + allCases.map(\.name) + ["delisted"]
}

/// One row of a source as it stands there: NaN where there is no number.
struct RawBar {
  var prices = SIMD4<Double>(repeating: .nan)
  var volume = Double.nan
  var factor = Double.nan
  var vwap = Double.nan
  var amount = Double.nan
  var change = Double.nan
  /// The highest and the lowest price that may be, and whether it is traded.
  var limits = SIMD4<Double>(repeating: .nan)

  /// Whether it has a price or a volume; a row that has neither says no more than none.
  @inline(__always)
  var hasNumbers: Bool { !volume.isNaN || any(prices .== prices) }

  // A switch, as an array would be one more object to count references of, a million times.
  subscript(_ column: BarColumn) -> Double {
    @inline(__always) get {
      switch column {
      case .open: prices[0]
      case .high: prices[1]
      case .low: prices[2]
      case .close: prices[3]
      case .volume: volume
      case .factor: factor
      case .vwap: vwap
      case .amount: amount
      case .change: change
      case .limitUp: limits[0]
      case .limitDown: limits[1]
      case .tradable: limits[2]
      }
    }
    @inline(__always) set {
      switch column {
      case .open: prices[0] = newValue
      case .high: prices[1] = newValue
      case .low: prices[2] = newValue
      case .close: prices[3] = newValue
      case .volume: volume = newValue
      case .factor: factor = newValue
      case .vwap: vwap = newValue
      case .amount: amount = newValue
      case .change: change = newValue
      case .limitUp: limits[0] = newValue
      case .limitDown: limits[1] = newValue
      case .tradable: limits[2] = newValue
      }
    }
  }
}

/// How a row becomes a bar: what is refused, what is adjusted, and what is computed.
struct BarRules: Sendable {
  /// Whether prices are raw and become qlib's adjusted ones: price × factor, volume ÷ factor.
  var adjusts = false

  /// The bar of a row; `lastClose` is the last valid one of the instrument, NaN before there is one.
  ///
  /// A row without volume is a suspended day, but for an index, which is traded nowhere: its close
  /// counts without one, and where it has no factor its prices are as they are. Computation is in
  /// doubles and rounded once, at the end.
  @inline(__always)
  func bar(_ row: RawBar, lastClose: inout Double, isIndex: Bool = false) throws -> Bar {
    let (prices, volume) = (row.prices, row.volume)
    // NaN, which is an empty field, breaks no rule.
    if any(prices .< 0) || volume < 0 || row.factor <= 0 || row.vwap < 0 || row.amount < 0 {
      throw refusal(row)
    }
    guard volume > 0 || isIndex && prices[3] > 0 else { return .suspended }
    if any(prices .== 0) { throw refusal(row) }
    if prices[1] < prices[2] { throw BarError.highBelowLow(prices[1], prices[2]) }

    let factor = adjusts && !(isIndex && row.factor.isNaN) ? row.factor : 1
    guard !factor.isNaN else { throw BarError.noFactor }
    let adjusted = prices * factor
    var vwap = row.vwap * factor
    if vwap.isNaN, volume > 0 { vwap = row.amount / volume * factor }
    if vwap.isNaN { vwap = (adjusted[1] + adjusted[2] + adjusted[3]) / 3 }
    var change = row.change
    if change.isNaN { change = adjusted[3] / lastClose - 1 }
    let values = SIMD8<Double>(
      lowHalf: adjusted, highHalf: SIMD4(volume / factor, vwap, row.factor, change))
    let bar = Bar(SIMD8<Float>(values))
    if any(bar.values .== .infinity) {
      let place = (0..<8).first { bar.values[$0] == .infinity } ?? 0
      throw BarError.value(Bar.names[place], rule: "within 32-bit floats", values[place])
    }
    if !adjusted[3].isNaN { lastClose = adjusted[3] }
    return bar
  }

  /// What is wrong with a row that has a number out of its range.
  private func refusal(_ row: RawBar) -> BarError {
    for column in [BarColumn.volume, .vwap, .amount] where row[column] < 0 {
      return .value(column.name, rule: "0 or more", row[column])
    }
    let column = [BarColumn.open, .high, .low, .close].first { row[$0] <= 0 } ?? .factor
    return .value(column.name, rule: "above 0", row[column])
  }
}
