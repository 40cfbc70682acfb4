import Mechanics
import TestFolders
import Testing

@testable import InkPad

/// What is said over a WebSocket, by guests with and without manners.
extension PadTests {
  @Suite(.serialized) struct Conversation {
    private static func guest(_ port: UInt16) -> RawGuest {
      let guest = RawGuest(port: port)
      let head = guest.greet(port: port)
      #expect(head.hasPrefix("HTTP/1.1 101 "))
      #expect(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
      return guest
    }

    private static let ink = #"{"type":"ink","seq":5,"strokes":[[[9,0]],[[1,2],[3,4]]]}"#

    @Test("a drawing, a digit and a text are answered, with their numbers")
    func answers() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let guest = Self.guest(port)
        guest.say(Self.ink)
        let answer = guest.message() ?? ""
        // The pad's own first question has a number too, before this one or after it.
        #expect(answer.hasPrefix(#"{"type":"ink","seq":5,"order":[1,0],"answer":{"id":""#))
        #expect(answer.contains(#"","size":"#))
        guest.say(#"{"type":"digit","seq":6,"strokes":[]}"#)
        #expect(guest.message()?.hasPrefix(#"{"type":"digit","seq":6,"order":[],"#) == true)
        guest.say(#"{"type":"text","seq":7,"text":"1÷2"}"#)
        #expect(
          guest.message()?.contains(#""seq":7,"order":[],"answer":{"id":"2","text":"1÷2=1/2""#)
            == true)
      }
    }

    @Test("fragments, with a ping between them, are one message")
    func fragments() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let guest = Self.guest(port)
        let bytes = Array(Self.ink.utf8)
        guest.send(RawGuest.masked(Array(bytes[..<9]), isLast: false), step: 1)
        guest.send(RawGuest.masked(Array("hey".utf8), kind: 9))
        guest.send(RawGuest.masked([], kind: 0, isLast: false))
        guest.send(RawGuest.masked(Array(bytes[9...]), kind: 0))
        var found: [String] = []
        while found.count < 2, let frame = guest.frame() {
          if frame.kind == .pong { found.append(String(decoding: frame.payload, as: UTF8.self)) }
          let text = String(decoding: frame.payload, as: UTF8.self)
          if frame.kind == .text, text.hasPrefix(#"{"type":"ink","seq":5"#) {
            found.append("answer")
          }
        }
        #expect(found.sorted() == ["answer", "hey"])
      }
    }

    @Test("frames against the rules end the conversation, with their code")
    func wrongFrames() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let long = [UInt8](repeating: 0x20, count: 600_000)
        let cases: [(what: String, bytes: [UInt8], code: Int)] = [
          ("binary", RawGuest.masked([1, 2, 3], kind: 2), 1003),
          ("no UTF-8", RawGuest.masked([0x22, 0xff, 0x22]), 1007),
          ("half a character", RawGuest.masked([0xe4, 0xb8]), 1007),
          ("no mask", Frame(kind: .text, payload: [0x7b, 0x7d]).bytes, 1002),
          ("reserved bit", [0xc1] + RawGuest.masked([]).dropFirst(), 1002),
          ("unknown", RawGuest.masked([], kind: 7), 1002),
          ("continues nothing", RawGuest.masked([0x7b], kind: 0), 1002),
          (
            "two beginnings", RawGuest.masked([0x7b], isLast: false) + RawGuest.masked([0x7b]), 1002
          ),
          ("ping in parts", RawGuest.masked([], kind: 9, isLast: false), 1002),
          ("long ping", RawGuest.masked([UInt8](repeating: 0, count: 126), kind: 9), 1002),
          ("2^63 bytes", [0x81, 0xff, 0x80] + [UInt8](repeating: 0, count: 11), 1009),
          ("1 MiB and one byte", [0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0], 1009),
          (
            "long in parts",
            RawGuest.masked(long, isLast: false) + RawGuest.masked(long, kind: 0), 1009
          ),
          ("closed", RawGuest.masked([0x03, 0xe8], kind: 8), 1000),
          ("closed without a code", RawGuest.masked([], kind: 8), 1000),
          ("closed oddly", RawGuest.masked([7], kind: 8), 1000),
        ]
        for (what, bytes, code) in cases {
          let guest = Self.guest(port)
          guest.send(bytes)
          #expect(guest.message() == "close \(code)", "\(what)")
          #expect(guest.message() == nil, "\(what): the server ends too")
        }
      }
    }

    @Test("messages that ask nothing are refused, and the conversation goes on")
    func refusals() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let guest = Self.guest(port)
        let wrong = [
          "", "hello", "[]", "{}", #"{"type":"ink","seq":1,"strokes":[[]]}"#,
          #"{"type":"x","seq":1}"#,
        ]
        for text in wrong {
          guest.say(text)
          let answer = guest.message() ?? "nothing"
          #expect(answer.hasPrefix(#"{"type":"refused","reason":""#), "\(text): \(answer)")
        }
        guest.say(Self.ink)
        #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
      }
    }

    @Test("cut short at any byte, a conversation just ends, and the next guest is served")
    func cutShort() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let bytes = RawGuest.masked(Array(Self.ink.utf8))
        for count in stride(from: 0, to: bytes.count, by: 5) {
          Self.guest(port).send(Array(bytes[..<count]))
        }
        let guest = Self.guest(port)
        guest.send(bytes, step: 1)
        #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
      }
    }

    @Test("noise of any sort does not end the server")
    func noise() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        var generator = SplitMix64(seed: 1)
        for _ in 0..<60 {
          let guest = Bool.random(using: &generator) ? Self.guest(port) : RawGuest(port: port)
          guest.send(
            (0..<Int.random(in: 1...300, using: &generator)).map { _ in
              UInt8.random(in: 0...255, using: &generator)
            })
        }
        let guest = Self.guest(port)
        guest.say(Self.ink)
        #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
      }
    }

    /// A pipeline that takes its time.
    private static let slow =
      #"while IFS= read -r line; do sleep 0.2; echo "${line%%,*},\"size\":${#line}}"; done"#

    @Test("drawings that are overtaken are never answered, and only the last one waits")
    func overtaken() throws {
      try Pad.run(calculator: Self.slow) { pad in
        let port = pad.port
        let guest = Self.guest(port)
        for number in 1...300 { guest.say(#"{"type":"ink","seq":\#(number),"strokes":[[[1,2]]]}"#) }
        #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":300,"#) == true)
        guest.say(#"{"type":"text","seq":301,"text":"1"}"#)
        #expect(guest.message()?.hasPrefix(#"{"type":"text","seq":301,"#) == true)
      }
    }

    @Test("a pipeline that hangs is started anew: its question is given up, the next is answered")
    func hang() throws {
      let script = #"""
        while IFS= read -r line; do
          case $line in *666*) sleep 1000 ;; esac; echo "${line%%,*},\"size\":${#line}}"
        done
        """#
      try Pad.run(calculator: script) { pad in
        let guest = RawGuest(port: pad.port, patience: 60)
        _ = guest.greet(port: pad.port)
        guest.say(#"{"type":"ink","seq":1,"strokes":[[[666,2]]]}"#)
        #expect(guest.message() == #"{"type":"ink","seq":1,"order":[0],"answer":null}"#)
        guest.say(Self.ink)
        #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
      }
    }

    @Test("the pipelines know of the environment what they need, and nothing else")
    func environment() throws {
      try withFolder { folder in
        let script = "env > '\(folder)/env'; \(Pad.echo)"
        let variables = ["CONVOY_TEXT=1", "TEXT=1", "BASH_ENV=/none", "CONVOY_BEST=3"]
        try Pad.run(calculator: script, variables: variables) { pad in
          let guest = Self.guest(pad.port)
          guest.say(Self.ink)
          #expect(guest.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
        }
        let known = (text("\(folder)/env") ?? "").split(separator: "\n")
          .map { String($0.prefix { $0 != "=" }) }
        #expect(known.contains("CONVOY_BEST") && known.contains("PATH"))
        // What the shell itself sets is its own.
        let expected = ["PATH", "HOME", "TMPDIR", "CONVOY_BEST", "PWD", "OLDPWD", "SHLVL", "_"]
        #expect(Set(known).isSubset(of: expected), "\(known)")
      }
    }

    @Test("a guest that does not read costs no memory and does not hold up the others")
    func deaf() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let port = pad.port
        let deaf = Self.guest(port)
        let large = String(repeating: "[1,2],", count: 10_000)
        for number in 1...40 {
          deaf.say(#"{"type":"ink","seq":\#(number),"strokes":[[\#(large)[1,2]]]}"#)
          for _ in 0..<50 { deaf.say("no question \(number)") }
        }
        let other = Self.guest(port)
        let size =
          (text("/proc/\(pad.process.id)/status") ?? "").split(separator: "\n")
          .first { $0.hasPrefix("VmRSS:") }?.split(separator: " ")[1] ?? "0"
        #expect((Int(size) ?? 0) < 100_000, "kB of memory")
        other.say(Self.ink)
        #expect(other.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
      }
    }
  }
}
