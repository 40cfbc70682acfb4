import TestFolders
import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe that gives its bytes in pieces, each only when the reader would block.
private final class SlowPipe {
  private var pieces: ArraySlice<[UInt8]>
  private var ends: [Int32] = [-1, -1]
  private(set) var waits = 0

  init(_ pieces: [[UInt8]]) {
    self.pieces = pieces[...]
    #expect(pipe(&ends) == 0)
  }

  deinit { for end in ends where end >= 0 { close(end) } }

  var path: String { "/dev/fd/\(ends[0])" }

  /// Sends the next piece; after the last one the pipe ends.
  func feed() {
    waits += 1
    if let piece = pieces.popFirst() {
      #expect(write(ends[1], piece, piece.count) == piece.count)
    } else if ends[1] >= 0 {
      close(ends[1])
      ends[1] = -1
    }
  }
}

struct LinesTests {
  private func lines(_ input: ByteReader) throws -> [String] {
    var lines: [String] = []
    try input.lines { lines.append("\(input.lineNumber):\(String(decoding: $0, as: UTF8.self))") }
    return lines
  }

  @Test(arguments: [
    ("", []), ("a", ["1:a"]), ("a\n", ["1:a"]), ("a\nb", ["1:a", "2:b"]),
    ("a\r\nb\r\n", ["1:a", "2:b"]), ("a\r", ["1:a"]), ("\n\r\n \t\na\n\n", ["4:a"]),
    ("\u{feff}a\n\u{feff}b", ["1:a", "2:\u{feff}b"]), ("\u{feff}", []), ("a\rb\n", ["1:a\rb"]),
    (" a \n", ["1: a "]), ("\n", []), ("é\n", ["1:é"]),
  ])
  func ends(_ text: String, _ expected: [String]) throws {
    #expect(try reading(Array(text.utf8), lines) == expected)
    // A byte at a time, the reader gets the same; it never waits without having been able to flush.
    let slow = SlowPipe(text.utf8.map { [$0] })
    let input = ByteReader([slow.path])
    input.willBlock = slow.feed
    #expect(try lines(input) == expected)
  }

  @Test("empty lines are passed by the window, and counted", arguments: [false, true])
  func manyEmptyLines(packed: Bool) throws {
    let empty = [UInt8](repeating: 0x0a, count: 5_000_000)
    let text = empty + Array("a\n".utf8) + empty + Array("\r\nb".utf8)
    #expect(
      try reading(packed ? gzip(text) : text, lines) == ["5000001:a", "10000003:b"])
  }

  @Test func whatIsAtHandIsHandledBeforeWaiting() throws {
    // Each line must reach the body before the reader asks for more.
    for compressed in [false, true] {
      let texts = ["a\n", "bc\nd\n", "e"]
      let pieces = texts.map { compressed ? gzip(Array($0.utf8)) : Array($0.utf8) }
      let slow = SlowPipe(pieces)
      let input = ByteReader([slow.path])
      input.willBlock = slow.feed
      var seen: [String] = []
      try input.lines { seen.append("\(slow.waits)\(String(decoding: $0, as: UTF8.self))") }
      // One wait opens nothing, the first piece comes at the first wait.
      let first = try #require(seen.first?.first?.wholeNumberValue)
      #expect(seen == ["\(first)a", "\(first + 1)bc", "\(first + 1)d", "\(first + 3)e"])
    }
  }

  @Test func sourcesAreCountedApart() throws {
    try withFolder { folder in
      put(Array("a\nb".utf8), "\(folder)/1")
      put(Array("c\n".utf8), "\(folder)/2")
      let input = ByteReader(["\(folder)/1", "\(folder)/2"])
      var places: [String] = []
      try input.lines { _ in places.append("\(input.name.suffix(1)):\(input.lineNumber)") }
      #expect(places == ["1:1", "1:2", "2:1"])
    }
  }

  @Test func aLineTooLongIsBad() throws {
    func lines(_ text: String, _ limit: Int, skipBad: Bool) throws -> [String] {
      try reading(Array(text.utf8), skipBad: skipBad) { input in
        input.limits.line = limit
        return try self.lines(input)
      }
    }
    #expect(try lines("12345\n12345\r\n12345", 5, skipBad: false).count == 3)
    let rule = "line is over 5 bytes; see --max-line"
    for text in ["a\n123456\nb\n", "a\n123456\r\nb\n"] {
      #expect(message { _ = try lines(text, 5, skipBad: false) } == "in:2: \(rule)")
      #expect(try lines(text, 5, skipBad: true) == ["1:a", "3:b"])
    }
    #expect(message { _ = try lines("123456", 5, skipBad: false) } == "in:1: \(rule)")
    #expect(try lines("123456", 5, skipBad: true) == [])
    let long = String(repeating: "x", count: 1_000_000)
    #expect(try lines("a\n\(long)\nb\n\(long)", 100_000, skipBad: true) == ["1:a", "3:b"])
    #expect(try lines("a\n\(long)\nb\n", 1_000_000, skipBad: false).count == 3)
  }

  @Test func aLongLineIsNotKept() throws {
    try reading([UInt8](repeating: 0x78, count: 20_000_000), skipBad: true) { input in
      input.limits.line = 1 << 20
      let seen = try lines(input)
      #expect(seen == [])
      #expect(input.capacity <= 2 << 20)
    }
  }

  @Test func ndjsonNamesTheLineAndTheColumn() throws {
    func check(_ text: String, _ expected: String) {
      #expect(
        message { try reading(Array(text.utf8)) { try $0.ndjson { _ = try $0.require("id") } } }
          == expected)
    }
    check("{\"id\":1}\n\n{\"id\":2,\n", "in:3:9: expected a key after ',', got the end")
    check("{\"id\":1}\r\n  [1]", "in:2:3: expected an object, got an array")
    check("\u{feff}{\"a\":1}", "in:1:1: key 'id' is missing")
    check("{\"id\":1} {\"id\":2}\n", "in:1:10: expected nothing after the value, got '{'")
    check("{\"id\":\u{0}}\n", "in:1:7: expected a value, got byte 0x00")
  }

  @Test func badLinesAreDropped() throws {
    let text = "{\"a\":1}\n{\"a\":\n{\"a\":\"x\"}\nnull\n{\"a\":4}"
    try reading(Array(text.utf8), skipBad: true) { input in
      var numbers: [Int] = []
      try input.ndjson { value in
        let a = try value.require("a")
        guard let number = a.int else { throw a.failure("expected an integer, got \(a.kindName)") }
        numbers.append(number)
      }
      #expect(numbers == [1, 4])
      #expect((input.badRecords.good, input.badRecords.dropped) == (2, 3))
      try input.badRecords.finish()
    }
  }
}
