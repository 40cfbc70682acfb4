/// Appends JSON to a `ByteWriter`, and puts commas and colons itself.
///
/// One writer writes all lines. A record taken back by `ByteWriter.rollback` leaves no comma behind.
public struct JSONWriter {
  private let output: ByteWriter
  private var needsComma = false

  /// A writer at the start of a line.
  public init(_ output: ByteWriter) { self.output = output }

  /// What `body` writes, as bytes: for messages that do not go to a tool's output.
  public static func bytes(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
    let output = ByteWriter(holding: 256)
    var json = JSONWriter(output)
    body(&json)
    return output.record
  }

  /// Writes a value of at most so many bytes, and the comma before it.
  @inline(__always)
  private mutating func put(atMost most: Int, _ body: (inout JSONTarget) -> Void) {
    output.write(atMost: most + 1) { start in
      var target = JSONTarget(start)
      if needsComma, !output.isAtRecordStart { target.put(UInt8(ascii: ",")) }
      body(&target)
      return target.place - start
    }
    needsComma = true
  }

  /// Opens an object.
  public mutating func beginObject() {
    put(atMost: 1) { $0.put(UInt8(ascii: "{")) }
    needsComma = false
  }

  /// Closes an object.
  public mutating func endObject() {
    output.write(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Opens an array.
  public mutating func beginArray() {
    put(atMost: 1) { $0.put(UInt8(ascii: "[")) }
    needsComma = false
  }

  /// Closes an array.
  public mutating func endArray() {
    output.write(UInt8(ascii: "]"))
    needsComma = true
  }

  /// A key, before its value.
  public mutating func key(_ key: String) {
    var key = key
    key.withUTF8 { bytes in
      put(atMost: 6 * bytes.count + 3) { target in
        target.put(bytes)
        target.put(UInt8(ascii: ":"))
      }
    }
    needsComma = false
  }

  /// A string.
  public mutating func value(_ text: String) {
    var text = text
    text.withUTF8 { bytes in put(atMost: 6 * bytes.count + 2) { $0.put(bytes) } }
  }

  /// The shortest decimal that reads back as the same double; `null` for NaN and infinities.
  public mutating func value(_ number: Double) { put(atMost: 32) { $0.put(number) } }

  /// The shortest decimal that reads back as the same float; `null` for NaN and infinities.
  public mutating func value(_ number: Float) { put(atMost: 32) { $0.put(number) } }

  /// An integer.
  public mutating func value(_ number: Int) { put(atMost: 20) { $0.put(number) } }

  /// `true` or `false`.
  public mutating func value(_ truth: Bool) { put(atMost: 5) { $0.put(truth ? "true" : "false") } }

  /// `null`.
  public mutating func null() { put(atMost: 4) { $0.put("null") } }

  /// The value as it was written in the input.
  public mutating func copy(_ value: JSONValue) {
    put(atMost: 0) { _ in }
    output.write(value.text)
  }

  /// A value that is JSON already.
  public mutating func copy(_ value: [UInt8]) {
    put(atMost: 0) { _ in }
    output.write(value)
  }

  /// Ends the line.
  public mutating func endLine() {
    output.write(UInt8(ascii: "\n"))
    needsComma = false
  }
}

extension JSONWriter {
  /// A key and its text.
  public mutating func put(_ key: String, _ text: String) {
    self.key(key)
    value(text)
  }

  /// A key and its whole number.
  public mutating func put(_ key: String, _ number: Int) {
    self.key(key)
    value(number)
  }

  /// A key and its number; null where it is not finite.
  public mutating func put(_ key: String, _ number: Double) {
    self.key(key)
    value(number)
  }

  /// A key and an array of numbers.
  public mutating func put(_ key: String, _ numbers: [Double]) {
    self.key(key)
    beginArray()
    for number in numbers { value(number) }
    endArray()
  }
}

/// Puts bytes of JSON into memory that the caller has made large enough.
private struct JSONTarget {
  var place: UnsafeMutablePointer<UInt8>

  @inline(__always) init(_ place: UnsafeMutablePointer<UInt8>) { self.place = place }

  @inline(__always) mutating func put(_ byte: UInt8) {
    place.pointee = byte
    place += 1
  }

  @inline(__always) mutating func put(_ word: StaticString) {
    place.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
    place += word.utf8CodeUnitCount
  }

  /// A string in quotes, with the escapes it needs: at most 6 bytes for one.
  @inline(__always) mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    put(UInt8(ascii: "\""))
    for byte in bytes {
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        put(byte)
      } else {
        putEscape(byte)
      }
    }
    put(UInt8(ascii: "\""))
  }

  @inline(never) private mutating func putEscape(_ byte: UInt8) {
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case 0x08: put(UInt8(ascii: "b"))
    case 0x09: put(UInt8(ascii: "t"))
    case 0x0a: put(UInt8(ascii: "n"))
    case 0x0c: put(UInt8(ascii: "f"))
    case 0x0d: put(UInt8(ascii: "r"))
    default:
      put("u00")
      put(UInt8(ascii: "0") + byte >> 4)
      put(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") - 10 + byte & 15)
    }
  }

  /// The shortest decimal that reads back as the same double: at most 25 bytes.
  mutating func put(_ number: Double) {
    let magnitude = abs(number)
    if magnitude < 0x1p53, number == number.rounded(.towardZero) {
      if number == 0, number.sign == .minus { put(UInt8(ascii: "-")) }
      return put(Int(number, within: .min ... .max))
    }
    // A decimal of 15 digits that reads back is the only one so short; the division rounds as
    // reading would. Below 1e-4 an exponent is shorter. Three times as fast as `description`.
    let millionths = (magnitude * 1e6).rounded()
    if magnitude >= 1e-4, millionths < 1e15, millionths / 1e6 == magnitude {
      return put(millionths: UInt(millionths, within: 0 ... .max), isNegative: number < 0)
    }
    put(description: number.isFinite ? number.description : "null")
  }

  /// The shortest decimal that reads back as the same float.
  mutating func put(_ number: Float) {
    let magnitude = abs(number)
    if magnitude < 0x1p24, number == number.rounded(.towardZero) {
      if number == 0, number.sign == .minus { put(UInt8(ascii: "-")) }
      return put(Int(number, within: .min ... .max))
    }
    // As for doubles, of 6 digits; the double that stands between is never near half a float's step.
    let millionths = magnitude < 1 ? (Double(magnitude) * 1e6).rounded() : 1e6
    if magnitude >= 1e-4, millionths < 1e6, Float(millionths / 1e6) == magnitude {
      return put(millionths: UInt(millionths, within: 0 ... .max), isNegative: number < 0)
    }
    if let short = ShortDecimal(magnitude) {
      if number < 0 { put(UInt8(ascii: "-")) }
      return put(short)
    }
    put(description: number.isFinite ? number.description : "null")
  }

  /// A decimal with its point, and a digit at least before it.
  private mutating func put(_ decimal: ShortDecimal) {
    let (whole, fraction) = decimal.digits.quotientAndRemainder(
      dividingBy: ShortDecimal.wholePowers[decimal.decimals])
    put(Int(whole))
    put(UInt8(ascii: "."))
    var left = fraction
    for index in (0..<decimal.decimals).reversed() {
      place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10)
      left /= 10
    }
    place += decimal.decimals
  }

  private mutating func put(description text: String) {
    var text = text
    text.withUTF8 { bytes in
      let isWhole =
        bytes.count > 2 && bytes[bytes.count - 2] == UInt8(ascii: ".")
        && bytes[bytes.count - 1] == UInt8(ascii: "0")
      for index in 0..<bytes.count - (isWhole ? 2 : 0) { put(bytes[index]) }
    }
  }

  private mutating func put(millionths: UInt, isNegative: Bool) {
    if isNegative { put(UInt8(ascii: "-")) }
    let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    put(Int(whole))
    put(UInt8(ascii: "."))
    var left = UInt32(truncatingIfNeeded: fraction)
    for index in (0..<6).reversed() {
      place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10)
      left /= 10
    }
    place += 6
    while place[-1] == UInt8(ascii: "0") { place -= 1 }
  }

  /// An integer in decimal: at most 20 bytes.
  mutating func put(_ number: Int) {
    if number < 0 { put(UInt8(ascii: "-")) }
    let magnitude = number.magnitude
    // Most numbers are short, and divisions of 32 bits are the faster ones.
    if let short = UInt32(exactly: magnitude) { put(digits: short) } else { put(digits: magnitude) }
  }

  @inline(__always)
  private mutating func put<Number: FixedWidthInteger & UnsignedInteger>(digits number: Number) {
    var (left, count) = (number, 1)
    while left >= 10 {
      left /= 10
      count += 1
    }
    left = number
    for index in (0..<count).reversed() {
      place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10)
      left /= 10
    }
    place += count
  }
}
