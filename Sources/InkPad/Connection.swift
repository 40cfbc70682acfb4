import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A guest's socket, and the deadlines for what the guest must do.
final class Connection: Sendable {
  private struct Deadlines {
    var receive: ContinuousClock.Instant
    var send: ContinuousClock.Instant?
    var awaitsRequest = true
    var isRequestLate = false
  }

  private let socket: Descriptor
  private let limits: Limits
  private let deadlines: Mutex<Deadlines>

  /// A connection that has just been accepted: its request must come in time.
  init(_ socket: Descriptor, limits: Limits) {
    self.socket = socket
    self.limits = limits
    deadlines = Mutex(Deadlines(receive: .now + limits.request))
    // Answers are small and somebody waits for them.
    var yes: Int32 = 1
    setsockopt(
      socket.number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Gives a guest whose request is in so long from now for its next bytes.
  func expect(within time: Duration) {
    deadlines.withLock {
      $0.receive = .now + time
      $0.awaitsRequest = false
    }
  }

  /// Whether the time was over before the request was in.
  var isRequestLate: Bool { deadlines.withLock { $0.isRequestLate } }

  /// Ends what is late: both directions, or where a request is late what it could still send, so that
  /// it can be told.
  func endIfLate(_ now: ContinuousClock.Instant) {
    let directions: Int? = deadlines.withLock { deadlines in
      if let send = deadlines.send, send < now { return Int(SHUT_RDWR) }
      guard deadlines.receive < now else { return nil }
      guard deadlines.awaitsRequest else { return Int(SHUT_RDWR) }
      deadlines.isRequestLate = true
      return Int(SHUT_RD)
    }
    if let directions { shutdown(socket.number, Int32(directions)) }
  }

  /// Sends bytes; throws where the guest is gone or does not read them in time.
  func send(_ bytes: [UInt8]) async throws {
    deadlines.withLock { $0.send = .now + limits.send }
    defer { deadlines.withLock { $0.send = nil } }
    try await socket.send(bytes)
  }

  /// What the guest has sent, up to so many bytes; nothing at the end.
  func receive(atMost most: Int) async throws -> [UInt8] {
    try await socket.receive(atMost: most)
  }

  /// No more will be sent; what the guest still sends can be read.
  func finishSending() { shutdown(socket.number, Int32(SHUT_WR)) }

  /// Ends both directions: a task that waits for bytes gets the end of the stream.
  func hangUp() { shutdown(socket.number, Int32(SHUT_RDWR)) }

  /// Closes the descriptor; no task may wait on it any more.
  func close() { socket.close() }
}
