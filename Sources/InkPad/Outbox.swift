import Synchronization

/// What waits to be sent to one guest: the newest of each sort, so that a guest who does not read
/// costs no memory.
final class Outbox: Sendable {
  /// A sort of message: a newer one takes the place of an older.
  enum Slot: Hashable {
    case state(Question.Kind)
    case answer(Question.Kind)
    case hello, sheet, sheetsChanged, refusal, ping, pong
  }

  private struct State {
    var slots: [(slot: Slot, frame: Frame)] = []
    var closing: Closing?
    var isShut = false
  }

  private let state = Mutex(State())
  private let signal: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  init() { (signal, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// Puts a message in the place of the older of its sort.
  func put(_ frame: Frame, in slot: Slot) {
    state.withLock { state in
      guard !state.isShut else { return }
      state.slots.removeAll { $0.slot == slot }
      state.slots.append((slot, frame))
    }
    wake.yield()
  }

  /// Ends the conversation when what waits is sent: with a close frame, or without one where
  /// `closing` is nil.
  func shut(_ closing: Closing?) {
    state.withLock { state in
      guard !state.isShut else { return }
      state.isShut = true
      state.closing = closing
    }
    wake.yield()
  }

  /// Waits for messages and takes them; nil when the conversation has ended.
  func next() async -> [Frame]? {
    var turns = signal.makeAsyncIterator()
    while true {
      let (frames, isShut) = state.withLock { state in
        var frames = state.slots.map(\.frame)
        if let closing = state.closing { frames.append(.close(closing)) }
        state.slots = []
        state.closing = nil
        return (frames, state.isShut)
      }
      if !frames.isEmpty { return frames }
      if isShut { return nil }
      guard await turns.next() != nil else { return nil }
    }
  }
}
