/// A row as NumPy and pandas write it, and how it is made into one of ours.
///
/// Numbers that streams do not have become the narrowest that hold them all: `i1`, `i2` and `u2` become
/// `i4`; `u4` and `u8` become `i8`; `f2` becomes `f4`; `b1` becomes `u1`. Big-endian ones are turned
/// around, `U8` becomes `S8` in UTF-8, and `M8[ns]`, where its times are midnights, `M8[D]`. What fills a
/// row up is left out.
struct ForeignRow {
  /// What an element is in NumPy.
  fileprivate enum Kind: Equatable {
    case unsigned, signed, float, text, bytes
    /// So many of its ticks are a day.
    case instant(ticksADay: Int64)
  }

  /// A field's place there, and what it becomes here.
  fileprivate struct Part {
    let kind: Kind
    let isBigEndian: Bool
    let size: Int
    let start: Int
    let field: NpyField
  }

  /// The bytes of a row there.
  private(set) var size = 0
  private var parts: [Part] = []

  /// What the row becomes.
  var type: NpyType { .table(parts.map(\.field)) }

  /// Takes in the next field of a row; an unnamed one fills up.
  mutating func add(_ name: String, _ text: String, _ shape: [Int]) throws {
    let element = Element(text)
    guard let element, let bytes = product(of: shape, times: element.size) else {
      throw NpyError(Self.fault(name, text))
    }
    if name.isEmpty, text.contains("V") {
      size += bytes
      return
    }
    guard let (kind, scalar) = element.meaning else { throw NpyError(Self.fault(name, text)) }
    parts.append(
      Part(
        kind: kind, isBigEndian: element.isBigEndian, size: element.size, start: size,
        field: NpyField(name, scalar, shape)))
    size += bytes
  }

  /// What is wrong with a field that is read in no form, with the remedy.
  private static func fault(_ name: String, _ text: String) -> String {
    if text.hasSuffix("O") {
      return "field '\(name)' holds Python objects, as texts of pandas are: name its width, as in "
        + "to_records(index=False, column_dtypes={'\(name)': 'S16'})"
    }
    return "field '\(name)' is of a type that no stream has: '\(text)'"
  }

  /// Makes whole rows into ours; `first` is the number of rows before them.
  func rows(_ bytes: [UInt8], after first: Int) throws -> [UInt8] {
    let target = type
    guard case .structured(let fields) = target, size > 0 else { return [] }
    let (count, width) = (bytes.count / size, target.size)
    var rows = [UInt8](repeating: 0, count: count * width)
    try rows.withUnsafeMutableBytes { rows in
      try bytes.withUnsafeBytes { bytes in
        for row in 0..<count {
          for (part, field) in zip(parts, fields) {
            let (from, to) = (row * size + part.start, row * width + field.offset)
            for index in 0..<field.size / max(field.scalar.size, 1) {
              do {
                try part.convert(
                  UnsafeRawBufferPointer(
                    rebasing: bytes[(from + index * part.size)...].prefix(part.size)),
                  UnsafeMutableRawBufferPointer(
                    rebasing: rows[(to + index * field.scalar.size)...].prefix(field.scalar.size)))
              } catch let error as NpyError {
                throw NpyError("field '\(field.name)' of row \(first + row + 1): \(error)")
              }
            }
          }
        }
      }
    }
    return rows
  }

  /// What a type's text says: `>f8`, `<M8[ns]`, `|S5`.
  private struct Element {
    let isBigEndian: Bool
    let letter: Character
    let count: Int
    let unit: Substring

    init?(_ text: String) {
      var rest = Substring(text)
      isBigEndian = rest.first == ">"
      if let first = rest.first, "<>|=".contains(first) { rest = rest.dropFirst() }
      guard let letter = rest.first else { return nil }
      self.letter = letter
      let digits = rest.dropFirst().prefix { $0.isNumber }
      unit = rest.dropFirst(1 + digits.count)
      guard let count = Int(digits), (0...1 << 20).contains(count) else { return nil }
      self.count = count
    }

    var size: Int { letter == "U" ? 4 * count : count }

    var meaning: (Kind, NpyScalar)? {
      switch (letter, count, unit) {
      case ("b", 1, ""), ("u", 1, ""): (.unsigned, .uint8)
      case ("u", 2, ""): (.unsigned, .int32)
      case ("u", 4, ""), ("u", 8, ""): (.unsigned, .int64)
      case ("i", 1, ""), ("i", 2, ""), ("i", 4, ""): (.signed, .int32)
      case ("i", 8, ""): (.signed, .int64)
      case ("f", 2, ""), ("f", 4, ""): (.float, .float32)
      case ("f", 8, ""): (.float, .float64)
      case ("U", _, ""): (.text, .bytes(count))
      case ("S", _, ""): (.bytes, .bytes(count))
      case ("M", 8, _): Self.ticks[unit].map { (.instant(ticksADay: $0), .day) }
      default: nil
      }
    }

    private static let ticks: [Substring: Int64] = [
      "[D]": 1, "[h]": 24, "[m]": 1440, "[s]": 86_400, "[ms]": 86_400_000,
      "[us]": 86_400_000_000, "[ns]": 86_400_000_000_000,
    ]
  }
}

extension ForeignRow.Part {
  /// Makes one element into ours.
  fileprivate func convert(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
  ) throws {
    /// The bytes as a number without sign, whatever their order.
    func bits() -> UInt64 {
      var bits: UInt64 = 0
      for index in 0..<size {
        bits = bits << 8 | UInt64(source[isBigEndian ? index : size - 1 - index])
      }
      return bits
    }
    func put(_ value: Int64) {
      if field.scalar.size == 8 {
        target.storeBytes(of: value.littleEndian, as: Int64.self)
      } else {
        target.storeBytes(of: Int32(truncatingIfNeeded: value).littleEndian, as: Int32.self)
      }
    }
    switch kind {
    case .bytes: target.copyMemory(from: source)
    case .unsigned where field.scalar == .uint8: target[0] = source[0]
    case .unsigned:
      guard let value = Int64(exactly: bits()) else {
        throw NpyError("number must be below 2^63: \(bits())")
      }
      put(value)
    case .signed:
      let unused = 64 - 8 * size
      put(Int64(bitPattern: bits() << UInt64(unused)) >> Int64(unused))
    case .float where size == 8: target.storeBytes(of: bits(), as: UInt64.self)
    case .float where size == 4:
      target.storeBytes(of: UInt32(truncatingIfNeeded: bits()), as: UInt32.self)
    case .float:
      let half = UInt16(truncatingIfNeeded: bits())
      target.storeBytes(of: Self.float(half).bitPattern, as: UInt32.self)
    case .instant(let ticks):
      let value = Int64(bitPattern: bits())
      guard value != .min else { return put(.min) }
      let (days, rest) = value.quotientAndRemainder(dividingBy: ticks)
      guard rest == 0 else {
        throw NpyError("time must be midnight, as days have no times: \(rest) of \(ticks) ticks")
      }
      put(days)
    case .text: try putText(source, target)
    }
  }

  /// Characters of four bytes each as UTF-8.
  private func putText(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
  ) throws {
    var text = ""
    for index in 0..<size / 4 {
      let bytes = source[4 * index..<4 * index + 4]
      let code = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(0 as UInt32) {
        $0 << 8 | UInt32($1)
      }
      guard let scalar = Unicode.Scalar(code) else { throw NpyError("text is not Unicode") }
      text.unicodeScalars.append(scalar)
    }
    while text.unicodeScalars.last == "\0" { text.unicodeScalars.removeLast() }
    guard text.utf8.count <= target.count else {
      throw NpyError(
        "text takes \(text.utf8.count) bytes of UTF-8, of \(target.count): '\(text)'")
    }
    target.copyBytes(from: text.utf8)
  }

  /// A number of 16 bits as a float.
  private static func float(_ half: UInt16) -> Float {
    let sign: Float = half >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(half >> 10 & 31), Float(half & 1023))
    switch exponent {
    case 31: return fraction == 0 ? sign * .infinity : .nan
    case 0: return sign * fraction * 0x1p-24
    default:
      return sign * (1 + fraction * 0x1p-10)
        * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
