/// A place in a line of CSV: at the start of a field, or behind its end.
struct CSVCursor {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var position = 0

  /// The start of a line that is not empty.
  init(_ line: UnsafeRawBufferPointer) {
    // A line is never empty: blank ones are left out.
    base = line.assumingMemoryBound(to: UInt8.self).baseAddress.unsafelyUnwrapped
    end = line.count
  }

  /// Whether the line has no further field.
  var isAtEnd: Bool { position >= end }

  /// Goes on behind a comma; false at the end of the line.
  @inline(__always)
  mutating func nextField() -> Bool {
    guard position < end else { return false }
    position += 1
    return true
  }

  /// The text of the field here, without the quotes around it.
  @inline(__always)
  mutating func text() -> UnsafeRawBufferPointer {
    let start = position
    guard position < end, base[position] == UInt8(ascii: "\"") else {
      while position < end, base[position] != UInt8(ascii: ",") { position += 1 }
      return UnsafeRawBufferPointer(start: base + start, count: position - start)
    }
    return quoted()
  }

  /// A field in quotes; where these are not as they should be, the field with all it has.
  private mutating func quoted() -> UnsafeRawBufferPointer {
    let start = position
    position += 1
    while position < end, base[position] != UInt8(ascii: "\"") { position += 1 }
    let close = position
    while position < end, base[position] != UInt8(ascii: ",") { position += 1 }
    return close + 1 == position
      ? UnsafeRawBufferPointer(start: base + start + 1, count: close - start - 1)
      : UnsafeRawBufferPointer(start: base + start, count: position - start)
  }

  /// The number of the field here, where it is a decimal of few digits; else nil, and nothing moves.
  ///
  /// Clinger's case: below 2^53 the digits are an exact double, and so is their power of ten, so that
  /// one division rounds once, as a full reader would.
  @inline(__always)
  mutating func shortDecimal() -> Double? {
    var place = position
    let isNegative = place < end && base[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    let first = place
    var digits: UInt64 = 0
    while place < end, case let digit = base[place] &- UInt8(ascii: "0"), digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      place += 1
    }
    var count = place - first
    var decimals = 0
    if place < end, base[place] == UInt8(ascii: ".") {
      place += 1
      let point = place
      while place < end, case let digit = base[place] &- UInt8(ascii: "0"), digit < 10 {
        digits = digits &* 10 &+ UInt64(digit)
        place += 1
      }
      decimals = place - point
      count += decimals
    }
    guard count > 0, count <= 19, digits < 1 << 53,
      place == end || base[place] == UInt8(ascii: ",")
    else { return nil }
    position = place
    let value = Double(digits) / powersOfTen[decimals]
    return isNegative ? -value : value
  }
}

/// Powers of ten from 0 to 19, all exact.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19,
]
