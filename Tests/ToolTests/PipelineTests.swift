import Ink
import Mechanics
import Streams
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The five tools together.
@Suite struct PipelineTests {
  static let drawings: [[UInt8]] =
    (contents("\(root)/testdata/ink/drawings.ndjson") ?? [])
    .split(separator: 0x0a).map { Array($0) + [0x0a] }

  @Test("a live pipeline answers each line at once")
  func live() throws {
    let process = Process(["\(root)/pipelines/mnist-calc"])
    for (number, line) in Self.drawings.enumerated() {
      let count = line.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
      try #require(count == line.count)
      // Nothing follows this line; the answer must come all the same.
      let answer = lineFrom(process.output, within: patience)
      #expect(answer.last == 0x0a, "drawing \(number + 1) has no answer while the pipe is open")
      #expect(answer.filter { $0 == 0x0a }.count == 1)
    }
    let rest = process.finish()
    #expect(rest.ending == .exit(0), "\(rest.errors)")
    #expect(rest.output.isEmpty)
  }

  /// Reads until a line is whole, or time is up.
  private func lineFrom(_ descriptor: Int32, within limit: Double) -> [UInt8] {
    let deadline = monotonicSeconds() + limit
    var line: [UInt8] = []
    while line.last != 0x0a, monotonicSeconds() < deadline {
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 100) > 0 else { continue }
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { break }
      line += piece[..<count]
    }
    return line
  }

  @Test("one drawing in is one answer out, in order, in one stream or in many")
  func oneByOne() throws {
    let together = run(["\(root)/pipelines/mnist-calc"], Array(Self.drawings.joined()))
    #expect(together.ending == .exit(0), "\(together.errors)")
    var alone: [UInt8] = []
    for drawing in Self.drawings { alone += run(["\(root)/pipelines/mnist-calc"], drawing).output }
    #expect(together.output == alone)
    #expect(together.output.filter { $0 == 0x0a }.count == Self.drawings.count)
  }

  @Test("a drawing without strokes is an empty expression")
  func noStrokes() {
    let outcome = run(["\(root)/pipelines/mnist-calc"], Array(#"{"id":"x","strokes":[]}"#.utf8))
    let text = String(decoding: outcome.output, as: UTF8.self)
    #expect(text.hasPrefix(#"{"id":"x","text":"","expression":"","value":null"#), "\(text)")
  }

  @Test("bad ink ends the pipeline with its message and status")
  func badInk() {
    let outcome = run(["\(root)/pipelines/mnist-calc"], Array("{\"strokes\":7}\n".utf8))
    #expect(outcome.ending == .exit(65))
    #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("segment: <stdin>:1"))
    #expect(outcome.output.isEmpty)
  }

  @Test("ink at any scale, anywhere, strokes in any order: the same answer")
  func invariance() throws {
    let drawing = try Self.drawings[0].withUnsafeBytes { bytes in
      try withJSON(bytes, name: "drawing") { try Drawing($0, line: 1) }
    }
    let changes: [(what: String, strokes: [Stroke])] = [
      ("as it is", drawing.strokes),
      ("large", drawing.strokes.map { moved($0) { $0 * 1000 } }),
      ("small", drawing.strokes.map { moved($0) { $0 * (1.0 / 777) } }),
      ("far", drawing.strokes.map { moved($0) { $0 + Point(5000, -300) } }),
      ("last stroke first", drawing.strokes.reversed()),
      ("second character first", Array(drawing.strokes[2...] + drawing.strokes[..<2])),
      ("drawn backwards", drawing.strokes.map { Stroke($0.points.reversed()) }),
    ]
    for (what, strokes) in changes {
      let outcome = try withFolder { folder in
        let output = try ByteWriter("\(folder)/ink")
        var json = JSONWriter(output)
        json.beginObject()
        json.key("id")
        json.value("x")
        json.key("strokes")
        json.value(strokes)
        json.endObject()
        json.endLine()
        try output.finish()
        return run(["\(root)/pipelines/mnist-calc", "\(folder)/ink"])
      }
      let text = String(decoding: outcome.output, as: UTF8.self)
      #expect(text.hasPrefix(#"{"id":"x","text":"4+4=8","#), "\(what): \(text) \(outcome.errors)")
    }
  }

  private func moved(_ stroke: Stroke, _ change: (Point) -> Point) -> Stroke {
    Stroke(stroke.points.map(change))
  }

  @Test("make mnist-calc shows 4+4=8 last, and reads ink where it is given")
  func frontDoor() {
    let shown = run(["\(root)/Scripts/front-door"])
    #expect(shown.ending == .exit(0), "\(shown.errors)")
    #expect(String(decoding: shown.output, as: UTF8.self).hasSuffix("\n4+4=8\n"))
    let piped = run(["\(root)/Scripts/front-door"], Self.drawings[0])
    #expect(piped.output.starts(with: #"{"id":"#.utf8), "\(piped.errors)")
    let file = bash("Scripts/front-door < testdata/ink/drawings.ndjson")
    #expect(file.output.filter { $0 == 0x0a }.count == Self.drawings.count)
  }

  @Test("the calculator runs through a link, and whatever CDPATH says")
  func anyWayIn() throws {
    try withFolder { folder in
      let ink = "\(root)/testdata/ink/four-plus-four.ndjson"
      let clean = "env -i PATH=/usr/bin:/bin"
      for command in [
        "ln -s '\(root)/pipelines/mnist-calc' calc && \(clean) ./calc \(ink)",
        "cd '\(root)' && \(clean) CDPATH=.:/tmp pipelines/mnist-calc \(ink)",
        "cd '\(root)' && \(clean) CDPATH=. Scripts/front-door < \(ink)",
      ] {
        let outcome = bash(command, folder: folder)
        #expect(outcome.output.starts(with: #"{"id":"four-plus-four","#.utf8), "\(outcome.errors)")
      }
    }
  }

  @Test("mnist-calc-eval scores what the calculator reads")
  func scores() {
    let outcome = bash("pipelines/mnist-calc-eval testdata/ink/drawings.ndjson")
    let text = String(decoding: outcome.output, as: UTF8.self)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    #expect(text.hasPrefix(#"{"drawings":\#(Self.drawings.count),"characters":"#), "\(text)")
    #expect(text.contains(#""seconds_per_drawing":"#))
    #expect(bash("pipelines/mnist-calc-eval").ending == .exit(64))
  }
}
