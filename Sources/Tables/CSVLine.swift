import Streams

/// The fields of a line of CSV (RFC 4180, without line breaks in fields), one after the other.
struct CSVLine {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// Whether the line has no further field.
  private(set) var isAtEnd = false
  private let memory: FieldMemory

  /// The start of a line; a field whose quotes were doubled lies in the memory.
  init(_ bytes: UnsafeRawBufferPointer, _ memory: FieldMemory) {
    (self.bytes, self.memory) = (bytes, memory)
  }

  /// The next field, without the quotes around it; good until the one after.
  @inline(__always)
  mutating func next() throws -> UnsafeRawBufferPointer {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quoted() }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ",") { position += 1 }
    let field = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    goOn()
    return field
  }

  /// Goes behind the comma here.
  @inline(__always)
  private mutating func goOn() {
    isAtEnd = position == bytes.count
    position += 1
  }

  @inline(never)
  private mutating func quoted() throws -> UnsafeRawBufferPointer {
    let start = position + 1
    var doubled: [Int] = []
    position = start
    while true {
      guard position < bytes.count else {
        throw NpyError("field in quotes must end in its line (line breaks in fields are not read)")
      }
      guard bytes[position] == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else { break }
      doubled.append(position)
      position += 2
    }
    let end = position
    position += 1
    guard position == bytes.count || bytes[position] == UInt8(ascii: ",") else {
      throw NpyError("field in quotes must end before the comma")
    }
    goOn()
    let field = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    return doubled.isEmpty ? field : memory.copy(field, without: doubled.map { $0 - start })
  }
}

/// Memory for a field that does not stand in its line as it is.
final class FieldMemory {
  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)

  deinit { bytes.deallocate() }

  /// The field without the bytes at some places; good until the next copy.
  fileprivate func copy(
    _ field: UnsafeRawBufferPointer, without places: [Int]
  ) -> UnsafeRawBufferPointer {
    if bytes.count < field.count {
      bytes.deallocate()
      bytes = .allocate(byteCount: field.count * 2, alignment: 1)
    }
    var (count, next) = (0, 0)
    for (place, byte) in field.enumerated() {
      if next < places.count, places[next] == place {
        next += 1
      } else {
        bytes[count] = byte
        count += 1
      }
    }
    return UnsafeRawBufferPointer(rebasing: bytes[..<count])
  }
}

/// A decimal as a text has it.
struct DecimalText {
  /// The nearest double.
  let value: Double

  private init(value: Double) { self.value = value }

  /// Reads a decimal with a point, and nothing around it; nil for anything else.
  @inline(__always)
  init?(_ text: UnsafeRawBufferPointer) {
    var place = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { place = 1 }
    let first = place
    var mantissa: UInt64 = 0
    while place < text.count, case let digit = text[place] &- UInt8(ascii: "0"), digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      place += 1
    }
    var count = place - first
    var decimals = 0
    if place < text.count, text[place] == UInt8(ascii: "."), count > 0 {
      place += 1
      let point = place
      while place < text.count, case let digit = text[place] &- UInt8(ascii: "0"), digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        place += 1
      }
      decimals = place - point
      count += decimals
    }
    // Clinger's case: both are exact doubles, so that one division rounds once.
    if place == text.count, count > 0, count <= 19, mantissa < 1 << 53 {
      let number = Double(mantissa) / powersOfTen[decimals]
      value = isNegative ? -number : number
    } else {
      guard let other = Self.other(text) else { return nil }
      self = other
    }
  }

  /// What has more digits, an exponent or a sign.
  @inline(never) private static func other(_ text: UnsafeRawBufferPointer) -> DecimalText? {
    // Double reads words and hexadecimal numbers too.
    let isDecimal = text.allSatisfy {
      (0x30...0x39).contains($0) || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e || $0 | 0x20 == 0x65
    }
    guard isDecimal, let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite
    else { return nil }
    return DecimalText(value: number)
  }

  /// The number exactly, where it is whole; nil where it has a fraction, or does not fit.
  func whole(_ text: UnsafeRawBufferPointer) -> Int? {
    if abs(value) < 0x1p53 {
      return value == value.rounded() ? Int(value, within: .min ... .max) : nil
    }
    return Int(String(decoding: text, as: UTF8.self))
  }
}

/// Powers of ten from 0 to 19, all exact.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19,
]
