import Testing

@testable import InkPad

/// Who is let in, and what each request gets.
@Suite struct ReceptionTests {
  private let token = AccessToken(bits: (1, 2))

  private func receive(
    _ line: String, _ headers: [String], token: AccessToken? = nil
  ) throws -> Reception {
    var limits = Limits()
    limits.message = 1000
    let head = try #require(
      RequestHead(Array(([line + " HTTP/1.1"] + headers).joined(separator: "\r\n").utf8)))
    return Receptionist(
      rule: HostRule(host: "127.0.0.1", port: 8828), token: token, limits: limits
    ).receive(head)
  }

  /// The status that a request gets: 101 where a conversation begins.
  private func status(
    _ line: String, _ headers: [String], token: AccessToken? = nil
  ) throws -> String {
    switch try receive(line, headers, token: token) {
    case .answer(let response): String(response.status.rawValue.prefix(3))
    case .conversation(let greeting):
      String(String(decoding: greeting, as: UTF8.self).dropFirst("HTTP/1.1 ".count).prefix(3))
    }
  }

  private let host = "Host: localhost:8828"
  private let origin = "Origin: http://localhost:8828"
  private let upgrade = [
    "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]

  @Test("a page is given to who names this server, and no other page")
  func pages() throws {
    #expect(try status("GET /", [host]) == "200")
    #expect(try status("GET /?debug", [host, origin]) == "200")
    #expect(try status("GET /no", [host]) == "404")
    #expect(try status("GET /../", [host]) == "404")
    for headers in [
      [], ["Host: evil.com:8828"], [host, host], [host, "Origin: http://evil.com"],
      [host, "Origin: null"], [host, "Origin:"], [host, origin, origin],
      [host, origin, "Origin: http://evil.com"], [host, "Origin: http://127.0.0.1:8828"],
    ] { #expect(try status("GET /", headers) == "403", "\(headers)") }
    for method in ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
      #expect(try status("\(method) /", [host]) == "405")
      #expect(try status("\(method) /ws", [host, origin] + upgrade) == "405")
    }
  }

  @Test("a body is announced in as many bytes as a message may have, and in no other way")
  func bodies() throws {
    for (header, code) in [
      ("Content-Length: 1000", "200"), ("Content-Length: 1001", "413"),
      ("Content-Length: x", "400"), ("Transfer-Encoding: chunked", "400"),
    ] { #expect(try status("GET /", [host, header]) == code, "\(header)") }
  }

  @Test("a conversation begins where this page asks for it, in the words of the standard")
  func conversations() throws {
    #expect(try status("GET /ws", [host, origin] + upgrade) == "101")
    // Browsers always say where they come from.
    #expect(try status("GET /ws", [host] + upgrade) == "403")
    for other in ["Origin: http://evil.com", "Origin: http://localhost", "Origin:"] {
      #expect(try status("GET /ws", [host, other] + upgrade) == "403", "\(other)")
    }
    for place in upgrade.indices {
      var headers = upgrade
      headers.remove(at: place)
      #expect(try status("GET /ws", [host, origin] + headers) == "426", "\(upgrade[place])")
    }
    for (place, header) in [
      (0, "Upgrade: h2c"), (1, "Connection: close"), (2, "Sec-WebSocket-Version: 12"),
      (3, "Sec-WebSocket-Key: short"),
    ] {
      var headers = upgrade
      headers[place] = header
      #expect(try status("GET /ws", [host, origin] + headers) == "426", "\(header)")
    }
  }

  @Test("where there is a token, nothing is given to who has it not: no page, part or conversation")
  func tokens() throws {
    let cookie = "Cookie: ink-pad-8828=\(token.text)"
    let paths = ["/", "/ws", "/icon.svg", "/worker.js", "/\(Resources.version)/main.js", "/no"]
    for path in paths {
      for headers in [[], ["Cookie: ink-pad-8828=x"], ["Cookie: ink-pad-80=\(token.text)"]] {
        #expect(
          try status("GET \(path)", [host, origin] + upgrade + headers, token: token) == "403",
          "\(path) \(headers)")
      }
      let without = try status("GET \(path)", [host, origin] + upgrade)
      let with = try status("GET \(path)", [host, origin, cookie] + upgrade, token: token)
      #expect(with == without, "\(path)")
    }
    #expect(try status("GET /?token=\(token.text)", [host], token: token) == "303")
    #expect(try status("POST /?token=\(token.text)", [host], token: token) == "403")
    let shown = "GET /ws?token=\(token.text)"
    #expect(try status(shown, [host, origin] + upgrade, token: token) == "403")
    // The token is no way around the rule for names.
    #expect(try status("GET /", ["Host: evil.com:8828", cookie], token: token) == "403")
  }
}
