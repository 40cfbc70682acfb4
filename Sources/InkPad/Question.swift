import Arithmetic
import Ink
import Streams

/// What a page asks.
///
/// `{"type":"ink","seq":7,"strokes":[[[x,y],...],...]}` asks what a drawing says and comes to,
/// where `"chosen":[{"strokes":[3,4],"text":"4"}]` names characters that are known; `"digit"` asks
/// which digit it is, and `{"type":"text","seq":8,"text":"1+2="}` what a text comes to.
struct Question: Sendable {
  enum Kind: String, CaseIterable, Sendable { case ink, digit, text }

  let kind: Kind
  /// The page's own number, which the answer carries back.
  let number: Int
  /// What goes into the pipeline: the members of its record as JSON, or the text.
  let content: [UInt8]
  /// For each place in reading order, which stroke stands there: symbols count in this order.
  let order: [Int]

  /// The most strokes of a drawing: one line of writing has fewer, and more would hold up others.
  static let strokeLimit = 1000
  /// The longest text to evaluate, in bytes.
  static let textLimit = 4096

  /// Reads a message; throws `Failure` or `InkError` with the rule that it breaks.
  ///
  /// A pipeline ends at bad input, so nothing goes in that it would not take.
  init(_ message: [UInt8]) throws {
    self = try message.withUnsafeBytes { bytes in
      try withJSON(bytes, name: "message") { try Question($0) }
    }
  }

  /// Takes a message that has been parsed.
  init(_ message: JSONValue) throws {
    let type = try message.require("type")
    guard let kind = type.string.flatMap(Kind.init) else {
      throw type.failure("type must be ink, digit, text, sheets, open, discard or keep")
    }
    self.kind = kind
    number = try Self.number(message)
    guard kind != .text else {
      content = try Self.text(message.require("text"))
      order = []
      return
    }
    let (drawing, members) = try Self.drawing(message)
    order = Lattice.order(drawing.strokes)
    content = members
  }

  /// The drawing of a message, and the members of its record as JSON in one line: `strokes`, and
  /// `chosen`, where characters are known.
  static func drawing(_ message: JSONValue) throws -> (drawing: Drawing, members: [UInt8]) {
    let drawing = try Drawing(message, line: 1)
    guard drawing.strokes.count <= strokeLimit else {
      throw InkError.limit(
        "a drawing may have \(strokeLimit) strokes here: \(drawing.strokes.count)")
    }
    var members = try Array(#""strokes":"#.utf8) + message.require("strokes").text
    if let chosen = message["chosen"] {
      guard try ChosenCharacter.all(chosen).count <= strokeLimit else {
        throw chosen.failure("chosen may have \(strokeLimit) characters")
      }
      members += Array(#","chosen":"#.utf8) + chosen.text
    }
    // One drawing is one line, however the guest has laid it out.
    return (drawing, members.map { $0 < 0x20 ? 0x20 : $0 })
  }

  /// The number that a page gives a message.
  static func number(_ message: JSONValue) throws -> Int {
    let seq = try message.require("seq")
    guard let number = seq.int, (0...1 << 52).contains(number) else {
      throw seq.failure("seq must be a whole number from 0 to 2^52")
    }
    return number
  }

  private static func text(_ value: JSONValue) throws -> [UInt8] {
    guard let text = value.string else { throw value.failure("text must be a string") }
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    guard isPlain, text.utf8.count <= textLimit, text.contains(where: { $0 != " " }) else {
      throw value.failure("text must be one line of 1 to \(textLimit) bytes")
    }
    // expr-eval would take it for an object.
    guard text.drop(while: { $0 == " " }).first != "{" else {
      throw value.failure("text must not start with {")
    }
    return Array(text.utf8)
  }
}
