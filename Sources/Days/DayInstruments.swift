import Streams

extension DayKey {
  /// The instruments of a day's rows; throws where one has two.
  public func instruments(_ array: NpyArray, _ day: Day) throws -> [InstrumentCode] {
    var seen: Set<InstrumentCode> = []
    let codes = try codes(array)
    for (row, code) in codes.enumerated() where !seen.insert(code).inserted {
      throw DayError.rule("row \(row + 1): \(code) has a row of \(day) already")
    }
    return codes
  }
}
