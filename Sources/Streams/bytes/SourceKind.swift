/// What a source holds, as its first bytes tell, and which tool reads it: so that input that came to the
/// wrong door is told the right one.
enum SourceKind: CaseIterable {
  case png, jpeg, gif, pdf, zip, packed, npy, idx, safetensors, xml, utf16, json, text

  /// The kind of a source that begins so; nil where nothing tells.
  init?(_ head: UnsafeRawBufferPointer) {
    guard let kind = Self.magic.first(where: { head.starts(with: $0.start) })?.kind else {
      if IdxFile.starts(head) {
        self = .idx
      } else if head.count > 8, head[4..<8].allSatisfy({ $0 == 0 }), head[8] == UInt8(ascii: "{") {
        self = .safetensors
      } else if let text = Self.text(head) {
        self = text
      } else {
        return nil
      }
      return
    }
    self = kind
  }

  private static let magic: [(start: [UInt8], kind: SourceKind)] = [
    (pngSignature, .png), ([0xff, 0xd8, 0xff], .jpeg), (Array("GIF8".utf8), .gif),
    (Array("%PDF-".utf8), .pdf), ([0x50, 0x4b, 0x03, 0x04], .zip), (Array("BZh".utf8), .packed),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], .packed), ([0x28, 0xb5, 0x2f, 0xfd], .packed),
    (npyMagic, .npy), ([0xff, 0xfe], .utf16), ([0xfe, 0xff], .utf16),
  ]

  /// Text is told by its first character; bytes that no text has are none.
  private static func text(_ head: UnsafeRawBufferPointer) -> SourceKind? {
    let bom: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = head.dropFirst(head.starts(with: bom) ? 3 : 0)
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
    guard let first = text.first(where: { !isSpace($0) }),
      !text.prefix(64).contains(where: { $0 < 0x20 && !isSpace($0) })
    else { return nil }
    switch first {
    case UInt8(ascii: "<"): return .xml
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: return first < 0x7f ? .text : nil
    }
  }

  /// What it is, in words.
  var name: String {
    switch self {
    case .png: "a PNG picture"
    case .jpeg: "a JPEG picture"
    case .gif: "a GIF picture"
    case .pdf: "a PDF document"
    case .zip: "a zip archive"
    case .packed: "a packed file"
    case .npy: "an npy array"
    case .idx: "an idx file"
    case .safetensors: "a safetensors file"
    case .xml: "XML"
    case .utf16: "UTF-16"
    case .json: "JSON"
    case .text: "text"
    }
  }

  /// Which tool reads it, or what to do with it.
  var advice: String {
    switch self {
    case .png: "center28 reads pictures"
    case .jpeg, .gif, .pdf: "no tool does; center28 reads PNG"
    case .zip, .packed: "unpack it first; gzip is read as it is"
    case .npy: "lenet-infer reads glyphs, describe any table"
    case .idx: "lenet-infer and lenet-train read pictures in it"
    case .safetensors: "tools read it as --model or --params"
    case .xml: "segment reads InkML"
    case .utf16: "text must be UTF-8 (segment alone reads it, as InkML)"
    case .json: "segment reads ink, expr-eval symbols, bars prices"
    case .text: "expr-eval reads expressions, bars prices as CSV"
    }
  }

  /// Whether no line of text begins so.
  var isBinary: Bool {
    switch self {
    case .xml, .json, .text: false
    case .png, .jpeg, .gif, .pdf, .zip, .packed, .npy, .idx, .safetensors, .utf16: true
    }
  }

  /// Whether no NDJSON begins so, nor any line that is read beside it.
  var isNoJSON: Bool { isBinary || self == .xml }

  /// `: this is a PNG picture; center28 reads pictures`, behind what was expected.
  var sentence: String { ": this is \(name); \(advice)" }
}

extension ByteReader {
  /// What the current source holds, as far as its first bytes are at hand.
  ///
  /// It does not wait for more: a live source may have sent one short line.
  func kindAtHand() throws -> SourceKind? {
    guard offset == 0 else { return nil }
    // No text begins so, and what follows tells the kind.
    if let first = try available().first, first == 0 || first > 0x7f { _ = try peek(8) }
    return SourceKind(window)
  }

  /// Counts the whole source as one bad record where it is another kind than `expected`; false then.
  func holds(_ expected: String, unless isOther: (SourceKind) -> Bool) throws -> Bool {
    guard let kind = try kindAtHand(), isOther(kind) else { return true }
    try badRecords.attempt(name) {
      throw Failure.badData(name, "not \(expected)\(kind.sentence)")
    }
    return false
  }

  /// The same for JSON, an object a line.
  func holdsJSON() throws -> Bool { try holds("NDJSON") { $0.isNoJSON } }
}
