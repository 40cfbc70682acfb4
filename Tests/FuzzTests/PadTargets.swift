import Streams

@testable import InkPad

let padTargets = [
  FuzzTarget(
    "http",
    words: [
      "GET / HTTP/1.1\r\n", "Host: localhost:1", "\r\n", "Content-Length: ", "Transfer-Encoding: ",
      "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Key: ", "[::1]:8828",
      "Origin: http://localhost:1",
    ],
    seeds: {
      [
        Array(
          ("GET /ws?x=1 HTTP/1.1\r\nHost: localhost:8828\r\nOrigin: http://localhost:8828\r\n"
            + "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 12").utf8)
      ]
    }
  ) { bytes in
    guard let head = RequestHead(bytes) else { return }
    try hold(head.bodySize ?? 0 >= 0, "a body of \(head.bodySize ?? 0) bytes")
    _ = (head.path, head.lists("upgrade", in: "connection"))
    for host in ["localhost", "0.0.0.0", "::1"] {
      _ = HostRule(host: host, port: 8828).accepts(host: head["host"])
    }
    if let key = head["sec-websocket-key"], Handshake.isKey(key) {
      try hold(Handshake.acceptance(of: key).utf8.count == 28, "an answer of another length")
    }
    // Written down again as it was understood, it is the same request.
    let lines = head.headers.sorted { $0.key < $1.key }
      .flatMap { name, values in values.map { "\r\n\(name): \($0)" } }
    let again = RequestHead(Array("\(head.method) \(head.target) HTTP/1.1\(lines.joined())".utf8))
    try hold(again == head, "written again, it is another request")
  },
  FuzzTarget(
    "websocket",
    seeds: {
      [
        [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
        [0x01, 0x81, 0, 0, 0, 0, 0x61, 0x89, 0x80, 0, 0, 0, 0, 0x80, 0x81, 0, 0, 0, 0, 0x62],
        [0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0x61, 0x88, 0x82, 0, 0, 0, 0, 3, 0xe8],
      ]
    }
  ) { bytes in
    var rest = Array(bytes)[...]
    func take(_ count: Int) -> [UInt8]? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    var messages = MessageAssembly(limit: 300)
    while let two = take(2), let head = take(try FrameHead.rest(two[1])) {
      let frame = try FrameHead(two[0], two[1], head, limit: messages.room)
      guard let masked = take(frame.size) else { return }
      let payload = frame.unmasked(masked)
      try hold(frame.unmasked(payload) == masked, "a mask does not undo itself")
      let message: MessageAssembly.Message?
      do { message = try messages.add(frame, masked) } catch let closing as Closing
        where closing == .done
      { return }
      guard case .text(let text)? = message else { continue }
      try hold(text.count <= 300, "a message of \(text.count) bytes")
      // A server's own frames have a head that says the same.
      var sent = Frame(kind: .text, payload: text).bytes
      sent[1] |= 0x80
      let size = try FrameHead.rest(sent[1])
      let mask = Array(sent[2..<(size - 2)]) + [0, 0, 0, 0]
      let back = try FrameHead(sent[0], sent[1], mask, limit: 300)
      try hold(back.size == text.count && back.isLast, "a frame that is sent says another size")
    }
  },
  FuzzTarget(
    "questions",
    words: [
      "{\"type\":\"ink\"", "\"seq\":7", "\"strokes\":[[[0,0],[1,1]]]", "{\"type\":\"digit\"",
      "{\"type\":\"text\"", "\"text\":\"1+2=\"",
    ],
    seeds: {
      [
        #"{"type":"ink","seq":7,"strokes":[[[0,0],[1,1]],[[2,0],[2,3]]]}"#,
        #"{"type":"text","seq":8,"text":"1+2="}"#,
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    let question = try Question(Array(bytes))
    try hold(!question.content.contains { $0 < 0x20 }, "a line with the end of one in it")
    try hold((0...1 << 52).contains(question.number), "a number of \(question.number)")
    try hold(
      question.order.sorted() == Array(question.order.indices), "strokes in no order at all")
  },
]
