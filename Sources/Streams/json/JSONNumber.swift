/// Numbers of JSON: short decimals exactly and fast, the others by the standard library.
extension JSONCursor {
  /// A number whose first character is here.
  @inline(__always) mutating func number() throws {
    let start = position
    let negative = base[position] == UInt8(ascii: "-")
    if negative { position += 1 }

    var mantissa: UInt64 = 0
    let first = position
    digits(&mantissa)
    var digitCount = position - first
    guard digitCount > 0 else { throw unexpected("a digit after '-'") }
    if base[first] == UInt8(ascii: "0"), digitCount > 1 {
      throw tape.failure(at: first, "number starts with a needless 0")
    }
    var exponent = 0
    if byte == UInt8(ascii: ".") {
      position += 1
      let start = position
      digits(&mantissa)
      exponent = start - position
      digitCount -= exponent
      guard exponent < 0 else { throw unexpected("a digit after '.'") }
    }
    if byte | 0x20 == UInt8(ascii: "e") { exponent += try self.exponent() }

    // Clinger's case: mantissa and power of ten are both exact, so one operation rounds once.
    // Up to 19 digits the mantissa has not wrapped around; leading zeros only make this stricter.
    var value: Double
    if digitCount <= 19, mantissa < 1 << 53, abs(exponent) <= 22 {
      value = Double(mantissa)
      value = exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
      if negative { value = -value }
    } else {
      value = decimal(base + start, position - start)
      guard value.isFinite else {
        throw tape.failure(at: start, "number is out of range: \(excerpt(start))")
      }
    }
    push(.number, value.bitPattern, at: start)
  }

  /// Reads digits into the mantissa.
  @inline(__always) private mutating func digits(_ mantissa: inout UInt64) {
    while position < end {
      let digit = base[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
    }
  }

  private mutating func exponent() throws -> Int {
    position += 1
    let negative = byte == UInt8(ascii: "-")
    if negative || byte == UInt8(ascii: "+") { position += 1 }
    let start = position
    var value = 0
    while position < end {
      let digit = base[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // An exponent far beyond any double stays at a limit, so that it cannot overflow.
      value = min(value * 10 + Int(digit), 1 << 40)
      position += 1
    }
    guard position > start else { throw unexpected("a digit in the exponent") }
    return negative ? -value : value
  }

  private func excerpt(_ start: Int) -> String {
    let shown = UnsafeBufferPointer(start: base + start, count: min(position - start, 24))
    return String(decoding: shown, as: UTF8.self) + (position - start > 24 ? "..." : "")
  }
}

extension JSONTape {
  /// The text of a number.
  func numberText(_ index: Int) -> UnsafeRawBufferPointer {
    let start = Int(nodes[index].start)
    var end = start
    while end < text.count {
      switch text[end] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        end += 1
        continue
      default: break
      }
      break
    }
    return UnsafeRawBufferPointer(rebasing: text[start..<end])
  }

  /// The number as an `Int`; nil where it has a fraction or does not fit.
  ///
  /// Exact: `9007199254740993` and `1.5e1` are integers, `0.99999999999999999999` is not.
  func integer(_ index: Int) -> Int? {
    let value = nodes[index].double
    guard abs(value) <= 0x1p63, value == value.rounded(.towardZero) else { return nil }
    let text = numberText(index)
    // Digits alone, and so few that the double is exact, as nearly always: it says all.
    let isPlain =
      text.count <= 15
      && !text.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    if isPlain { return Int(exactly: value) }
    let negative = text.first == UInt8(ascii: "-")
    var digits: [UInt8] = []
    var exponent = 0
    var inFraction = false
    for (place, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(byte - UInt8(ascii: "0"))
        if inFraction { exponent -= 1 }
      case UInt8(ascii: "."): inFraction = true
      case UInt8(ascii: "-"): break
      default:
        // The exponent ends the text; one that overflows belongs to 0 or to no integer.
        if digits.allSatisfy({ $0 == 0 }) { return 0 }
        let written = String(decoding: text[(place + 1)...], as: UTF8.self)
        guard let written = Int(written) else { return nil }
        let (sum, over) = exponent.addingReportingOverflow(written)
        guard !over else { return nil }
        exponent = sum
        return Self.integer(digits, exponent, negative: negative)
      }
    }
    return Self.integer(digits, exponent, negative: negative)
  }

  private static func integer(_ digits: [UInt8], _ exponent: Int, negative: Bool) -> Int? {
    var digits = digits[...]
    var exponent = exponent
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { return 0 }
    guard (0...19).contains(exponent) else { return nil }
    var result = 0
    for digit in digits + repeatElement(0, count: exponent) {
      let (tens, over) = result.multipliedReportingOverflow(by: 10)
      let (next, overToo) = tens.addingReportingOverflow(negative ? -Int(digit) : Int(digit))
      guard !over, !overToo else { return nil }
      result = next
    }
    return result
  }
}

/// Powers of ten from 0 to 22, all exact.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// A checked decimal, correctly rounded by the standard library, whatever the locale.
@inline(never) private func decimal(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double {
  Double(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)) ?? .nan
}
