import Testing

@testable import InkPad

/// Rules of the pad at their boundaries.
@Suite struct PadRuleTests {
  @Test("SHA-1 of as many bytes as fill a block with its length, and of one more")
  func digests() {
    let hex = { (count: Int) in
      sha1([UInt8](repeating: UInt8(ascii: "a"), count: count))
        .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    for (count, digest) in [
      (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
      (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
      (63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"),
      (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
      (119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"),
      (120, "f34c1488385346a55709ba056ddd08280dd4c6d6"),
    ] { #expect(hex(count) == digest) }
  }

  @Test("a key is 24 characters of base 64, the last two its padding")
  func keys() {
    let key = "dGhlIHNhbXBsZSBub25jZQ=="
    #expect(Handshake.isKey(key))
    #expect(Handshake.acceptance(of: key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    for wrong in [
      "", "A" + key, String(key.dropFirst()), "A=" + key, key.replacing("Z", with: "-"),
      String(key.dropLast()) + "A", key + "==",
    ] { #expect(!Handshake.isKey(wrong), "\(wrong)") }
  }

  @Test("a close has at most 125 bytes, two of them its code; a ping may have as many")
  func controls() throws {
    for (count, size) in [(0, 2), (123, 125), (124, 125), (500, 125)] {
      let closing = Closing(code: 1002, reason: String(repeating: "x", count: count))
      #expect(Frame.close(closing).payload.count == size)
    }
    let mask: [UInt8] = [0, 0, 0, 0]
    #expect(try FrameHead(0x89, 0x80 | 125, mask, limit: 1000).size == 125)
    for extensions: UInt8 in [0x10, 0x20, 0x40] {
      #expect(throws: Closing.self) { try FrameHead(0x81 | extensions, 0x80, mask, limit: 9) }
    }
    #expect(try FrameHead(0x81, 0x80 | 9, mask, limit: 9).size == 9)
    #expect(throws: Closing.self) { try FrameHead(0x81, 0x80 | 9, mask, limit: 8) }
  }

  @Test("what waits to be sent is the newest of each kind, in the order it came; then the end")
  func outbox() async {
    let outbox = Outbox()
    func frame(_ text: String) -> Frame { Frame(kind: .text, payload: Array(text.utf8)) }
    outbox.put(frame("old"), in: .state(.ink))
    outbox.put(frame("other"), in: .state(.text))
    outbox.put(frame("new"), in: .state(.ink))
    #expect(await outbox.next() == [frame("other"), frame("new")])
    outbox.put(frame("last"), in: .refusal)
    outbox.shut(.leaving)
    outbox.put(frame("late"), in: .ping)
    outbox.shut(nil)
    #expect(await outbox.next() == [frame("last"), .close(.leaving)])
    #expect(await outbox.next() == nil)
  }

  private func queue(_ jobs: [(number: Int, guest: Int, content: String)]) -> QuestionQueue {
    var queue = QuestionQueue()
    for job in jobs {
      queue.add(.init(number: job.number, guest: job.guest, content: Array(job.content.utf8)))
    }
    return queue
  }

  @Test("eight questions are in the pipe at most, of guests by turns")
  func window() {
    var queue = queue((1...20).map { ($0, $0 <= 15 ? 1 : 2, "\($0)") })
    var asked: [Int] = []
    while let job = queue.next() { asked.append(job.number) }
    #expect(asked == [1, 16, 2, 17, 3, 18, 4, 19])
    #expect(queue.answered().number == 1)
    #expect(queue.next()?.number == 5 && queue.next() == nil)
  }

  @Test("what a page may ask reaches its limits")
  func questions() throws {
    func question(_ text: String) throws -> Question { try Question(Array(text.utf8)) }
    let text = String(repeating: "1", count: Question.textLimit)
    #expect(try question(#"{"type":"text","seq":0,"text":"\#(text)"}"#).content.count == 4096)
    let most = 1 << 52
    #expect(try question(#"{"type":"text","seq":\#(most),"text":"1"}"#).number == most)
    #expect(throws: (any Error).self) {
      try question(#"{"type":"text","seq":\#(most + 1),"text":"1"}"#)
    }
    let strokes = Array(repeating: "[[1,2]]", count: Question.strokeLimit)
    let list = strokes.joined(separator: ",")
    #expect(try question(#"{"type":"ink","seq":0,"strokes":[\#(list)]}"#).order.count == 1000)
  }

  @Test("every answer keeps the page from others, whatever it is")
  func guards() {
    for response in [
      Response(status: .ok, type: "text/html", body: [1]), .refusal(.notFound, "there is none"),
    ] {
      let head = String(decoding: response.bytes, as: UTF8.self)
      for line in [
        "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
        "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
        "Cache-Control: no-store", "Connection: close",
      ] { #expect(head.contains("\r\n\(line)\r\n"), "\(line)") }
      #expect(head.contains("default-src 'none'") && head.contains("frame-ancestors 'none'"))
    }
  }
}
