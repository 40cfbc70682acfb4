/// Strings of JSON: checked while parsing, decoded when asked for.
extension JSONCursor {
  /// A string whose opening quote is here.
  @inline(__always) mutating func string(isKey: Bool) throws {
    let start = position
    position += 1
    var escaped = false
    while true {
      skipPlain()
      guard position < end else { throw unexpected("'\"' at the end of a string") }
      let byte = base[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        escaped = true
        try escape()
      } else if byte >= 0x80 {
        try multibyte()
      } else {
        throw unexpected("an escape for a control character in a string")
      }
    }
    var payload = UInt64(position)
    if isKey {
      let content = UnsafeRawPointer(base + start + 1)
      let count = position - start - 1
      var hash = JSONTape.hash(content, count)
      if escaped {
        let bytes = JSONTape.unescape(UnsafeRawBufferPointer(start: content, count: count))
        hash = bytes.withUnsafeBytes { bytes in
          bytes.baseAddress.map { JSONTape.hash($0, bytes.count) } ?? 0
        }
      }
      payload |= UInt64(hash) << 32
    }
    push(escaped ? .escaped : .string, payload, at: start)
    position += 1
  }

  /// Goes to the next byte that is not a plain ASCII character of a string, 8 bytes at a step.
  @inline(__always) private mutating func skipPlain() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    while position + 8 <= end {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5c)
      // Sets the top bit of each byte that is a quote, a backslash, below 0x20 or not ASCII; only
      // the lowest bit that is set can be relied on.
      let found =
        ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20)
          & ~word | word) & (ones &* 0x80)
      if found != 0 {
        position += found.trailingZeroBitCount >> 3
        return
      }
      position += 8
    }
    while position < end {
      let byte = base[position]
      if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5c { return }
      position += 1
    }
  }

  /// Checks one character of more than one byte (Unicode, table 3-7).
  private mutating func multibyte() throws {
    let lead = base[position]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    case 0xf1...0xf3: length = 4
    default: length = 0
    }
    guard length > 0, position + length <= end, second.contains(base[position + 1]),
      (2..<max(2, length)).allSatisfy({ base[position + $0] & 0xc0 == 0x80 })
    else { throw unexpected("UTF-8 in a string") }
    position += length
  }

  /// Checks one escape, surrogate pairs included.
  private mutating func escape() throws {
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      let start = position - 1
      let unit = try hexadecimal()
      guard unit & 0xf800 == 0xd800 else { return }
      let isPair =
        unit < 0xdc00 && position + 1 < end && base[position] == UInt8(ascii: "\\")
        && base[position + 1] == UInt8(ascii: "u")
      if isPair {
        position += 1
        if try hexadecimal() & 0xfc00 == 0xdc00 { return }
      }
      throw tape.failure(at: start, "lone surrogate \\u\(String(unit, radix: 16))")
    default: throw unexpected("one of \"\\/bfnrtu after '\\'")
    }
  }

  /// The four digits behind the `u` here.
  private mutating func hexadecimal() throws -> UInt32 {
    position += 1
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = JSONTape.hexadecimal(byte) else {
        throw unexpected("4 hex digits after \\u")
      }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }
}

extension JSONTape {
  /// The bytes between the quotes of a string.
  func content(_ index: Int) -> UnsafeRawBufferPointer {
    let node = nodes[index]
    return UnsafeRawBufferPointer(rebasing: text[Int(node.start) + 1..<node.low])
  }

  /// The text of a string or key.
  func string(_ index: Int) -> String {
    nodes[index].tag == .string
      ? String(decoding: content(index), as: UTF8.self)
      : String(decoding: Self.unescape(content(index)), as: UTF8.self)
  }

  /// The value of a hexadecimal digit.
  @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The bytes that checked content with escapes stands for, in UTF-8.
  static func unescape(_ content: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count)
    var index = 0
    func unit() -> UInt32 {
      let digits = content[index + 2..<index + 6]
      index += 6
      return digits.reduce(0) { $0 << 4 | (hexadecimal($1) ?? 0) }
    }
    while index < content.count {
      guard content[index] == UInt8(ascii: "\\") else {
        bytes.append(content[index])
        index += 1
        continue
      }
      let kind = content[index + 1]
      if kind == UInt8(ascii: "u") {
        var code = unit()
        if code & 0xfc00 == 0xd800 { code = 0x10000 + (code & 0x3ff) << 10 + unit() & 0x3ff }
        if let scalar = Unicode.Scalar(code) {
          bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
        }
        continue
      }
      switch kind {
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0c)
      case UInt8(ascii: "n"): bytes.append(0x0a)
      case UInt8(ascii: "r"): bytes.append(0x0d)
      case UInt8(ascii: "t"): bytes.append(0x09)
      default: bytes.append(kind)
      }
      index += 2
    }
    return bytes
  }
}
