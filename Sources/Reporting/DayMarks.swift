import Days

/// Days that an axis is marked with.
enum DayMarks {
  /// Seven at most: first days of years or months, or days evenly apart.
  static func marks(from first: Day, to last: Day) -> [(day: Day, text: String)] {
    let (start, end) = (monthNumber(first), monthNumber(last))
    for step in [1, 2, 3, 6, 12, 24, 60, 120, 600, 2400] where (end - start) / step <= 6 {
      let marks = stride(from: start / step * step, through: end, by: step)
        .compactMap { Day(year: $0 / 12, month: $0 % 12 + 1, day: 1) }
        .filter { $0 >= first && $0 <= last }
      guard marks.count >= 2 else { break }
      return marks.map { ($0, String("\($0)".prefix(step % 12 == 0 ? 4 : 7))) }
    }
    let span = Int(last.number - first.number)
    let count = min(4, span)
    guard count > 0 else { return [(first, "\(first)")] }
    return (0...count).map { place in
      let day = Day(number: first.number + Int32(span * place / count))
      return (day, String("\(day)".suffix(5)))
    }
  }

  private static func monthNumber(_ day: Day) -> Int {
    let text = "\(day)"
    return (Int(text.prefix(4)) ?? 0) * 12 + (Int(text.dropFirst(5).prefix(2)) ?? 1) - 1
  }
}
