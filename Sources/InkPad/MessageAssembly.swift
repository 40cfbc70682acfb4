/// Puts messages together from frames.
struct MessageAssembly {
  enum Message: Equatable {
    case text([UInt8])
    case ping([UInt8])
    case pong
  }

  private let limit: Int
  /// What came of a message that is not whole yet.
  private var begun: [UInt8]?

  init(limit: Int) { self.limit = limit }

  /// How many bytes the next frame may have.
  var room: Int { limit - (begun?.count ?? 0) }

  /// Takes a frame with its payload, masked; nil where the message is not whole.
  ///
  /// Throws how to close: also where the guest has closed.
  mutating func add(_ head: FrameHead, _ masked: [UInt8]) throws(Closing) -> Message? {
    let payload = head.unmasked(masked)
    switch head.kind {
    case .ping: return .ping(payload)
    case .pong: return .pong
    case .close: throw .done
    case .binary: throw .notText
    case .text, .continuation:
      guard (head.kind == .continuation) == (begun != nil) else {
        throw .against("a message is finished before the next one begins")
      }
      begun = (begun ?? []) + payload
      guard head.isLast, let text = begun else { return nil }
      begun = nil
      guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
      return .text(text)
    }
  }
}
