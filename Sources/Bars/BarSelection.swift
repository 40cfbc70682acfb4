import Days
import Streams

/// Which bars are wanted.
public struct BarSelection: Sendable {
  /// The days that are wanted.
  public var span: DaySpan
  /// Only later days are wanted, and that there are none is no fault; nil asks for some.
  public var after: Day?
  /// The market whose members are wanted, with their bars of all days; nil is the source's own.
  public var members: Membership?
  /// An index, wanted too, but no member.
  public var benchmark: InstrumentCode?

  /// A selection.
  public init(
    _ span: DaySpan = .all, members: Membership? = nil, benchmark: InstrumentCode? = nil
  ) {
    (self.span, self.members, self.benchmark) = (span, members, benchmark)
  }

  /// The first day that is wanted.
  var first: Day? {
    [span.first, after.map { Day(number: $0.number + 1) }].compactMap(\.self).max()
  }

  /// The members that are wanted of a source: without word of it, all but the benchmark.
  func membership(of source: some BarSource) -> Membership {
    if let members { return members }
    var all = source.membership
    if let benchmark { all.remove(benchmark) }
    return all
  }

  /// The codes that are wanted, in order.
  func codes(_ membership: Membership) -> [InstrumentCode] {
    guard let benchmark, !membership.lists(benchmark) else { return membership.codes }
    return (membership.codes + [benchmark]).sorted()
  }
}

extension BarSource {
  /// The tables of all days that are selected, in order; days without a row are left out.
  ///
  /// Series are taken a stretch of days at a time, so that memory does not grow with history.
  /// Throws `badData` where the benchmark, or everything, has no bars.
  public func days(_ selection: BarSelection, _ body: (BarDay) throws -> Void) throws {
    let membership = selection.membership(of: self)
    let codes = selection.codes(membership)
    let range = calendar.range(from: selection.first, to: selection.span.last)
    if let benchmark = selection.benchmark,
      try series(benchmark, in: 0..<calendar.days.count) == nil
    {
      throw DayError.rule("benchmark has no bars: \(benchmark)")
    }
    // 32 MB of bars at a time.
    let stretch = max(32, (1 << 20) / max(1, codes.count))
    var rows = 0
    for start in stride(from: range.lowerBound, to: range.upperBound, by: stretch) {
      let days = start..<min(start + stretch, range.upperBound)
      let series = try codes.compactMap { code in
        try self.series(code, in: days).map { ($0, membership.spans(of: code)) }
      }
      for place in days {
        let day = calendar.days[place]
        var table = BarDay(day, rows: series.count)
        for (series, spans) in series where series.first <= place && place < series.end {
          let isMember = spans.contains { $0.contains(day) }
          table.append(series.code, series.bars[place - series.first], isMember: isMember)
        }
        guard table.count > 0 else { continue }
        rows += table.count
        try body(table)
      }
    }
    if rows == 0, selection.after == nil { throw nothing(codes) }
  }

  private func nothing(_ codes: [InstrumentCode]) -> DayError {
    guard let first = calendar.days.first, let last = calendar.days.last else {
      return .rule("there is no trading day")
    }
    return BarSelection.nothing(first...last, instruments: codes.count)
  }
}

extension BarSelection {
  /// Whether the rows of a day are wanted.
  func includes(_ day: Day) -> Bool {
    span.contains(day) && after.map { $0 < day } ?? true
  }

  /// Whether an instrument is a member on a day; nil where its rows are not wanted.
  ///
  /// Without a market that is as its row has it, and the benchmark is none.
  func isMember(_ code: InstrumentCode, _ day: Day, ofItself isMember: Bool?) -> Bool? {
    guard let members else { return code != benchmark && isMember ?? true }
    if members.lists(code) { return members.spans(of: code).contains { $0.contains(day) } }
    return code == benchmark ? false : nil
  }

  /// What is wrong where no bar is selected.
  static func nothing(_ days: ClosedRange<Day>, instruments count: Int) -> DayError {
    .rule(
      "no bar is selected: trading days are \(days.lowerBound) to \(days.upperBound), "
        + "instruments \(count)")
  }
}
