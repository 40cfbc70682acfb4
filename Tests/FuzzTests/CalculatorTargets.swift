import Streams

@testable import Arithmetic

let calculatorTargets = [
  FuzzTarget(
    "expression", words: ["()", "×", "÷", "−", "=", "1/3", ".5", "0/0", "2(3)"],
    seeds: {
      ["1+2(3)", "-(.5-1/3)÷0=", "12.50×4=50", "()", "1=1=1", "((1))", "0÷0"].map { Array($0.utf8) }
    }
  ) { bytes in
    guard let source = String(validating: bytes, as: UTF8.self) else { return }
    let answer = Answer(source)
    _ = written { output in
      var json = JSONWriter(output)
      json.beginObject()
      answer.write(to: &json)
      json.endObject()
    }
    guard case .success(let value) = answer.result else { return }
    let expression = try Expression(source)
    let again = try mustSucceed("the text of an expression") { try Expression(expression.text) }
    try hold(again.text == expression.text, "read again, it is '\(again.text)'")
    let text = "\(try again.value().map { "\($0)" } ?? "none")"
    try hold(text == value.map { "\($0)" } ?? "none", "read again, it comes to \(text)")
    // What is answered is an equation that holds, where it can be written at all.
    if case .number? = value, answer.text != answer.expression,
      let equation = try? Expression(answer.text)
    {
      guard case .truth(true)? = try equation.value() else {
        throw BrokenProperty(description: "'\(answer.text)' is not so")
      }
    }
  },
  FuzzTarget(
    "symbols",
    words: [
      "{\"symbols\":[", "{\"first\":0,\"last\":1", "\"box\":[0,0,1,1]", "\"top\":[[\"1\",0.9]",
      "[\"none\",0.1]", "[\"=\",0.5]", "\"id\":\"a\"", "1e12", "4.9e-324",
    ],
    seeds: {
      [
        Array(
          #"{"id":"a","symbols":[{"first":0,"last":1,"box":[0,0,1,2],"top":[["1",0.9],["7",0.1]]},"#
            .utf8)
          + Array(#"{"first":1,"last":3,"box":[2,0,3,2],"top":[["+",0.5],["4",0.5]]},"#.utf8)
          + Array(#"{"first":0,"last":3,"box":[0,0,3,2],"top":[["none",1]]},"#.utf8)
          + Array(#"{"first":3,"last":4,"box":[4,0,5,2],"top":[["2",1]]}]}"#.utf8)
      ]
    }
  ) { bytes in
    try reading(bytes) { input in
      try input.ndjson { record in
        let symbols = try LatticeSymbol.lattice(record.require("symbols"))
        let lines = LatticeDecoder.decode(symbols, best: 3)
        for readings in lines {
          let sum = readings.reduce(0) { $0 + $1.probability }
          try hold(sum <= 1 + 1e-9, "probabilities come to \(sum)")
        }
        let text = written { output in
          var json = JSONWriter(output)
          json.beginObject()
          lines.write(to: &json)
          json.endObject()
        }
        try mustSucceed("the answer") {
          try text.withUnsafeBytes { try withJSON($0, name: "t") { _ = printed($0) } }
        }
      }
    }
  },
]
