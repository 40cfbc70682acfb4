import Mechanics
import TestFolders

@testable import Streams

/// A JSON document outside the tape, to compare with.
indirect enum Document: Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([Document])
  case object([(key: String, value: Document)])

  /// A random document of at most so many levels.
  static func random(_ depth: Int, _ random: inout SplitMix64) -> Document {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .boolean(.random(using: &random))
    case 2:
      return .integer(
        Int.random(in: .min ... .max, using: &random) >> Int.random(in: 0..<64, using: &random))
    case 3: return .number(finite(&random))
    case 4: return .string(text(&random))
    case 5:
      return .array(
        (0..<Int.random(in: 0..<6, using: &random)).map { _ in .random(depth - 1, &random) })
    default:
      var members: [(key: String, value: Document)] = []
      for _ in 0..<Int.random(in: 0..<24, using: &random) {
        let key = text(&random)
        if !members.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) {
          members.append((key, .random(depth - 1, &random)))
        }
      }
      return .object(members)
    }
  }

  /// A double of any finite bit pattern, or a short decimal.
  static func finite(_ random: inout SplitMix64) -> Double {
    if Bool.random(using: &random) {
      return Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1e4
    }
    let number = Double(bitPattern: random.next())
    return number.isFinite ? number : 0
  }

  private static func text(_ random: inout SplitMix64) -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "b", "\"", "\\", "\n", "\u{1}", "\u{0}", "é", "€", "😀", "\u{7f}", "/",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0..<12, using: &random) {
      text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "x")
    }
    return text
  }

  /// Writes the document.
  func write(_ json: inout JSONWriter) {
    switch self {
    case .null: json.null()
    case .boolean(let truth): json.value(truth)
    case .integer(let number): json.value(number)
    case .number(let number): json.value(number)
    case .string(let text): json.value(text)
    case .array(let elements):
      json.beginArray()
      for element in elements { element.write(&json) }
      json.endArray()
    case .object(let members):
      json.beginObject()
      for (key, value) in members {
        json.key(key)
        value.write(&json)
      }
      json.endObject()
    }
  }

  /// Takes a parsed value off its tape; whole numbers that fit become integers.
  init(_ value: JSONValue) {
    switch value.kind {
    case .null: self = .null
    case .boolean: self = .boolean(value.bool ?? false)
    case .number: self = value.int.map { .integer($0) } ?? .number(value.double ?? .nan)
    case .string: self = .string(value.string ?? "?")
    case .array: self = .array(value.elements.map { Document($0) })
    case .object: self = .object(value.members.map { ($0.key, Document($0.value)) })
    }
  }

  static func == (one: Document, other: Document) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    // A whole double prints and comes back as an integer.
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
    default: false
    }
  }
}

/// Reads a text that stands alone.
func parse<Result>(_ text: [UInt8], _ body: (JSONValue) throws -> Result) throws -> Result {
  try text.withUnsafeBytes { try withJSON($0, name: "t", body) }
}
