import Days
import Streams

/// What a value of a column must be; the reader adds the place.
enum TableValue {
  /// An error that names column, rule and value.
  static func error(_ field: NpyField, _ rule: String, _ found: String) -> NpyError {
    NpyError("column '\(field.name)' must be \(rule): \(found)")
  }
}

/// Where one value goes in a row.
struct RowSlot {
  /// The bytes before it.
  let place: Int
  /// What it is there.
  let scalar: NpyScalar
  /// The number of its field.
  let field: Int

  /// The place of another value of the same field.
  @inline(__always)
  func at(_ index: Int) -> RowSlot {
    RowSlot(place: place + index * scalar.size, scalar: scalar, field: field)
  }
}

/// One row of a table on its way from text: values are put into their places, and what is lost is noted.
final class RowEncoder {
  let fields: [NpyField]
  let size: Int
  /// Where the first value of each field goes.
  let slots: [RowSlot]
  private let notes: TableNotes
  private let row: UnsafeMutableRawPointer

  /// A row of these columns.
  init(_ columns: [NpyField], _ notes: TableNotes) {
    let type = NpyType.table(columns)
    if case .structured(let placed) = type { fields = placed } else { fields = columns }
    size = type.size
    slots = fields.enumerated().map {
      RowSlot(place: $1.offset, scalar: $1.scalar, field: $0)
    }
    self.notes = notes
    row = .allocate(byteCount: max(size, 1), alignment: 16)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: size)
  }

  deinit { row.deallocate() }

  /// The row as it is.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: row, count: size) }

  /// An error about a value.
  @inline(never)
  func error(_ slot: RowSlot, _ rule: String, _ found: String) -> NpyError {
    TableValue.error(fields[slot.field], rule, found)
  }

  /// A number into a column of numbers; `text` is how it is written, of `length` at most, `whole` its
  /// exact value.
  @inline(__always)
  func put(
    _ number: Double, _ slot: RowSlot, length: Int, text: @autoclosure () -> UnsafeRawBufferPointer,
    whole: @autoclosure () -> Int?
  ) throws {
    switch slot.scalar {
    case .float32:
      let narrow = Float(number)
      // Nine digits, which a float may need, are shorter.
      if length > 10 || abs(number) > 0x1p24, Double(narrow) != number {
        try lookAtLoss(number, narrow, slot, text())
      }
      row.storeBytes(of: narrow, toByteOffset: slot.place, as: Float.self)
    case .float64:
      if abs(number) >= 0x1p53, let whole = Self.plainWhole(text()), Int(exactly: number) != whole {
        throw error(
          slot, "a number that f8 holds, whole ones up to 2^53 (i8 holds it: --types)",
          Self.shown(text()))
      }
      row.storeBytes(of: number, toByteOffset: slot.place, as: Double.self)
    default:
      guard let whole = whole() else { throw error(slot, slot.scalar.words, Self.shown(text())) }
      try put(whole: whole, slot)
    }
  }

  /// A number without fraction into a column of such.
  func put(whole: Int, _ slot: RowSlot) throws {
    switch slot.scalar {
    case .int64: row.storeBytes(of: Int64(whole), toByteOffset: slot.place, as: Int64.self)
    case .int32:
      guard let value = Int32(exactly: whole) else {
        throw error(slot, "a whole number that i4 holds", "\(whole)")
      }
      row.storeBytes(of: value, toByteOffset: slot.place, as: Int32.self)
    case .uint8:
      guard let value = UInt8(exactly: whole) else {
        throw error(slot, "a whole number in 0...255", "\(whole)")
      }
      row.storeBytes(of: value, toByteOffset: slot.place, as: UInt8.self)
    default: throw error(slot, slot.scalar.words, "\(whole)")
    }
  }

  /// Infinity, or NaN.
  func put(special value: Double, _ slot: RowSlot) {
    if slot.scalar == .float32 {
      row.storeBytes(of: Float(value), toByteOffset: slot.place, as: Float.self)
    } else {
      row.storeBytes(of: value, toByteOffset: slot.place, as: Double.self)
    }
  }

  /// Notes a number that 32 bits do not hold: one of more than nine digits, or a whole one.
  @inline(never)
  private func lookAtLoss(
    _ number: Double, _ narrow: Float, _ slot: RowSlot, _ text: UnsafeRawBufferPointer
  ) throws {
    guard narrow.isFinite else {
      throw error(slot, "a number that f4 holds, up to 3.4e38", Self.shown(text))
    }
    // What a float is written as, it does not lose.
    guard Self.digits(text) > 9 || number == number.rounded(), Double(narrow.description) != number
    else { return }
    notes.add(
      "loses digits in f4 (f8 holds them: --types)", in: fields[slot.field].name, Self.shown(text))
  }

  /// A number of digits alone, as ids are; one with an exponent is a measure, and none.
  @inline(never)
  private static func plainWhole(_ text: UnsafeRawBufferPointer) -> Int? {
    Int(String(decoding: text, as: UTF8.self))
  }

  /// The digits of a number, zeros at its ends left out.
  private static func digits(_ text: UnsafeRawBufferPointer) -> Int {
    var (count, zeros) = (0, 0)
    for byte in text {
      if byte | 0x20 == UInt8(ascii: "e") { break }
      guard case let digit = byte &- UInt8(ascii: "0"), digit < 10 else { continue }
      if digit == 0 {
        if count > 0 { zeros += 1 }
      } else {
        (count, zeros) = (count + zeros + 1, 0)
      }
    }
    return count
  }

  /// No number: NaN, or no day; throws where a column has no such value.
  func putMissing(_ slot: RowSlot, shown: @autoclosure () -> String) throws {
    switch slot.scalar {
    case .float32, .float64: put(special: .nan, slot)
    case .day: row.storeBytes(of: Int64.min, toByteOffset: slot.place, as: Int64.self)
    case .int64, .int32, .uint8, .bytes: throw error(slot, slot.scalar.words, shown())
    }
  }

  /// A text, padded with NUL.
  @inline(__always)
  func put(text: UnsafeRawBufferPointer, _ slot: RowSlot) throws {
    guard case .bytes(let width) = slot.scalar else {
      throw error(slot, slot.scalar.words, Self.quoted(text))
    }
    guard text.count <= width, text.last != 0 else { throw unfit(text, slot, width) }
    let target = UnsafeMutableRawBufferPointer(start: row + slot.place, count: width)
    target.copyBytes(from: text)
    for rest in text.count..<width { target[rest] = 0 }
  }

  @inline(never)
  private func unfit(_ text: UnsafeRawBufferPointer, _ slot: RowSlot, _ width: Int) -> NpyError {
    text.count > width
      ? error(
        slot, "a text of at most \(width) bytes, here of \(text.count) (see --types)",
        Self.quoted(text)) : error(slot, "a text that does not end in NUL", Self.quoted(text))
  }

  /// A day.
  @inline(__always)
  func put(day text: UnsafeRawBufferPointer, _ slot: RowSlot) throws {
    guard let day = Day(text) ?? Day(spelled: text) else {
      let shown = Self.shown(text)
      throw error(slot, "a day, YYYY-MM-DD", "'\(shown)'\(Day.fault(shown))")
    }
    row.storeBytes(of: Int64(day.number), toByteOffset: slot.place, as: Int64.self)
  }

  static func shown(_ text: UnsafeRawBufferPointer) -> String {
    String(decoding: text.prefix(40), as: UTF8.self)
  }

  static func quoted(_ text: UnsafeRawBufferPointer) -> String { "'\(shown(text))'" }
}

extension NpyScalar {
  /// What a value of the type is, in words.
  var words: String {
    switch self {
    case .uint8, .int32, .int64: "a whole number"
    case .float32, .float64: "a number"
    case .day: "a day, YYYY-MM-DD"
    case .bytes: "a text"
    }
  }
}
