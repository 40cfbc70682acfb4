/// The messages of a guest, read from its frames.
struct Messages {
  private var incoming: Incoming
  private var assembly: MessageAssembly

  init(_ incoming: Incoming, limit: Int) {
    self.incoming = incoming
    assembly = MessageAssembly(limit: limit)
  }

  /// The next message; nil where the stream ends without a word.
  ///
  /// Throws how to close: also where the guest has closed.
  mutating func next() async throws(Closing) -> MessageAssembly.Message? {
    while true {
      guard let two = await incoming.take(2) else { return nil }
      let size = try FrameHead.rest(two[1])
      guard let rest = await incoming.take(size) else { return nil }
      let head = try FrameHead(two[0], two[1], rest, limit: assembly.room)
      guard let masked = await incoming.take(head.size) else { return nil }
      if let message = try assembly.add(head, masked) { return message }
    }
  }
}
