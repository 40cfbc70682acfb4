import Bars
import FactorCatalogue

/// The factors of the last day, plainly: the twin that the kernels are held to.
///
/// It also stands in where a bar is there in part only (a close without a volume), which the kernels
/// do not foresee. Leaves and elementwise arithmetic are float32, rolling operators work in double
/// and the result is rounded once, as in qlib.
struct FactorReference {
  private let bars: [Bar]
  private let rows: Int
  private let days = FactorWindow.days
  private let (open, high, low): ([Float], [Float], [Float])
  private let (close, volume, vwap): ([Float], [Float], [Float])
  // What the leaves of qlib's expressions give.
  private let (rise, steps, volumeSteps): ([Float], [Float], [Float])
  private let (logVolume, logTurn, weighted): ([Float], [Float], [Float])
  private let (ups, downs): ([Bool], [Bool])

  /// The last 61 days, from the oldest on, and how many rows there were since the listing.
  init(_ bars: [Bar], rows: Int) {
    precondition(!bars.isEmpty)
    self.bars = bars
    self.rows = rows
    (open, high, low) = (bars.map(\.open), bars.map(\.high), bars.map(\.low))
    (close, volume, vwap) = (bars.map(\.close), bars.map(\.volume), bars.map(\.vwap))
    let (previousClose, previousVolume) = (before(close), before(volume))
    rise = zip(close, previousClose).map { $0 / $1 }
    steps = zip(close, previousClose).map { $0 - $1 }
    volumeSteps = zip(volume, previousVolume).map { $0 - $1 }
    logVolume = volume.map { logarithm($0 + 1) }
    logTurn = zip(volume, previousVolume).map { logarithm($0 / $1 + 1) }
    weighted = zip(rise, volume).map { abs($0 - 1) * $1 }
    ups = zip(close, previousClose).map { $0 > $1 }
    downs = zip(close, previousClose).map { $0 < $1 }
  }

  /// The factors of a family, in their order.
  func factors(of family: FactorFamily) -> [Float] {
    let bar = bars[bars.count - 1]
    // In float32 the 1e-12 matters only where high = low, and then all numerators are 0.
    let range = bar.high - bar.low + 1e-12
    let upper = bar.high - maximum(bar.open, bar.close)
    let lower = minimum(bar.open, bar.close) - bar.low
    let shift = 2 * bar.close - bar.high - bar.low
    let today = Double(bar.close)
    let turnover = Double(bar.volume + 1e-12)
    return switch family {
    case .kmid: [(bar.close - bar.open) / bar.open]
    case .klen: [(bar.high - bar.low) / bar.open]
    case .kmid2: [(bar.close - bar.open) / range]
    case .kup: [upper / bar.open]
    case .kup2: [upper / range]
    case .klow: [lower / bar.open]
    case .klow2: [lower / range]
    case .ksft: [shift / bar.open]
    case .ksft2: [shift / range]
    case .open0: [bar.open / bar.close]
    case .high0: [bar.high / bar.close]
    case .low0: [bar.low / bar.close]
    case .vwap0: [bar.vwap / bar.close]
    case .roc: days.map { reference(close, $0) / bar.close }
    case .ma: each { mean(close, $0) / today }
    case .std: each { deviation(close, $0) / today }
    case .beta: each { line(close, $0).slope / today }
    case .rsqr: each { line(close, $0).square }
    case .resi: each { line(close, $0).residual / today }
    case .max: each { (valid(high, $0).max() ?? .nan) / today }
    case .min: each { (valid(low, $0).min() ?? .nan) / today }
    case .qtlu: each { quantile(close, $0, 0.8) / today }
    case .qtld: each { quantile(close, $0, 0.2) / today }
    case .rank: each { rank(close, $0) }
    case .rsv:
      each {
        let (top, bottom) = (valid(high, $0).max() ?? .nan, valid(low, $0).min() ?? .nan)
        return (today - bottom) / (top - bottom + 1e-12)
      }
    case .imax: each { position(high, $0, >) }
    case .imin: each { position(low, $0, <) }
    case .imxd: each { position(high, $0, >) - position(low, $0, <) }
    case .corr: each { correlation(close, logVolume, $0) }
    case .cord: each { correlation(rise, logTurn, $0) }
    case .cntp: each { share(ups, $0) }
    case .cntn: each { share(downs, $0) }
    case .cntd: each { share(ups, $0) - share(downs, $0) }
    case .sump: each { gains(steps, $0) }
    case .sumn: each { losses(steps, $0) }
    case .sumd: each { gains(steps, $0) - losses(steps, $0) }
    case .vma: each { mean(volume, $0) / turnover }
    case .vstd: each { deviation(volume, $0) / turnover }
    case .wvma: each { deviation(weighted, $0) / (mean(weighted, $0) + 1e-12) }
    case .vsump: each { gains(volumeSteps, $0) }
    case .vsumn: each { losses(volumeSteps, $0) }
    case .vsumd: each { gains(volumeSteps, $0) - losses(volumeSteps, $0) }
    case .closeLags: lags(close, bar.close)
    case .openLags: lags(open, bar.close)
    case .highLags: lags(high, bar.close)
    case .lowLags: lags(low, bar.close)
    case .vwapLags: lags(vwap, bar.close)
    case .volumeLags: lags(volume, bar.volume + 1e-12)
    }
  }

  private func each(_ factor: (Int) -> Double) -> [Float] { days.map { Float(factor($0)) } }

  private func lags(_ series: [Float], _ today: Float) -> [Float] {
    (0..<FactorFamily.lags).reversed().map { reference(series, $0) / today }
  }

  private func share(_ series: [Bool], _ window: Int) -> Double {
    Double(series.suffix(window).count { $0 }) / Double(min(rows, window))
  }

  private func gains(_ series: [Float], _ window: Int) -> Double {
    sum(series.map { maximum($0, 0) }, window) / (sum(series.map { abs($0) }, window) + 1e-12)
  }

  private func losses(_ series: [Float], _ window: Int) -> Double {
    gains(series.map { -$0 }, window)
  }

  private func position(
    _ series: [Float], _ window: Int, _ better: (Float, Float) -> Bool
  ) -> Double {
    extreme(Array(series.suffix(min(rows, window))), better) / Double(window)
  }
}

// MARK: qlib's operators over the last days of a series

private func maximum(_ a: Float, _ b: Float) -> Float { a.isNaN || b.isNaN ? .nan : max(a, b) }
private func minimum(_ a: Float, _ b: Float) -> Float { a.isNaN || b.isNaN ? .nan : min(a, b) }

/// NumPy's logarithm of a float32, whose last bit is its own: a quotient of polynomials.
private func logarithm(_ x: Float) -> Float {
  guard x > 0, x < .infinity else { return .nan }
  var (exponent, m) = (Float(x.exponent) + 1, x.significand / 2)
  if m <= 0x1.6a09e6p-1 { (exponent, m) = (exponent - 1, 2 * m) }
  func polynomial(_ coefficients: [Float]) -> Float {
    coefficients.dropFirst().reduce(coefficients[0]) { $1.addingProduct($0, m - 1) }
  }
  let upper = polynomial([
    2.589979117907922693523e-02, 3.808837741388407920751e-01, 1.480000633576506585156,
    2.112677543073053063722, 9.999999999999998702752e-01, 0,
  ])
  let lower = polynomial([
    5.875095403124574342950e-03, 1.546476374983906719538e-01, 9.864942958519418960339e-01,
    2.453006071784736363091, 2.612677543073109236779, 1,
  ])
  return (upper / lower).addingProduct(exponent, 0x1.62e43p-1)
}

/// `Ref(x, d)` of today; NaN before the first day.
private func reference(_ series: [Float], _ days: Int) -> Float {
  series.count > days ? series[series.count - 1 - days] : .nan
}

/// `Ref(x, 1)`.
private func before(_ series: [Float]) -> [Float] { [.nan] + series.dropLast() }

/// The numbers of a window; infinities count as NaN.
private func valid(_ series: [Float], _ window: Int) -> [Double] {
  series.suffix(window).filter(\.isFinite).map(Double.init)
}

private func mean(_ series: [Float], _ window: Int) -> Double {
  let values = valid(series, window)
  return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
}

private func sum(_ series: [Float], _ window: Int) -> Double {
  let values = valid(series, window)
  return values.isEmpty ? .nan : values.reduce(0, +)
}

private func deviation(_ series: [Float], _ window: Int) -> Double {
  let values = valid(series, window)
  guard values.count > 1 else { return .nan }
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
    .squareRoot()
}

private func quantile(_ series: [Float], _ window: Int, _ share: Double) -> Double {
  let values = valid(series, window).sorted()
  guard !values.isEmpty else { return .nan }
  let place = share * Double(values.count - 1)
  let index = Int(place, within: 0...values.count - 1)
  let next = values[min(index + 1, values.count - 1)]
  return values[index] + (next - values[index]) * (place - Double(index))
}

private func rank(_ series: [Float], _ window: Int) -> Double {
  let values = valid(series, window)
  let today = Double(series[series.count - 1])
  guard today.isFinite else { return .nan }
  let below = values.count { $0 < today }
  let equal = values.count { $0 == today }
  return (Double(below) + Double(equal + 1) / 2) / Double(values.count)
}

/// NumPy's `argmax` plus one: the first of equals; a NaN is the extreme, unless all are.
private func extreme(_ window: [Float], _ better: (Float, Float) -> Bool) -> Double {
  guard window.contains(where: \.isFinite) else { return .nan }
  if let missing = window.firstIndex(where: { !$0.isFinite }) { return Double(missing + 1) }
  var best = 0
  for index in window.indices where better(window[index], window[best]) { best = index }
  return Double(best + 1)
}

/// Least squares on positions 1...window, of which the last is today's.
private func line(
  _ series: [Float], _ window: Int
) -> (slope: Double, square: Double, residual: Double) {
  let values = series.suffix(window)
  let first = window - values.count
  let points = values.enumerated().filter { $0.element.isFinite }
    .map { (x: Double(first + $0.offset + 1), y: Double($0.element)) }
  let n = Double(points.count)
  let (meanX, meanY) = (
    points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n
  )
  let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
  let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
  let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
  let slope = xy / xx
  let today = Double(series[series.count - 1])
  let isConstant = deviation(series, window) <= 2e-5
  return (
    slope, isConstant ? .nan : xy * xy / (xx * yy),
    today - (slope * (Double(window) - meanX) + meanY)
  )
}

private func correlation(_ one: [Float], _ other: [Float], _ window: Int) -> Double {
  let pairs = zip(one.suffix(window), other.suffix(window))
    .filter { $0.isFinite && $1.isFinite }.map { (Double($0), Double($1)) }
  if deviation(one, window) <= 2e-5 || deviation(other, window) <= 2e-5 { return .nan }
  let n = Double(pairs.count)
  let (meanX, meanY) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
  let xy = pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  let xx = pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
  let yy = pairs.reduce(0) { $0 + ($1.1 - meanY) * ($1.1 - meanY) }
  return xy / (xx * yy).squareRoot()
}
