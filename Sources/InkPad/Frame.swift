/// Why a conversation ends, as RFC 6455, 7.4 numbers it.
struct Closing: Error, Equatable {
  var code: UInt16
  var reason: String

  static let done = Closing(code: 1000, reason: "")
  static let leaving = Closing(code: 1001, reason: "the server ends")
  static func against(_ rule: String) -> Closing { Closing(code: 1002, reason: rule) }
  static let notText = Closing(code: 1003, reason: "messages are text")
  static let notUTF8 = Closing(code: 1007, reason: "text must be UTF-8")
  static func tooLong(_ limit: Int) -> Closing {
    Closing(code: 1009, reason: "a message may have \(limit) bytes")
  }
}

/// A frame of RFC 6455.
struct Frame: Equatable {
  enum Kind: UInt8 {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
  }

  var kind: Kind
  var isLast = true
  var payload: [UInt8] = []

  /// The frame that ends a conversation.
  static func close(_ closing: Closing) -> Frame {
    let reason = Array(closing.reason.utf8.prefix(123))
    return Frame(kind: .close, payload: bigEndian(UInt64(closing.code)).suffix(2) + reason)
  }

  /// The bytes of a frame that a server sends: without a mask.
  var bytes: [UInt8] {
    var bytes = [kind.rawValue | (isLast ? 0x80 : 0)]
    switch payload.count {
    case ...125: bytes.append(UInt8(payload.count))
    case ...0xffff: bytes += [126] + bigEndian(UInt64(payload.count)).suffix(2)
    default: bytes += [127] + bigEndian(UInt64(payload.count))
    }
    return bytes + payload
  }
}

/// What stands before the payload of a guest's frame.
struct FrameHead: Equatable {
  let kind: Frame.Kind
  let isLast: Bool
  let size: Int
  let mask: [UInt8]

  /// How many bytes come after the first two: a longer size, and the mask.
  ///
  /// Throws where no mask comes: it must not be waited for.
  static func rest(_ second: UInt8) throws(Closing) -> Int {
    guard second & 0x80 != 0 else { throw .against("a browser's frames are masked") }
    return switch second & 0x7f {
    case 126: 2 + 4
    case 127: 8 + 4
    default: 4
    }
  }

  /// Reads two bytes and the rest; throws where a rule is broken or the frame is too long.
  init(_ first: UInt8, _ second: UInt8, _ rest: [UInt8], limit: Int) throws(Closing) {
    guard first & 0x70 == 0 else { throw .against("no extension was agreed on") }
    guard let kind = Frame.Kind(rawValue: first & 0x0f) else { throw .against("unknown frame") }
    self.kind = kind
    isLast = first & 0x80 != 0
    let long = rest.dropLast(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let size = rest.count > 4 ? long : UInt64(second & 0x7f)
    if kind.isControl {
      guard isLast, size <= 125 else { throw .against("a control frame is short and whole") }
    }
    guard size <= UInt64(limit) else { throw .tooLong(limit) }
    self.size = Int(size)
    mask = Array(rest.suffix(4))
  }

  /// A payload without its mask.
  func unmasked(_ payload: [UInt8]) -> [UInt8] {
    var payload = payload
    for place in payload.indices { payload[place] ^= mask[place & 3] }
    return payload
  }
}

/// The eight bytes of a number, the highest first.
func bigEndian(_ number: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
}
