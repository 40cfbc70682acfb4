import Dispatch
import FlyingSocks
import Synchronization

/// A small HTTP/1.1 and WebSocket server (RFC 9112, RFC 6455) of one page, over FlyingSocks.
///
/// FlyingFox's own HTTP layer reads headers and frames of any length, and takes any number of
/// connections; this one has limits to all three, and to the time that a guest may take.
public actor PadServer {
  private let limits: Limits
  private let pipelines: Pipelines
  private let listener: Socket
  private let receptionist: Receptionist
  private var connections: [ObjectIdentifier: Connection] = [:]
  private var guests: [ObjectIdentifier: Guest] = [:]
  private var guestCount = 0
  private var healths: [Question.Kind: LineProcess.Health] = [:]

  /// Where the page is.
  public nonisolated let address: String
  /// The port, which the system chose where 0 was asked for.
  nonisolated let port: UInt16

  /// Begins to listen; throws `inputOutput` where the address is taken, or not this machine's.
  public init(host: String, port: UInt16, pipelines: Pipelines, limits: Limits = Limits()) throws {
    let place = try ListeningPlace(host: host, port: port)
    listener = place.socket
    address = place.address
    self.port = place.port
    self.pipelines = pipelines
    self.limits = limits
    receptionist = Receptionist(rule: HostRule(host: host, port: place.port), limits: limits)
  }

  /// Serves until the process ends; throws where it cannot.
  public nonisolated func serve() throws {
    let end = DispatchSemaphore(value: 0)
    let outcome = Mutex(Result<Void, any Error>.success(()))
    Task.detached {
      do {
        try await self.run()
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
      end.signal()
    }
    end.wait()
    try outcome.withLock { $0 }.get()
  }

  /// Serves until the task is cancelled.
  func run() async throws {
    let pool = SocketPool.make()
    try await pool.prepare()
    let listener = try AsyncSocket(socket: listener, pool: pool)
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { try await pool.run() }
      for kind in Question.Kind.allCases {
        let pipeline = pipelines[kind]
        await pipeline.observe { await self.tell(kind, is: $0) }
        tasks.addTask { await pipeline.run() }
      }
      tasks.addTask { await self.sweep() }
      while !Task.isCancelled {
        do {
          let socket = try await listener.accept()
          tasks.addTask { await self.welcome(socket) }
        } catch is CancellationError {
          break
        } catch {
          // There are no descriptors left, or the guest has gone already: the next may be accepted.
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      tasks.cancelAll()
    }
  }

  private func tell(_ kind: Question.Kind, is health: LineProcess.Health) {
    healths[kind] = health
    for guest in guests.values { guest.tell(kind, is: health) }
  }

  /// Ends connections whose guests are late, and asks silent pages for a sign of life.
  private func sweep() async {
    let pause = min(limits.request, limits.idle) / 10
    var nextPing = ContinuousClock.now + limits.idle / 3
    while !Task.isCancelled {
      try? await Task.sleep(for: pause)
      let now = ContinuousClock.now
      for connection in connections.values { connection.endIfLate(now) }
      guard now > nextPing else { continue }
      nextPing = now + limits.idle / 3
      for guest in guests.values { guest.ping() }
    }
  }

  /// Takes a connection from its first byte to its last.
  private func welcome(_ socket: AsyncSocket) async {
    let connection = Connection(socket, limits: limits)
    let key = ObjectIdentifier(connection)
    let isFull = connections.count >= limits.connections
    connections[key] = connection
    defer {
      connections[key] = nil
      connection.hangUp()
      connection.close()
    }
    var incoming = Incoming(connection)
    if isFull {
      let refusal = Response.refusal(.full, "there are \(limits.connections) connections already")
      try? await connection.send(refusal.bytes)
      return
    }
    switch await receive(&incoming) {
    case nil: break
    case .answer(let response):
      guard (try? await connection.send(response.bytes)) != nil else { break }
      connection.finishSending()
      await incoming.drain(limit: limits.message)
    case .conversation(let greeting):
      guard (try? await connection.send(greeting)) != nil else { break }
      guestCount += 1
      let guest = Guest(guestCount, connection, pipelines, limits: limits)
      guests[key] = guest
      for (kind, health) in healths { guest.tell(kind, is: health) }
      await guest.converse(incoming)
      guests[key] = nil
    }
  }

  private func receive(_ incoming: inout Incoming) async -> Reception? {
    guard let (bytes, isOver) = await incoming.head(limit: limits.head) else {
      // Browsers open connections that they may not need: one without a byte is no request.
      guard incoming.hasBegun, incoming.connection.isRequestLate else { return nil }
      return .answer(.refusal(.timeout, "a request must come in within \(limits.request)"))
    }
    guard !isOver else {
      return .answer(.refusal(.headTooLarge, "a request may have \(limits.head) bytes"))
    }
    guard let head = RequestHead(bytes) else {
      return .answer(.refusal(.badRequest, "that is no HTTP/1.1 request"))
    }
    return receptionist.receive(head)
  }
}
