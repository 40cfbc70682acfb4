import Arithmetic
import Testing

@testable import InkPad

@Suite struct ErrorCodeTests {
  private static let codes =
    ArithmeticError.Code.allCases.map(\.rawValue) + Refusal.Code.allCases.map(\.rawValue)

  @Test("the page has words for every code, in both languages", arguments: codes)
  func words(_ code: String) {
    let script = String(decoding: PackageResources.words_js, as: UTF8.self)
    #expect(script.split(separator: "\n    '\(code)': (").count == 3)
  }

  @Test("what is wrong with a message has a code")
  func refusals() {
    for (message, code) in [
      (#"{"type":"ink","seq":1}"#, Refusal.Code.badMessage), ("hello", .badMessage),
      (#"{"type":"ink","seq":1,"strokes":[[]]}"#, .badInk),
      (
        #"{"type":"ink","seq":1,"strokes":["#
          + Array(repeating: "[[1,2]]", count: 1001).joined(separator: ",") + "]}", .tooManyStrokes
      ),
    ] {
      let error = #expect(throws: (any Error).self) { try Question(Array(message.utf8)) }
      #expect(error.map { Refusal($0).code } == code)
    }
  }
}
