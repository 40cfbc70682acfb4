#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small HTTP/1.1 and WebSocket server (RFC 9112, RFC 6455) of one page.
///
/// FlyingFox's HTTP layer reads headers and frames of any length, and takes any number of
/// connections; this one has limits to all three, and to the time that a guest may take. Nor is its
/// socket layer in use, but to listen: a call that fails there costs others than its guest.
public actor PadServer {
  private let limits: Limits
  private let pipelines: Pipelines
  private let folder: SheetFolder?
  private let watch: Watch
  private let door: Descriptor
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
  ///
  /// `entrance` says by which names it may be asked for, and whether its address is a secret.
  public init(
    host: String, port: UInt16, entrance: Entrance = Entrance(), pipelines: Pipelines,
    folder: SheetFolder? = nil, limits: Limits = Limits(), _ watch: Watch
  ) throws {
    let place = try ListeningPlace(host: host, port: port)
    self.watch = watch
    door = place.door(watch)
    address =
      place.address(byName: entrance.name)
      + (entrance.token.map { "?token=\($0.text)" } ?? "")
    self.port = place.port
    self.pipelines = pipelines
    self.folder = folder
    self.limits = limits
    receptionist = Receptionist(
      rule: HostRule(host: host, port: place.port, allowed: entrance.allowedHosts),
      token: entrance.token, limits: limits)
  }

  /// Serves until the process ends.
  public nonisolated func serve() -> Never {
    Task(executorPreference: watch) { await self.run() }
    while true { pause() }
  }

  /// Serves until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { tasks in
      for kind in Question.Kind.allCases {
        let pipeline = pipelines[kind]
        await pipeline.observe { await self.tell(kind, is: $0) }
        tasks.addTask { await pipeline.run() }
      }
      tasks.addTask { await self.sweep() }
      while !Task.isCancelled {
        do {
          let socket = try await door.accept("guest")
          tasks.addTask { await self.welcome(socket) }
        } catch {
          // There are no descriptors left, or the guest has gone already: the next may be accepted.
          await watch.sleep(for: .milliseconds(100))
        }
      }
      tasks.cancelAll()
    }
  }

  private func tell(_ kind: Question.Kind, is health: LineProcess.Health) {
    healths[kind] = health
    for guest in guests.values { guest.tell(kind, is: health) }
  }

  private func tellSheetsChanged(by number: Int) {
    for guest in guests.values { guest.tellSheetsChanged(by: number) }
  }

  /// Ends connections whose guests are late, and asks silent pages for a sign of life.
  private func sweep() async {
    let pause = min(limits.request, limits.idle) / 10
    var nextPing = ContinuousClock.now + limits.idle / 3
    while !Task.isCancelled {
      await watch.sleep(for: pause)
      let now = ContinuousClock.now
      for connection in connections.values { connection.endIfLate(now) }
      guard now > nextPing else { continue }
      nextPing = now + limits.idle / 3
      for guest in guests.values { guest.ping() }
    }
  }

  /// Takes a connection from its first byte to its last.
  private func welcome(_ socket: Descriptor) async {
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
      let guest = Guest(guestCount, connection, pipelines, folder, limits: limits, watch) {
        await self.tellSheetsChanged(by: $0)
      }
      guests[key] = guest
      guest.greet()
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
