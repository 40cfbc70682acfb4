/// The grammar of RFC 8259, by recursion and as plainly as can be, to compare with.
///
/// Of strings it knows that they are UTF-8 and of escapes their form.
struct PlainJSON {
  private let text: [Unicode.Scalar]
  private var place = 0

  /// Whether bytes are a JSON text; of deep nesting it says yes, as another rule forbids that.
  static func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    var plain = PlainJSON(text: Array(text.unicodeScalars))
    guard plain.value(0) else { return false }
    plain.space()
    return plain.place == plain.text.count
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private var next: Unicode.Scalar? { place < text.count ? text[place] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    place += 1
    return true
  }

  private mutating func space() {
    while let next, " \t\r\n".unicodeScalars.contains(next) { place += 1 }
  }

  private mutating func value(_ depth: Int) -> Bool {
    if depth > 600 { return true }
    space()
    switch next {
    case "{":
      return list("}", depth) { plain in
        plain.space()
        guard plain.string() else { return false }
        plain.space()
        return plain.take(":") && plain.value(depth + 1)
      }
    case "[": return list("]", depth) { $0.value(depth + 1) }
    case "\"": return string()
    case "t": return word("true")
    case "f": return word("false")
    case "n": return word("null")
    default: return number()
    }
  }

  private mutating func list(
    _ end: Unicode.Scalar, _ depth: Int, _ item: (inout PlainJSON) -> Bool
  ) -> Bool {
    place += 1
    space()
    if take(end) { return true }
    repeat {
      guard item(&self) else { return false }
      space()
    } while take(",")
    return take(end)
  }

  private mutating func word(_ word: String) -> Bool { word.unicodeScalars.allSatisfy { take($0) } }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let scalar = next {
      place += 1
      switch scalar {
      case "\"": return true
      case "\\":
        guard let escaped = next else { return false }
        place += 1
        if escaped == "u" {
          for _ in 0..<4 {
            guard let next, next.properties.isASCIIHexDigit else { return false }
            place += 1
          }
        } else if !"\"\\/bfnrt".unicodeScalars.contains(escaped) {
          return false
        }
      case ..<" ": return false
      default: break
      }
    }
    return false
  }

  private mutating func digits() -> Int {
    let start = place
    while let next, ("0"..."9").contains(next) { place += 1 }
    return place - start
  }

  private mutating func number() -> Bool {
    _ = take("-")
    guard take("0") || digits() > 0 else { return false }
    if take("."), digits() == 0 { return false }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      return digits() > 0
    }
    return true
  }
}
