import Testing

@testable import InkPad

@Suite struct QuestionTests {
  private func question(_ text: String) throws -> Question { try Question(Array(text.utf8)) }

  @Test("what a page asks")
  func questions() throws {
    let ink = try question(
      #"{"type":"ink","seq":7,"strokes":[[[50,0],[50,9]],\#n [[1,0],[1.5,9]]],"id":"x"}"#)
    #expect(ink.kind == .ink && ink.number == 7 && ink.order == [1, 0])
    #expect(
      String(decoding: ink.content, as: UTF8.self)
        == #""strokes":[[[50,0],[50,9]],  [[1,0],[1.5,9]]]"#)
    let chosen = try question(
      #"{"type":"ink","chosen":[{"text":"4","strokes":[0]}],"seq":1,"strokes":[[[0,0]]]}"#)
    #expect(
      String(decoding: chosen.content, as: UTF8.self)
        == #""strokes":[[[0,0]]],"chosen":[{"text":"4","strokes":[0]}]"#)
    #expect(try question(#"{"type":"digit","seq":0,"strokes":[]}"#).kind == .digit)
    #expect(try question(#"{"type":"text","seq":1,"text":"1÷2="}"#).content == Array("1÷2=".utf8))
  }

  static let wrong: [String] = [
    "", "1", "[]", "{}", "{", #"{"type":"ink"}"#, #"{"type":"ink","seq":1}"#,
    #"{"type":"what","seq":1,"strokes":[]}"#, #"{"type":1,"seq":1,"strokes":[]}"#,
    #"{"type":"ink","seq":-1,"strokes":[]}"#, #"{"type":"ink","seq":1.5,"strokes":[]}"#,
    #"{"type":"ink","seq":"1","strokes":[]}"#, #"{"type":"ink","seq":1e300,"strokes":[]}"#,
    "{\"type\":\"ink\",\"seq\":1,\"strokes\":[[[0,0]]\(String(repeating: ",[[1,2]]", count: 1000))]}",
    #"{"type":"ink","seq":1,"strokes":7}"#, #"{"type":"ink","seq":1,"strokes":[[]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[1]]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[["a",2,3]]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[["1",2]]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[1e400,2]]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[NaN,2]]]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[1e10,2]]]}"#,
    #"{"type":"ink","seq":1,"seq":2,"strokes":[]}"#, #"{"type":"ink","seq":1,"strokes":[]} {}"#,
    #"{"type":"ink","seq":1,"strokes":[[[0,0]]],"chosen":7}"#,
    #"{"type":"ink","seq":1,"strokes":[[[0,0]]],"chosen":[{"strokes":[0]}]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[0,0]]],"chosen":[{"strokes":[0],"text":"x"}]}"#,
    #"{"type":"ink","seq":1,"strokes":[[[0,0]]],"chosen":[{"strokes":[],"text":"4"}]}"#,
    #"{"type":"text","seq":1,"text":""}"#, #"{"type":"text","seq":1,"text":"  "}"#,
    #"{"type":"text","seq":1,"text":"1\n2"}"#, #"{"type":"text","seq":1,"text":"1\u0000"}"#,
    #"{"type":"text","seq":1,"text":"{\"symbols\":[]}"}"#,
    #"{"type":"text","seq":1,"text":"  {}"}"#,
    #"{"type":"text","seq":1,"text":7}"#, #"{"type":"text","seq":1,"strokes":[]}"#,
    #"{"type":"text","seq":1,"text":"\#(String(repeating: "1", count: 4097))"}"#,
    #"{"type":"ink","seq":1,"strokes":\#(String(repeating: "[", count: 100_000))"#,
  ]

  @Test("what no pipeline would take is refused before it", arguments: wrong.indices)
  func refused(_ place: Int) {
    #expect(throws: (any Error).self, "\(Self.wrong[place].prefix(80))") {
      try question(Self.wrong[place])
    }
  }
}
