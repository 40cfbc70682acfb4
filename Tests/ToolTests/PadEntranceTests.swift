import TestFolders
import Testing

@testable import InkPad

/// Who is let in: by the secret address of `--lan`, by names that are allowed.
extension PadTests {
  @Suite(.serialized) struct EntranceTests {
    private func answer(
      _ target: String, _ pad: Pad, host: String? = nil, _ headers: String = ""
    ) -> String {
      let guest = RawGuest(port: pad.port)
      guest.send(
        "GET \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(pad.port)")\r\n\(headers)\r\n")
      return guest.rest()
    }

    private func status(_ answer: String) -> Int? {
      Int(answer.dropFirst("HTTP/1.1 ".count).prefix(3))
    }

    @Test(
      "--lan: the address is this machine's with a token, and without that there is nothing",
      .enabled(if: lanAddress() != nil, "no network: none"))
    func lan() throws {
      try Pad.run(["--lan"], calculator: Pad.echo) { pad in
        let start = "http://\(lanAddress() ?? ""):\(pad.port)/?token="
        #expect(pad.address.hasPrefix(start))
        let token = String(pad.address.dropFirst(start.count))
        #expect(token.utf8.count == 22)
        let closed = [
          "/", "/?token=", "/?token=\(token)x", "/worker.js", "/none", "/ws", "/icon.svg",
        ]
        for target in closed + ["/\(Resources.version)/main.js", "/ws?token=\(token)"] {
          let answer = answer(target, pad)
          #expect(status(answer) == 403 && !answer.contains(token), "\(target): \(answer)")
        }
        let stranger = RawGuest(port: pad.port)
        #expect(stranger.greet(port: pad.port).hasPrefix("HTTP/1.1 403 "))

        let welcome = answer("/?token=\(token)&debug", pad)
        #expect(status(welcome) == 303 && welcome.contains("\r\nLocation: /?debug\r\n"))
        #expect(welcome.contains("\r\nReferrer-Policy: no-referrer\r\n"))
        let cookie = "Cookie: ink-pad-\(pad.port)=\(token)\r\n"
        #expect(
          welcome.contains("\r\nSet-\(cookie.dropLast()); Path=/; Max-Age=2592000; HttpOnly; Same"))
        for target in ["/", "/worker.js", "/\(Resources.version)/main.js", "/icon-192.png"] {
          #expect(status(answer(target, pad, cookie)) == 200, "\(target)")
        }
        #expect(status(answer("/none", pad, cookie)) == 404)
        // A browser that has an older secret is told in words; what a script asks for, in a line.
        let old = answer("/", pad, "Cookie: ink-pad-\(pad.port)=\(String(token.reversed()))\r\n")
        #expect(old.contains("Content-Type: text/html") && old.contains("prints now"))
        #expect(old.contains("lang=\"zh-CN\"") && status(old) == 403)
        #expect(answer("/icon.svg", pad).contains("Content-Type: text/plain"))
        // Any address of the machine, but no name that was made to point here.
        let other = "\(lanAddress() ?? ""):\(pad.port)"
        #expect(status(answer("/", pad, host: other, cookie)) == 200)
        #expect(status(answer("/", pad, host: "evil.com:\(pad.port)", cookie)) == 403)
        let guest = RawGuest(port: pad.port)
        #expect(guest.greet(port: pad.port, more: cookie).hasPrefix("HTTP/1.1 101 "))
        let foreign = RawGuest(port: pad.port)
        #expect(
          foreign.greet(port: pad.port, origin: "http://evil.com", more: cookie)
            .hasPrefix("HTTP/1.1 403 "))
      }
    }

    @Test(
      "--lan on a terminal: the address, and the code of it",
      .enabled(
        if: lanAddress() != nil && Requirement.terminal.isMet, "no network: none"))
    func terminal() throws {
      let terminal = try Terminal()
      let outcome = bash(
        "NO_COLOR=1 timeout 1 ink-pad --lan --port 0 --pipeline /bin/cat > \(terminal.name)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("who has the address"))
      let lines = terminal.shown().split(whereSeparator: \.isNewline)
      let address = String(lines.first ?? "")
      #expect(
        lines.dropFirst().joined(separator: "\n") + "\n" == qrCode(of: address, isColoured: false))
    }

    @Test("a name is turned away with the option that lets it in, and let in by it")
    func allowed() throws {
      try Pad.run(
        ["--allow-host", "pad.example.org", "--allow-host", "LocalHost"], calculator: Pad.echo
      ) { pad in
        for host in ["pad.example.org", "PAD.example.org:443", "localhost:9000"] {
          #expect(status(answer("/", pad, host: host)) == 200, "\(host)")
        }
        let refused = answer("/", pad, host: "evil.example:80")
        #expect(status(refused) == 403)
        #expect(
          refused.contains(
            "\r\n\r\nthis server does not go by the name 'evil.example:80'; if it is yours, start "
              + "it with --allow-host evil.example\n"))
        for (origin, isLetIn) in [
          ("https://pad.example.org", true), ("http://pad.example.org", true),
          ("https://evil.example", false), ("https://pad.example.org:1", false),
        ] {
          let guest = RawGuest(port: pad.port)
          let head = guest.greet(port: pad.port, origin: origin, host: "pad.example.org")
          #expect(head.hasPrefix("HTTP/1.1 101 ") == isLetIn, "\(origin): \(head)")
        }
      }
    }
  }
}
