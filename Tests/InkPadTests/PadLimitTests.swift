import Testing

@testable import InkPad

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a guest may send, and how many guests there may be: to the byte, and to the one.
@Suite(.serialized, .timeLimit(.minutes(1))) struct PadLimitTests {
  /// It waits for ever: all tests have one.
  private static let watch = Result { try Watch() }

  init() { signal(SIGPIPE, SIG_IGN) }

  /// What a guest sends comes to one end, and the server reads the other.
  private func sent(_ bytes: [UInt8]) async throws -> Incoming {
    var ends: [Int32] = [0, 0]
    // A pipeline that begins meanwhile must not hold them open.
    let code = starting.withLock { _ in
      #if os(Linux)
        let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      #else
        let code = socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
      #endif
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return code
    }
    try #require(code == 0)
    let watch = try Self.watch.get()
    let guest = Descriptor(ends[0], "guest", watch)
    try await guest.send(bytes)
    guest.close()
    return Incoming(Connection(Descriptor(ends[1], "guest", watch), limits: Limits()))
  }

  @Test("a head has as many bytes as it may, its blank line among them, and not one more")
  func heads() async throws {
    for end in ["\r\n\r\n", "\n\n"] {
      let head = Array("GET / HTTP/1.1\r\nHost: a\(end)".utf8)
      for limit in [head.count - 1, head.count, head.count + 1] {
        var incoming = try await sent(head + [65, 66])
        let found = try #require(await incoming.head(limit: limit))
        #expect(found.isOver == (limit < head.count), "\(limit) of \(head.count)")
        if !found.isOver {
          #expect(head.starts(with: found.bytes) && found.bytes.last == UInt8(ascii: "a"))
          #expect(await incoming.take(2) == [65, 66])
          #expect(await incoming.take(1) == nil)
        }
        incoming.connection.close()
      }
      for count in [0, 1, head.count - 1] {
        var incoming = try await sent(Array(head[..<count]))
        #expect(await incoming.head(limit: head.count) == nil)
        #expect(incoming.hasBegun == (count > 0))
        incoming.connection.close()
      }
    }
  }

  /// A guest's frame, masked with zeros.
  private func frame(_ first: UInt8, _ text: String) -> [UInt8] {
    [first, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8)
  }

  /// The messages until the end, or until how it is closed.
  private func messages(
    _ frames: [UInt8], limit: Int
  ) async throws -> ([MessageAssembly.Message], Closing?) {
    let incoming = try await sent(frames)
    defer { incoming.connection.close() }
    var messages = Messages(incoming, limit: limit)
    var found: [MessageAssembly.Message] = []
    do throws(Closing) {
      while let message = try await messages.next() { found.append(message) }
    } catch {
      return (found, error)
    }
    return (found, nil)
  }

  @Test("a message in pieces may be as long as one in a frame; each begins anew")
  func pieces() async throws {
    let pieces = frame(0x01, "abc") + frame(0x89, "?") + frame(0x00, "de") + frame(0x80, "f")
    let text = MessageAssembly.Message.text(Array("abcdef".utf8))
    let whole = frame(0x81, "abcdef")
    let ping = MessageAssembly.Message.ping(Array("?".utf8))
    let kept = try await messages(pieces + pieces + whole, limit: 6)
    #expect(kept.0 == [ping, text, ping, text, text] && kept.1 == nil)
    let long = try await messages(pieces, limit: 5)
    #expect(long.0 == [ping] && long.1?.code == 1009)
    #expect(try await messages(whole, limit: 5).1?.code == 1009)
    // Nothing is left of a message that has no room for more.
    let full = try await messages(frame(0x01, "abc") + frame(0x80, ""), limit: 3)
    #expect(full.0 == [.text(Array("abc".utf8))])
  }

  @Test("a message is finished before the next begins; only text in UTF-8 is one")
  func order() async throws {
    for (frames, code) in [
      (frame(0x80, "a"), 1002), (frame(0x01, "a") + frame(0x81, "b"), 1002),
      (frame(0x82, "a"), 1003), (frame(0x88, ""), 1000),
      ([0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
      ([0x01, 0x81, 0, 0, 0, 0, 0xc3] + [0x80, 0x81, 0, 0, 0, 0, 0x28], 1007),
    ] as [([UInt8], UInt16)] {
      #expect(try await messages(frames, limit: 100).1?.code == code, "\(frames)")
    }
    let split = [0x01, 0x81, 0, 0, 0, 0, 0xc3] + [0x80, 0x81, 0, 0, 0, 0, 0xa9] as [UInt8]
    #expect(try await messages(split, limit: 2).0 == [.text([0xc3, 0xa9])])
  }

  /// Who talks to a server of the same process.
  private struct Caller {
    let socket: Descriptor

    init(port: UInt16, _ watch: Watch) throws {
      let number = starting.withLock { _ in
        #if os(Linux)
          let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
          let number = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return number
      }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      let code = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      try #require(code == 0)
      socket = Descriptor(number, "caller", watch)
    }

    func send(_ text: String) async throws { try await socket.send(Array(text.utf8)) }

    /// What comes until a text is in it, or until the end.
    func hear(until text: String? = nil) async -> String {
      var heard: [UInt8] = []
      while let more = try? await socket.receive(atMost: 4096), !more.isEmpty {
        heard += more
        if let text, String(decoding: heard, as: UTF8.self).contains(text) { break }
      }
      return String(decoding: heard, as: UTF8.self)
    }

    /// The status of the page.
    func status(_ port: UInt16) async throws -> String {
      try await send("GET / HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n")
      return String(await hear().dropFirst("HTTP/1.1 ".count).prefix(3))
    }
  }

  /// Limits of a guest who may be silent as long as a busy machine keeps the test from speaking.
  private var patient: Limits {
    var limits = Limits()
    (limits.request, limits.idle, limits.send) = (.seconds(120), .seconds(120), .seconds(120))
    return limits
  }

  private func withServer(
    _ limits: Limits, _ body: (UInt16, Watch) async throws -> Void
  ) async throws {
    let watch = try Self.watch.get()
    let cat = ["/bin/cat"]
    let server = try PadServer(
      host: "127.0.0.1", port: 0,
      pipelines: Pipelines(calculator: cat, digits: cat, evaluator: cat, limits: limits, watch),
      limits: limits, watch)
    let running = Task(executorPreference: watch) { await server.run() }
    do { try await body(server.port, watch) } catch { Issue.record(error) }
    running.cancel()
    await running.value
  }

  @Test("as many connections as there may be; the next is told so, until one ends")
  func connections() async throws {
    var limits = patient
    limits.connections = 2
    try await withServer(limits) { port, watch in
      let (one, two) = (try Caller(port: port, watch), try Caller(port: port, watch))
      let third = try Caller(port: port, watch)
      #expect(await third.hear().contains("503 "))
      #expect(try await one.status(port) == "200")
      one.socket.close()
      third.socket.close()
      // The server may not have seen yet that there is room.
      var status = "503"
      for _ in 0..<200 where status == "503" {
        let next = try Caller(port: port, watch)
        status = try await next.status(port)
        next.socket.close()
        await watch.sleep(for: .milliseconds(10))
      }
      #expect(status == "200")
      #expect(try await two.status(port) == "200")
      two.socket.close()
    }
  }

  @Test("between two wishes about sheets a guest waits; others do not")
  func sheets() async throws {
    var limits = patient
    limits.betweenSheets = .milliseconds(400)
    try await withServer(limits) { port, watch in
      let call = { () async throws -> Caller in
        let caller = try Caller(port: port, watch)
        try await caller.send(
          "GET /ws HTTP/1.1\r\nHost: localhost:\(port)\r\nOrigin: http://localhost:\(port)\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        _ = await caller.hear(until: "hello")
        return caller
      }
      let list = { (number: Int) in frame(0x81, #"{"type":"sheets","seq":\#(number)}"#) }
      let (one, other) = (try await call(), try await call())
      let start = ContinuousClock.now
      try await one.socket.send(list(1))
      #expect(await one.hear(until: #""seq":1,"#).contains("no-folder"))
      try await one.socket.send(list(2))
      try await other.socket.send(list(3))
      #expect(await other.hear(until: #""seq":3,"#).contains("no-folder"))
      let others = ContinuousClock.now - start
      #expect(await one.hear(until: #""seq":2,"#).contains("no-folder"))
      let own = ContinuousClock.now - start
      #expect(own >= .milliseconds(400) && others < own, "\(own), \(others)")
      one.socket.close()
      other.socket.close()
    }
  }
}
