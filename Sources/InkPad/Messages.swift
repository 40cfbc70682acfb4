/// The messages of a guest, put together from frames.
struct Messages {
  enum Message: Equatable {
    case text([UInt8])
    case ping([UInt8])
    case pong
  }

  private var incoming: Incoming
  private let limit: Int
  /// What came of a message that is not whole yet.
  private var begun: [UInt8]?

  init(_ incoming: Incoming, limit: Int) {
    self.incoming = incoming
    self.limit = limit
  }

  /// The next message; nil where the stream ends without a word.
  ///
  /// Throws how to close: also where the guest has closed.
  mutating func next() async throws(Closing) -> Message? {
    while true {
      guard let two = await incoming.take(2) else { return nil }
      let size = try FrameHead.rest(two[1])
      guard let rest = await incoming.take(size) else { return nil }
      let head = try FrameHead(two[0], two[1], rest, limit: limit - (begun?.count ?? 0))
      guard let masked = await incoming.take(head.size) else { return nil }
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
        guard head.isLast, let text = begun else { continue }
        begun = nil
        guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
        return .text(text)
      }
    }
  }
}
