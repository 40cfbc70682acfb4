import Days
import Streams

/// A day as tables store it.
enum StoredDay {
  /// The day; nil where it is none, and an error where no calendar has it.
  @inline(__always)
  static func day(_ rows: UnsafeRawBufferPointer, _ place: Int, _ field: NpyField) throws -> Day? {
    let number = rows.loadUnaligned(fromByteOffset: place, as: Int64.self)
    if number == .min { return nil }
    guard let day = Day(stored: number) else {
      throw TableValue.error(field, "a day of the years 1 to 9999", "\(number) days from 1970")
    }
    return day
  }
}

/// A text as tables store it: bytes that end before the NULs behind them.
enum StoredText {
  /// How many bytes it has.
  @inline(__always)
  static func count(_ rows: UnsafeRawBufferPointer, _ place: Int, _ width: Int) -> Int {
    var count = width
    while count > 0, rows[place + count - 1] == 0 { count -= 1 }
    return count
  }

  /// The text; throws where it is not UTF-8.
  static func text(
    _ rows: UnsafeRawBufferPointer, _ place: Int, _ width: Int, _ field: NpyField
  ) throws -> String {
    let bytes = UnsafeRawBufferPointer(rebasing: rows[place..<place + count(rows, place, width)])
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TableValue.error(field, "UTF-8", RowEncoder.quoted(bytes))
    }
    return text
  }
}

/// What a column is, by its name and its first text.
enum ColumnGuess {
  static func scalar(_ name: String, _ text: String, isNumber: Bool) -> NpyScalar {
    if ColumnTypes.texts[name] != nil { return .bytes(ColumnTypes.width(name, text.utf8.count)) }
    let isDay = Day(spelled: text) != nil
    // Eight digits are a number, but where the name says what they are.
    if isDay, !isNumber || name.lowercased().hasPrefix("date") { return .day }
    return isNumber ? .float64 : .bytes(ColumnTypes.width(name, text.utf8.count))
  }
}
