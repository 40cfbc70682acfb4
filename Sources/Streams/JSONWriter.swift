/// Appends JSON to a `ByteWriter`; commas and colons are its own business.
///
/// One writer serves all lines. A record taken back by `ByteWriter.rollback` leaves no comma behind.
public struct JSONWriter {
  private let output: ByteWriter
  private var needsComma = false

  /// A writer at the start of a line.
  public init(_ output: ByteWriter) { self.output = output }

  @inline(__always) private mutating func separate() {
    if needsComma, !output.isAtRecordStart { output.write(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// Opens an object.
  public mutating func beginObject() {
    separate()
    output.write(UInt8(ascii: "{"))
    needsComma = false
  }

  /// Closes an object.
  public mutating func endObject() {
    output.write(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Opens an array.
  public mutating func beginArray() {
    separate()
    output.write(UInt8(ascii: "["))
    needsComma = false
  }

  /// Closes an array.
  public mutating func endArray() {
    output.write(UInt8(ascii: "]"))
    needsComma = true
  }

  /// A key, before its value.
  public mutating func key(_ key: String) {
    separate()
    output.writeJSON(key)
    output.write(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A string.
  public mutating func value(_ text: String) {
    separate()
    output.writeJSON(text)
  }

  /// The shortest decimal that reads back as the same double; `null` for NaN and infinities.
  public mutating func value(_ number: Double) {
    separate()
    output.writeJSON(number)
  }

  /// The shortest decimal that reads back as the same float; `null` for NaN and infinities.
  public mutating func value(_ number: Float) {
    separate()
    output.writeJSON(number)
  }

  /// An integer.
  public mutating func value(_ number: Int) {
    separate()
    output.writeDecimal(number)
  }

  /// `true` or `false`.
  public mutating func value(_ truth: Bool) {
    separate()
    output.write(truth ? "true" : "false")
  }

  /// `null`.
  public mutating func null() {
    separate()
    output.write("null")
  }

  /// The value as it was written in the input.
  public mutating func copy(_ value: JSONValue) {
    separate()
    output.write(value.text)
  }

  /// Ends the line.
  public mutating func endLine() {
    output.write(UInt8(ascii: "\n"))
    needsComma = false
  }
}

extension ByteWriter {
  /// A string in quotes, with the escapes it needs.
  func writeJSON(_ text: String) {
    write(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      var plain = 0
      for (index, byte) in bytes.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[plain..<index])))
        plain = index + 1
        writeEscape(byte)
      }
      write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[plain...])))
    }
    write(UInt8(ascii: "\""))
  }

  private func writeEscape(_ byte: UInt8) {
    write(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): write(byte)
    case 0x08: write(UInt8(ascii: "b"))
    case 0x09: write(UInt8(ascii: "t"))
    case 0x0a: write(UInt8(ascii: "n"))
    case 0x0c: write(UInt8(ascii: "f"))
    case 0x0d: write(UInt8(ascii: "r"))
    default:
      let digits = String(byte, radix: 16)
      write(digits.count == 1 ? "u000" : "u00")
      write(digits)
    }
  }

  /// The shortest decimal that reads back as the same double; `null` where JSON has no word for it.
  func writeJSON(_ number: Double) {
    if abs(number) < 0x1p53, number == number.rounded(.towardZero) {
      if number == 0, number.sign == .minus { write(UInt8(ascii: "-")) }
      return writeDecimal(Int(number))
    }
    let millionths = (number * 1e6).rounded()
    // 15 digits that read back are the only ones as short. Below 1e-4 exponents are shorter.
    if abs(number) >= 1e-4, abs(millionths) < 1e15, millionths / 1e6 == number {
      return writeMillionths(Int(millionths))
    }
    writeDescription(number.isFinite ? number.description : "null")
  }

  /// The shortest decimal that reads back as the same float; `null` where JSON has no word for it.
  func writeJSON(_ number: Float) {
    if abs(number) < 0x1p24, number == number.rounded(.towardZero) {
      if number == 0, number.sign == .minus { write(UInt8(ascii: "-")) }
      return writeDecimal(Int(number))
    }
    writeDescription(number.isFinite ? number.description : "null")
  }

  private func writeDescription(_ text: String) {
    let isWhole = text.hasSuffix(".0")
    write(isWhole ? String(text.dropLast(2)) : text)
  }

  private func writeMillionths(_ millionths: Int) {
    if millionths < 0 { write(UInt8(ascii: "-")) }
    let (whole, fraction) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    writeDecimal(Int(whole))
    write(UInt8(ascii: "."))
    var (left, unit) = (fraction, UInt(100_000))
    while left > 0 {
      write(UInt8(ascii: "0") + UInt8(left / unit))
      left %= unit
      unit /= 10
    }
  }

  /// An integer in decimal.
  func writeDecimal(_ number: Int) {
    if number < 0 { write(UInt8(ascii: "-")) }
    var left = number.magnitude
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(left % 10)
        left /= 10
      } while left > 0
      write(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: digits[start...])))
    }
  }
}
