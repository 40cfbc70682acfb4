import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A qlib data folder, daily: `calendars/day.txt`, `instruments/MARKET.txt`,
/// `features/CODE/FIELD.day.bin`.
///
/// A feature's file is little-endian 32-bit floats: the place in the calendar of the first value, then
/// one value a trading day. Bars are taken as they are, but where a field has no file: `vwap` is then
/// amount ÷ volume or (high + low + close) / 3, `change` is computed, and the others are NaN.
public final class QlibFolder: BarSource {
  /// All trading days.
  public let calendar: TradingCalendar
  /// The members of the market.
  public let membership: Membership
  private let path: String

  /// Opens a folder; `market` names a file of `instruments`.
  public init(_ path: String, market: String = "all") throws {
    self.path = path
    calendar = try TradingCalendar(reading: "\(path)/calendars/day.txt")
    membership = try Membership(reading: "\(path)/instruments/\(market).txt")
  }

  /// The bars of an instrument within a range of the calendar's places; nil where it has none there.
  public func series(_ code: InstrumentCode, in days: Range<Int>) throws -> BarSeries? {
    let columns = try Bar.names.map { try feature(code, $0, in: days) }
    let starts = columns.compactMap { $0?.first }
    let ends = columns.compactMap { $0.map { $0.first + $0.values.count } }
    guard let first = starts.min(), let end = ends.max(), first < end else { return nil }
    var bars = [Bar](repeating: .suspended, count: end - first)
    for (field, column) in columns.enumerated() {
      guard let column else { continue }
      for (place, value) in column.values.enumerated() {
        bars[column.first - first + place].values[field] = value
      }
    }
    if columns[5] == nil { try fillVWAP(&bars, code, first..<end) }
    if columns[7] == nil { try fillChange(&bars, code, first..<end) }
    return BarSeries(code: code, first: first, bars: bars)
  }

  /// Adjusted volume is shares ÷ factor, so that amount ÷ volume is an adjusted price.
  private func fillVWAP(_ bars: inout [Bar], _ code: InstrumentCode, _ days: Range<Int>) throws {
    let amount = try feature(code, "amount", in: days)
    for place in bars.indices {
      let bar = bars[place]
      var vwap = (Double(bar.high) + Double(bar.low) + Double(bar.close)) / 3
      if let amount {
        let offset = days.lowerBound + place - amount.first
        vwap =
          amount.values.indices.contains(offset)
          ? Double(amount.values[offset]) / Double(bar.volume) : .nan
      }
      bars[place].values[5] = Float(vwap)
    }
  }

  private func fillChange(_ bars: inout [Bar], _ code: InstrumentCode, _ days: Range<Int>) throws {
    let before = try feature(code, "close", in: 0..<days.lowerBound)?.values ?? []
    var last = before.last { !$0.isNaN }.map(Double.init) ?? .nan
    for place in bars.indices {
      let close = Double(bars[place].close)
      bars[place].values[7] = Float(close / last - 1)
      if !close.isNaN { last = close }
    }
  }

  /// The values of a feature that are within a range of days; nil where there is no file.
  private func feature(
    _ code: InstrumentCode, _ name: String, in days: Range<Int>
  ) throws -> (first: Int, values: [Float])? {
    let path = "\(path)/features/\(code.folder)/\(name).day.bin"
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 {
      if errno == ENOENT { return nil }
      throw Failure.system(.inputMissing, path)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Failure.system(.inputOutput, path) }
    let size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG, size >= 4, size % 4 == 0 else {
      throw Failure.badData(path, "size must be one or more 32-bit floats: \(size) bytes")
    }
    let start = try floats(file, path, 0, 1)[0]
    let count = size / 4 - 1
    guard start >= 0, start < 0x1p24, start == start.rounded(),
      Int(start) + count <= calendar.days.count
    else {
      let last = calendar.days.count
      throw Failure.badData(
        path, "\(count) days from place \(start) are not within the calendar of \(last) days")
    }
    let held = days.clamped(to: Int(start)..<Int(start) + count)
    let values = try floats(file, path, 1 + held.lowerBound - Int(start), held.count)
    return (held.lowerBound, values)
  }

  private func floats(_ file: Int32, _ path: String, _ first: Int, _ count: Int) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: count) { values, filled in
      // The array may have more room than was asked for.
      let bytes = UnsafeMutableRawBufferPointer(start: values.baseAddress, count: 4 * count)
      guard try readAll(into: bytes, from: file, at: 4 * first, name: path) == 4 * count else {
        throw Failure.badData(path, "was cut short while it was read")
      }
      filled = count
    }
  }
}

extension InstrumentCode {
  /// The folder of qlib's features: in small letters, and not a name that Windows keeps for itself.
  var folder: String {
    let name = description
    return (Self.reserved.contains(name) ? "_qlib_" : "") + name.lowercased()
  }

  private static let reserved: Set<String> = Set(
    ["CON", "PRN", "AUX", "NUL"] + (0...9).flatMap { ["COM\($0)", "LPT\($0)"] })
}
