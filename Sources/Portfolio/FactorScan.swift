import Days
import Streams

/// A close that has no factor.
public struct MissingFactor: Sendable, Equatable {
  /// Whose it is.
  public let code: InstrumentCode
  /// The day.
  public let day: Day
}

/// The first close of a file of bars that has no factor, from a day on to another.
///
/// Where one has none, qlib rounds no amount to lots, on no day; so that must be known at the start.
public func firstMissingFactor(
  _ reader: ByteReader, from: Day, to: Day?
) throws -> MissingFactor? {
  guard try reader.nextSource() else { return nil }
  let days = DayReader(reader)
  while let (array, place) = try days.nextOfSource() {
    do {
      guard let quotes = try FactorColumn(array), quotes.day >= from else { continue }
      if let to, quotes.day > to { return nil }
      if let missing = try quotes.firstMissing() { return missing }
    } catch let error where !(error is Failure) {
      throw Failure.badData(place, "\(error)")
    }
  }
  return nil
}

/// Closes and factors of a day, looked at where they are.
private struct FactorColumn {
  let day: Day
  private let table: DayTable
  private let close: NpyField
  private let factor: NpyField

  init?(_ array: NpyArray) throws {
    close = try array.field("close", .float32)
    factor = try array.field("factor", .float32)
    guard let table = try DayTable(array) else { return nil }
    (self.table, day) = (table, table.day)
  }

  /// The first close without a factor.
  func firstMissing() throws -> MissingFactor? {
    let size = table.array.type.size
    let row = table.array.bytes.withUnsafeBytes { bytes in
      (0..<table.count).first { row in
        let start = row * size
        return
          !bytes.loadUnaligned(fromByteOffset: start + close.offset, as: Float.self).isNaN
          && bytes.loadUnaligned(fromByteOffset: start + factor.offset, as: Float.self).isNaN
      }
    }
    return try row.map { MissingFactor(code: try table.key.code(table.array, row: $0), day: day) }
  }
}
