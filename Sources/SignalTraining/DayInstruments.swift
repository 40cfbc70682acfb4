import Market
import Streams

extension DayKey {
  /// The instruments of a day's rows; throws where one has two.
  func instruments(_ array: NpyArray, _ day: Day) throws -> [InstrumentKey] {
    var seen: Set<InstrumentKey> = []
    return try (0..<array.count).compactMap { row in
      let key = array.bytes(instrument, row: row).withUnsafeBytes { bytes in
        bytes.baseAddress.map { InstrumentKey($0, bytes.count) }
      }
      guard let key, !seen.insert(key).inserted else { return key }
      throw MarketError.rule("row \(row + 1): \(try key.code) has a row of \(day) already")
    }
  }
}
