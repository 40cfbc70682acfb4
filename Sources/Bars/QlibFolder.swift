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
public final class QlibFolder {
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
  func series(_ code: InstrumentCode, in days: Range<Int>) throws -> BarSeries? {
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
    var series = BarSeries(code: code, first: first, bars: bars)
    for (field, column) in columns.enumerated() where field != 5 && field != 7 {
      guard let column, column.first + column.values.count < series.wholeEnd else { continue }
      series.wholeEnd = column.first + column.values.count
      series.shortField = Bar.names[field]
    }
    return series
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
      case let first = Int(start, within: 0...1 << 24), first + count <= calendar.days.count
    else {
      let last = calendar.days.count
      throw Failure.badData(
        path, "\(count) days from place \(start) are not within the calendar of \(last) days")
    }
    let held = days.clamped(to: first..<first + count)
    let values = try floats(file, path, 1 + held.lowerBound - first, held.count)
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

extension QlibFolder: BarSource {
  /// The days of the calendar.
  public var span: ClosedRange<Day>? {
    guard let first = calendar.days.first, let last = calendar.days.last else { return nil }
    return first...last
  }

  /// The instruments of the folder's market.
  public var codes: [InstrumentCode] { membership.codes }

  /// The market of the selection, or the folder's, which has no benchmark.
  public func members(_ selection: BarSelection) -> Membership? {
    if let members = selection.members { return members }
    var members = membership
    if let benchmark = selection.benchmark { members.remove(benchmark) }
    return members
  }

  /// Gives the tables of all days that are selected, in order; days without a row are left out.
  ///
  /// Rows are those of the folder, as qlib reads it: nothing is made up. Days that are doubtful are not taken,
  /// as of other sources; those before the selection are, from which it goes on. Series are taken a
  /// stretch of days at a time, so that memory does not grow with history. Throws where the benchmark,
  /// or everything, has no bars.
  public func days(_ selection: BarSelection, _ body: (BarDay) throws -> Void) throws {
    let membership = members(selection) ?? membership
    var codes = membership.codes
    if let benchmark = selection.benchmark, !membership.lists(benchmark) {
      codes = (codes + [benchmark]).sorted()
    }
    let range = calendar.range(from: selection.first, to: selection.span.last)
    if let benchmark = selection.benchmark,
      try series(benchmark, in: 0..<calendar.days.count) == nil
    {
      throw DayError.rule("benchmark has no bars: \(benchmark)")
    }
    if let after = selection.after {
      try BarSelection.check(after, notBeyond: calendar.days.last)
      guard calendar.contains(after) else {
        throw DayError.rule("days after \(after) are wanted, but it is no day of the calendar")
      }
    }
    // 32 MB of bars at a time.
    let stretch = max(32, (1 << 20) / max(1, codes.count))
    if let note = try noteOnEnds(membership, range) { selection.note(note) }
    var rows = 0
    var belief = FolderDays(codes, membership, selection)
    let begin = max(0, range.lowerBound - 1)
    for start in stride(from: begin, to: range.upperBound, by: stretch) {
      let days = start..<min(start + stretch, range.upperBound)
      let series = try codes.map { try self.series($0, in: days) }
      for place in days {
        let day = calendar.days[place]
        belief.begin(day)
        var table = BarDay(day, rows: codes.count)
        for (number, series) in series.enumerated() {
          guard let series, series.first <= place, place < series.end else {
            belief.addNone(number)
            continue
          }
          var bar = series.bars[place - series.first]
          let isMember = belief.add(number, &bar, isWhole: place < series.wholeEnd)
          if place >= series.wholeEnd { belief.see(short: series) }
          table.append(series.code, bar, isMember: isMember)
        }
        let isTaken = belief.end(isWanted: place >= range.lowerBound)
        guard place >= range.lowerBound, isTaken, table.count > 0 else { continue }
        rows += table.count
        try body(table)
      }
    }
    for line in belief.notes { selection.note(line) }
    if rows == 0, selection.after == nil {
      guard let span else { throw DayError.rule("there is no trading day") }
      throw BarSelection.nothing(span, instruments: codes.count)
    }
  }
}

extension QlibFolder {
  /// Which instruments' closes end although a span of theirs goes on within a range of days, as a line;
  /// nil where none does.
  ///
  /// Their days after that have no row, as in qlib: so a longer copy of the folder may have some.
  private func noteOnEnds(_ membership: Membership, _ range: Range<Int>) throws -> String? {
    guard let last = range.last else { return nil }
    var first: (code: InstrumentCode, day: Day)?
    var (ended, count) = (0, 0)
    for code in membership.codes {
      let spans = membership.spans(of: code)
      let days = calendar.days[range.lowerBound]...calendar.days[last]
      guard spans.contains(where: { $0.overlaps(days) }) else { continue }
      count += 1
      guard let end = try end(ofClosesOf: code), end > 0, end <= last else { continue }
      let missing = max(calendar.days[end], days.lowerBound)...days.upperBound
      guard spans.contains(where: { $0.overlaps(missing) }) else { continue }
      ended += 1
      first = first ?? (code, calendar.days[end - 1])
    }
    return first.map {
      "files of \(ended) of \(count) instruments end although their span goes on, as qlib reads them: "
        + "first \($0.code), on \($0.day)"
    }
  }

  /// The place in the calendar after the last value of an instrument's closes; nil without a file.
  private func end(ofClosesOf code: InstrumentCode) throws -> Int? {
    try feature(code, "close", in: calendar.days.count..<calendar.days.count)?.first
  }
}

/// The bars of one instrument on consecutive trading days: a suspended day has a bar of NaN.
struct BarSeries {
  /// Whose bars they are.
  let code: InstrumentCode
  /// The place of the first one in the calendar.
  let first: Int
  /// One bar a trading day.
  let bars: [Bar]
  /// The place after the last day that all its files have.
  var wholeEnd: Int
  /// The field whose file ends there, where others go on.
  var shortField: String?

  init(code: InstrumentCode, first: Int, bars: [Bar]) {
    (self.code, self.first, self.bars, wholeEnd) = (code, first, bars, first + bars.count)
  }

  /// The place after the last one.
  var end: Int { first + bars.count }
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
