import Days
import Streams

/// Whether any close of a file of bars has no factor, from a day on to another.
///
/// Where one has none, qlib rounds no amount to lots, on no day; so that must be known at the start.
public func lacksFactor(_ reader: ByteReader, from: Day, to: Day?) throws -> Bool {
  guard try reader.nextSource() else { return false }
  let days = DayReader(reader)
  while let (array, place) = try days.nextOfSource() {
    do {
      guard let quotes = try FactorColumn(array), quotes.day >= from else { continue }
      if let to, quotes.day > to { return false }
      if quotes.lacksOne { return true }
    } catch let error where !(error is Failure) {
      throw Failure.badData(place, "\(error)")
    }
  }
  return false
}

/// Closes and factors of a day, looked at where they are.
private struct FactorColumn {
  let day: Day
  let lacksOne: Bool

  init?(_ array: NpyArray) throws {
    let close = try array.field("close", .float32)
    let factor = try array.field("factor", .float32)
    guard let table = try DayTable(array) else { return nil }
    day = table.day
    let size = array.type.size
    lacksOne = array.bytes.withUnsafeBytes { bytes in
      (0..<array.count).contains { row in
        let start = row * size
        return
          !bytes.loadUnaligned(fromByteOffset: start + close.offset, as: Float.self).isNaN
          && bytes.loadUnaligned(fromByteOffset: start + factor.offset, as: Float.self).isNaN
      }
    }
  }
}
