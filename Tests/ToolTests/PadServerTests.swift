import TestFolders
import Testing

@testable import InkPad

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Guests with and without manners, over sockets.
extension PadTests {
  @Suite(.serialized) struct Server {
    private static func get(_ target: String, _ port: UInt16, _ headers: String = "") -> String {
      "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(headers)\r\n"
    }

    @Test("the page, its style and its script, with what they may do")
    func page() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        for (target, type) in [
          ("/", "text/html"), ("/?debug", "text/html"), ("/worker.js", "text/javascript"),
          ("/\(Resources.version)/style.css", "text/css"),
          ("/\(Resources.version)/main.js", "text/javascript"),
          ("/\(Resources.version)/alphabet.js", "text/javascript"),
        ] {
          let guest = RawGuest(port: port)
          guest.send(Self.get(target, port))
          let answer = guest.rest()
          #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(target)")
          for header in [
            "Content-Type: \(type); charset=utf-8", "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'; script-src 'self'", "Connection: close",
          ] { #expect(answer.contains("\r\n\(header)"), "\(target) lacks \(header)") }
        }
      }
    }

    static let disguises = [
      "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
      "/....//etc/passwd",
      "/..\\..\\etc\\passwd", "/..%5c..%5cetc/passwd", "/%252e%252e/etc/passwd", "//etc/passwd",
      "///etc/passwd", "/./../etc/passwd", "/style.css", "/main.js",
      "/worker.js/../../../etc/passwd",
      "/%c0%ae%c0%ae/etc/passwd",
      "/etc/passwd%00.css", "/style.css%00", "/..;/etc/passwd", "/main.js/", "/.", "/..", "/%2f",
      "/index.html", "/page/index.html", "/STYLE.CSS", "/style.css.", "file:///etc/passwd",
      "http://127.0.0.1/", "*", "/ws/../style.css", "/%73tyle.css", "/styl\u{e9}.css", "etc/passwd",
      "/..%u2216etc/passwd", "/proc/self/environ",
    ]

    @Test("no path but those of the page exists, in whatever disguise")
    func traversal() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        for target in Self.disguises {
          let guest = RawGuest(port: port)
          guest.send(Self.get(target, port))
          let answer = guest.rest()
          #expect(answer.hasPrefix("HTTP/1.1 404 "), "\(target): \(answer.prefix(40))")
          #expect(!answer.contains("root:"))
        }
      }
    }

    @Test("other names and other pages are turned away")
    func strangers() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let own = "127.0.0.1:\(port)"
        let cases: [(headers: String, status: Int)] = [
          ("Host: \(own)\r\n", 200), ("Host: localhost:\(port)\r\n", 200),
          ("Host: \(own)\r\nOrigin: http://\(own)\r\n", 200),
          ("", 403), ("Host: evil.com\r\n", 403), ("Host: evil.com:\(port)\r\n", 403),
          ("Host: 127.0.0.1\r\n", 403), ("Host: \(own)\r\nHost: \(own)\r\n", 403),
          ("Host: \(own)\r\nHost: evil.com\r\n", 403),
          ("Host: \(own)\r\nOrigin: http://evil.com\r\n", 403),
          ("Host: \(own)\r\nOrigin: null\r\n", 403),
          ("Host: \(own)\r\nOrigin: http://localhost:\(port)\r\n", 403),
          ("Host: \(own)\r\nOrigin: http://\(own)\r\nOrigin: http://\(own)\r\n", 403),
        ]
        for (headers, status) in cases {
          let guest = RawGuest(port: port)
          guest.send("GET / HTTP/1.1\r\n\(headers)\r\n")
          #expect(guest.status() == status, "\(headers)")
        }
        for origin in ["http://evil.com", "null", "", "http://127.0.0.1:\(port).evil.com"] {
          #expect(RawGuest(port: port).greet(port: port, origin: origin).hasPrefix("HTTP/1.1 403 "))
        }
        let silent = RawGuest(port: port)
        silent.send(
          Self.get(
            "/ws", port,
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
        #expect(silent.status() == 403)
      }
    }

    @Test("requests that are wrong, large or of another sort")
    func wrongRequests() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let host = "Host: 127.0.0.1:\(port)\r\n"
        let cases: [(request: String, status: Int)] = [
          ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", 405),
          ("HEAD / HTTP/1.1\r\n\(host)\r\n", 405), ("DELETE /ws HTTP/1.1\r\n\(host)\r\n", 405),
          ("POST /x HTTP/1.1\r\n\(host)\r\n", 404),
          ("POST / HTTP/1.1\r\n\(host)Content-Length: 1048577\r\n\r\n", 413),
          ("POST / HTTP/1.1\r\n\(host)Content-Length: 999999999999\r\n\r\n", 413),
          ("POST / HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\n", 400),
          ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
          ("GET / HTTP/3.0\r\n\(host)\r\n", 400), ("hello\r\n\r\n", 400), ("\r\n\r\n", 400),
          ("\u{16}\u{3}\u{1}\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: 127.0.0.1:\(port)\n\n", 200),
          ("GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "y", count: 17000))\r\n\r\n", 431),
          (String(repeating: "z", count: 1 << 20), 431),
          ("GET /ws HTTP/1.1\r\n\(host)Origin: http://127.0.0.1:\(port)\r\n\r\n", 426),
          (
            "GET /ws HTTP/1.1\r\n\(host)Origin: http://127.0.0.1:\(port)\r\nUpgrade: websocket\r\n"
              + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n",
            426
          ),
        ]
        for (request, status) in cases {
          let guest = RawGuest(port: port)
          guest.send(request)
          #expect(guest.status() == status, "\(request.prefix(60))")
        }
        let bytewise = RawGuest(port: port)
        bytewise.send(Array(Self.get("/worker.js", port).utf8), step: 1)
        #expect(bytewise.status() == 200)
      }
    }

    @Test("a late request is told so, a silent guest is hung up on, and others do not wait")
    func slow() throws {
      try Pad.run(["--idle", "1"], calculator: Pad.echo) { pad in
        let port = pad.port
        let silent = RawGuest(port: port)
        let half = RawGuest(port: port)
        half.send("GET / HTTP/1.1\r\nHo")
        let mute = RawGuest(port: port)
        #expect(mute.greet(port: port).hasPrefix("HTTP/1.1 101 "))
        mute.send(Array(RawGuest.masked(Array("{}".utf8)).prefix(3)))
        let quick = RawGuest(port: port)
        quick.send(Self.get("/", port))
        #expect(quick.status() == 200)
        #expect(half.status() == 408 && silent.rest().isEmpty)
        // A page that answers no ping is gone; what it is sent until then are news and pings.
        while let frame = mute.frame() { #expect(frame.kind == .text || frame.kind == .ping) }
      }
    }

    @Test("a page that answers pings may be silent for long")
    func alive() throws {
      try Pad.run(["--idle", "1"], calculator: Pad.echo) { pad in
        let port = pad.port
        let guest = RawGuest(port: port)
        _ = guest.greet(port: port)
        var pings = 0
        while pings < 6, let frame = guest.frame() {
          guard frame.kind == .ping else { continue }
          pings += 1
          guest.send(RawGuest.masked(frame.payload, kind: 10))
        }
        guest.say(#"{"type":"text","seq":1,"text":"1+1"}"#)
        #expect(guest.message()?.contains(#""text":"1+1=2""#) == true)
      }
    }

    @Test("the 65th connection is told that there are 64, and room is made again")
    func full() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        var guests = (0..<64).map { _ in RawGuest(port: port) }
        for guest in guests { #expect(guest.greet(port: port).hasPrefix("HTTP/1.1 101 ")) }
        let late = RawGuest(port: port)
        late.send(Self.get("/", port))
        #expect(late.rest().hasPrefix("HTTP/1.1 503 "))
        // Programs that are started meanwhile do not keep guests' sockets open.
        let other = Process(["sleep", "60"])
        defer {
          kill(-other.id, SIGKILL)
          _ = other.finish()
        }
        guests.removeAll()
        // On a busy machine it takes a while until all 64 are seen to have gone.
        var status: Int?
        for _ in 0..<100 where status != 200 {
          if status != nil { usleep(100_000) }
          let next = RawGuest(port: port)
          next.send(Self.get("/", port))
          status = next.status()
        }
        #expect(status == 200)
      }
    }
  }
}
