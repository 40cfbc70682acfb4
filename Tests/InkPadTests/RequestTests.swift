import Mechanics
import Testing

@testable import InkPad

@Suite struct RequestTests {
  @Test("a request as browsers send it")
  func request() throws {
    let head = try #require(
      RequestHead(
        Array("GET /ws?x=1 HTTP/1.1\r\nHost: a:1\r\nX-Two: 1\r\nx-two:\t2 \r\nEmpty:".utf8)))
    #expect(head.method == "GET" && head.path == "/ws" && head.target == "/ws?x=1")
    #expect(head["host"] == "a:1")
    #expect(head.headers["x-two"] == ["1", "2"] && head["x-two"] == nil)
    #expect(head["empty"]?.isEmpty == true && head.bodySize == 0)
  }

  @Test("a combining mark after a space, a tab, a colon or a line's end takes nothing with it")
  func marks() throws {
    for space in [" ", "\t", ""] {
      let head = try #require(
        RequestHead(Array("GET / HTTP/1.1\r\nX:\(space)\u{59e}a\u{301}\r\nY: 1".utf8)))
      #expect(head["x"]?.unicodeScalars.first == "\u{59e}" && head["y"] == "1", "\(space)")
    }
    #expect(RequestHead(Array("GET / HTTP/1.1\u{301}\r\nX: 1".utf8)) == nil)
    #expect(RequestHead(Array("GET / HTTP/1.1\r\n\u{301}X: 1".utf8)) == nil)
  }

  static let wrong: [String] = [
    "", "GET", "GET /", "GET / HTTP/2.0", "get / HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 ",
    " GET / HTTP/1.1", "GET /\t HTTP/1.1", "GET / HTTP/1.1\r\nHost : x", "GET / HTTP/1.1\r\n: x",
    "GET / HTTP/1.1\r\nHost x", "GET / HTTP/1.1\r\n folded", "GET / HTTP/1.1\r\nA: b\r\n c",
    "GET / HTTP/1.1\rHost: x", "GET / HTTP/1.1\r\nHost: a\rb", "GET /\0 HTTP/1.1",
    "GET / HTTP/1.1\r\nHost: \u{7f}", "GET / HTTP/1.1\r\n\r\n", "G\u{c9}T / HTTP/1.1",
  ]

  @Test("what is no request is refused", arguments: wrong)
  func refused(_ text: String) { #expect(RequestHead(Array(text.utf8)) == nil) }

  @Test("bytes that are no UTF-8, and any prefix or damage, are refused or read, and that is all")
  func damage() {
    let good = Array("GET / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 12".utf8)
    #expect(RequestHead(good + [0xff]) == nil)
    var generator = SplitMix64(seed: 1)
    for _ in 0..<500 {
      var bytes = Array(good.prefix(Int.random(in: 0...good.count, using: &generator)))
      for place in bytes.indices where Int.random(in: 0..<20, using: &generator) == 0 {
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
      if let head = RequestHead(bytes) { #expect(head.bodySize ?? 0 >= 0) }
    }
  }

  @Test("sizes of bodies")
  func bodies() throws {
    let size = { (headers: String) in
      try #require(RequestHead(Array("GET / HTTP/1.1\r\n\(headers)".utf8))).bodySize
    }
    #expect(try size("Content-Length: 7") == 7)
    for headers in [
      "Content-Length: -1", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: +1",
      "Content-Length: 0x1", "Content-Length:", "Content-Length: 99999999999999999999",
      "Transfer-Encoding: chunked",
    ] { #expect(try size(headers) == nil, "\(headers)") }
  }

  @Test("names that this server goes by")
  func hosts() {
    let local = HostRule(host: "127.0.0.1", port: 8828)
    for host in ["127.0.0.1:8828", "localhost:8828", "LOCALHOST:8828", "[::1]:8828"] {
      #expect(local.accepts(host: host), "\(host)")
    }
    for host in [
      nil, "", "127.0.0.1", "127.0.0.1:88", "127.0.0.1:8828:8828", "evil.com:8828", "evil.com",
      "localhost.evil.com:8828", "192.168.1.2:8828", "::1:8828", "[::1]", "[localhost]:8828",
      "localhost:+8828", "localhost:", ":8828", "127.0.0.1:8828 evil", "a@localhost:8828",
      "localhost:8828/", "[::1]:8828]", "localhost:74364",
    ] { #expect(!local.accepts(host: host), "\(host ?? "nil")") }
    let open = HostRule(host: "0.0.0.0", port: 8828)
    for host in ["192.168.1.2:8828", "[fe80::1]:8828", "localhost:8828"] {
      #expect(open.accepts(host: host), "\(host)")
    }
    #expect(!open.accepts(host: "evil.com:8828"))
    #expect(HostRule(host: "::1", port: 80).accepts(host: "[::1]"))
    #expect(local.accepts(origin: "http://localhost:8828", host: "localhost:8828"))
    for origin in [
      "null", "http://evil.com", "https://localhost:8828", "http://127.0.0.1:8828",
      "http://localhost:8828.evil.com", "http://localhost", "", "file://",
    ] { #expect(!local.accepts(origin: origin, host: "localhost:8828"), "\(origin)") }
  }
}

/// Names that are allowed for forwarded ports and proxies.
@Suite struct AllowedHostTests {
  private let rule = HostRule(host: "127.0.0.1", port: 8828, allowed: ["Pad.Example.org", "box"])

  @Test("an allowed name is answered with any port, and others as before")
  func hosts() {
    for host in ["pad.example.org", "PAD.example.org:443", "box:9000", "127.0.0.1:8828"] {
      #expect(rule.accepts(host: host), "\(host)")
    }
    for host in [
      "example.org", "evil.pad.example.org", "pad.example.org.", "box:", "box:x", "[box]:1",
      "pad.example.org.evil.com", "localhost:9000", "box:99999",
    ] { #expect(!rule.accepts(host: host), "\(host)") }
  }

  @Test("TLS may end at a proxy of an allowed name, and of no other")
  func origins() {
    #expect(rule.accepts(origin: "https://pad.example.org", host: "pad.example.org"))
    #expect(rule.accepts(origin: "http://box:9000", host: "box:9000"))
    #expect(!rule.accepts(origin: "https://127.0.0.1:8828", host: "127.0.0.1:8828"))
    #expect(!rule.accepts(origin: "https://evil.com", host: "pad.example.org"))
    #expect(!rule.accepts(origin: "https://pad.example.org:444", host: "pad.example.org"))
  }

  @Test("a refusal names what was asked for, and the option where it would help")
  func refusals() {
    #expect(
      rule.refusal(host: "evil.com:8828")
        == "this server does not go by the name 'evil.com:8828'; if it is yours, start it with "
        + "--allow-host evil.com")
    #expect(!rule.refusal(host: "a b<script>").contains("--allow-host"))
    #expect(rule.refusal(host: nil) == "a request must name its host, once")
    #expect(rule.refusal(host: String(repeating: "x", count: 9000)).utf8.count < 400)
  }

  @Test("names of hosts")
  func names() {
    for name in ["pad", "a.b-c.d_e", "127.0.0.1", "::1", "xn--bcher-kva.example"] {
      #expect(HostRule.isName(name), "\(name)")
    }
    for name in [
      "", ".", "a.", ".a", "a..b", "-a", "a-", "a:1", "a/b", "a b", "é", "*", "*.a", "[::1]",
      "http://a", String(repeating: "a", count: 64),
    ] { #expect(!HostRule.isName(name), "\(name)") }
  }
}
