import Mechanics
import Streams
import TestFolders
import Testing

@testable import InkPad

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sheets that the server keeps, over sockets.
extension PadTests {
  @Suite(.serialized) struct SheetTests {
    private func guest(_ pad: Pad) -> RawGuest {
      let guest = RawGuest(port: pad.port)
      _ = guest.greet(port: pad.port)
      return guest
    }

    /// The member of an answer, as text.
    private func member(_ name: String, of message: String?) -> String? {
      let bytes = Array((message ?? "{}").utf8)
      return try? bytes.withUnsafeBytes { bytes in
        try withJSON(bytes, name: "answer") { $0[name]?.string }
      }
    }

    private func sheets(_ folder: String) -> [String] {
      names(folder).filter { $0.hasSuffix(".ndjson") }
    }

    @Test("a server without a folder says so, and one with a folder greets with it")
    func greeting() throws {
      try Pad.run(calculator: Pad.echo) { pad in
        let plain = guest(pad)
        #expect(
          plain.frame().map { String(decoding: $0.payload, as: UTF8.self) }
            == #"{"type":"hello","version":"\#(Resources.version)","keeps":false}"#)
        plain.say(#"{"type":"sheets","seq":7}"#)
        let answer = plain.message()
        #expect(answer?.hasPrefix(#"{"type":"sheet-refused","seq":7,"#) == true)
        #expect(member("code", of: answer) == "no-folder")
      }
      try withFolder { folder in
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { pad in
          let other = guest(pad)
          #expect(
            other.frame().map { String(decoding: $0.payload, as: UTF8.self) }?
              .hasSuffix(#""keeps":true}"#) == true)
          other.say(#"{"type":"open","seq":1,"sheet":"../../etc/passwd"}"#)
          #expect(member("code", of: other.message()) == "bad-message")
        }
      }
    }

    @Test(
      "kept, killed at once, started again: all that was answered is there, and the calculator reads it"
    )
    func killed() throws {
      try withFolder { folder in
        var kept: [String: Int] = [:]
        for round in 0..<5 {
          let pad = Pad.start(["--folder", "\(folder)/sheets"], calculator: Pad.echo, in: folder)
          let guest = guest(pad)
          for count in 1...(3 + round) {
            let strokes = (1...count).map { "[[\($0),\(round)],[9,9]]" }.joined(separator: ",")
            guest.say(#"{"type":"keep","seq":\#(count),"strokes":[\#(strokes)]}"#)
            let id = try #require(member("sheet", of: guest.message()))
            kept[id] = count
          }
          // This one may be lost, but nothing else.
          guest.say(#"{"type":"keep","seq":99,"strokes":[[[5,5]]]}"#)
          usleep(UInt32(round * 2000))
          pad.killAtOnce()
        }
        for (id, count) in kept {
          let line = text("\(folder)/sheets/\(id).ndjson") ?? ""
          #expect(line.hasSuffix("]]}\n") && line.ranges(of: "[9,9]").count == count, "\(id)")
        }
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { pad in
          let guest = guest(pad)
          guest.say(#"{"type":"sheets","seq":1}"#)
          let list = guest.message() ?? ""
          for id in kept.keys { #expect(list.contains(#"{"sheet":"\#(id)","#)) }
          // What a dead server has left half written is gone when the next sheet is written.
          guest.say(#"{"type":"keep","seq":2,"strokes":[[[6,6]]]}"#)
          #expect(member("type", of: guest.message()) == "kept")
        }
        let answer = bash("cat \(folder)/sheets/*.ndjson | pipelines/mnist-calc")
        #expect(answer.ending == .exit(0), "\(answer.errors)")
      }
    }

    @Test(
      "a page that has listed the sheets is told when another one changes them, and no other is")
    func spread() throws {
      try withFolder { folder in
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { pad in
          let (lists, writes, other) = (guest(pad), guest(pad), guest(pad))
          for guest in [lists, writes] {
            guest.say(#"{"type":"sheets","seq":1}"#)
            #expect(member("type", of: guest.message()) == "sheets")
          }
          writes.say(#"{"type":"keep","seq":2,"strokes":[[[6,6]]]}"#)
          let id = try #require(member("sheet", of: writes.message()))
          #expect(lists.message() == #"{"type":"sheets-changed"}"#)
          writes.say(#"{"type":"open","seq":3,"sheet":"\#(id)"}"#)
          #expect(member("type", of: writes.message()) == "sheet")
          writes.say(#"{"type":"discard","seq":4,"sheet":"\#(id)"}"#)
          #expect(member("type", of: writes.message()) == "discarded")
          #expect(lists.message() == #"{"type":"sheets-changed"}"#)
          other.say(#"{"type":"ink","seq":5,"strokes":[[[1,2]]]}"#)
          #expect(member("type", of: other.message()) == "ink")
        }
      }
    }

    @Test("a folder that cannot be is told of before anything listens")
    func folders() throws {
      try withFolder { folder in
        put("", "\(folder)/file")
        for (path, status): (String, Int32) in [("file", 74), ("none/x", 74), ("file/x", 74)] {
          let outcome = bash("ink-pad --port 0 --folder '\(folder)/\(path)'")
          #expect(outcome.ending == .exit(status) && outcome.output.isEmpty, "\(path)")
          #expect(
            outcome.errorLines.count == 1
              && outcome.errors.hasPrefix("ink-pad: \(folder)/\(path): "), "\(outcome.errors)")
        }
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { _ in
          let second = bash("ink-pad --port 0 --folder '\(folder)/sheets'")
          #expect(second.ending == .exit(75) && second.output.isEmpty)
          #expect(second.errors.hasSuffix("/sheets: another pad keeps its sheets there\n"))
        }
        // Its lock goes with it.
        #expect(names("\(folder)/sheets").isEmpty)
      }
    }

    @Test(
      "a folder that is taken away: the page is told, without our paths, and the server serves on")
    func gone() throws {
      try withFolder { folder in
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { pad in
          let guest = guest(pad)
          #expect(bash("rm -r '\(folder)/sheets'").ending == .exit(0))
          for _ in 0..<2 {
            guest.say(#"{"type":"keep","seq":1,"strokes":[[[5,5]]]}"#)
            let answer = guest.message()
            #expect(member("code", of: answer) == "sheet-unwritten")
            #expect(answer?.contains(folder) == false)
          }
          mkdir("\(folder)/sheets", 0o755)
          guest.say(#"{"type":"keep","seq":1,"strokes":[[[5,5]]]}"#)
          #expect(member("type", of: guest.message()) == "kept")
        }
      }
    }

    @Test(
      "10,000 sheets that a guest sends at once are few writes, and others are answered meanwhile")
    func flood() throws {
      try withFolder { folder in
        try Pad.run(["--folder", "\(folder)/sheets"], calculator: Pad.echo) { pad in
          let flood = guest(pad)
          let other = guest(pad)
          let start = monotonicSeconds()
          for number in 1...10_000 {
            flood.say(#"{"type":"keep","seq":\#(number),"strokes":[[[\#(number),5]]]}"#)
          }
          other.say(#"{"type":"ink","seq":5,"strokes":[[[1,2]]]}"#)
          #expect(other.message()?.hasPrefix(#"{"type":"ink","seq":5"#) == true)
          var last = flood.message()
          while let answer = last, !answer.contains(#""seq":10000,"#) { last = flood.message() }
          let seconds = monotonicSeconds() - start
          #expect(member("type", of: last) == "kept")
          // Ten a second at most.
          #expect(Double(sheets("\(folder)/sheets").count) <= 10 * seconds + 2)
        }
      }
    }
  }
}
