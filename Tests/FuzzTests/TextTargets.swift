@testable import Streams

let textTargets = [
  FuzzTarget(
    "json",
    words: [
      "true", "false", "null", "\\u0000", "\\ud83d\\ude00", "1e308", "-0.0", "4.9e-324",
      "9223372036854775807", "18446744073709551616", "{\"a\":", "[[[[",
    ],
    seeds: {
      [
        #"{"a":[1,-2.5e3,"x\u00e9é\ud83d\ude00"],"b":{"c":true,"d":null}}"#, "[0,-0,1e-400,1.5]",
        #"["\"\\\/\b\f\n\r\t",[],{}]"#,
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    let text: [UInt8]
    do {
      text = try withJSON(bytes, name: "t") { printed($0) }
    } catch let error as Failure {
      // A plain reader agrees that it is wrong; of rules beyond the grammar it knows nothing.
      let isBeyond = ["comes twice", "levels deep", "out of range", "lone surrogate"].contains {
        error.description.contains($0)
      }
      try hold(isBeyond || !PlainJSON.accepts(bytes), "refused, but is JSON: \(error)")
      throw error
    }
    try hold(PlainJSON.accepts(bytes), "taken, but is no JSON")
    let again = try mustSucceed("what was printed") {
      try text.withUnsafeBytes { bytes in
        try withJSON(bytes, name: "t") { value in
          let copy = written { output in
            var json = JSONWriter(output)
            json.copy(value)
          }
          try hold(copy == text, "a copy has other bytes")
          return printed(value)
        }
      }
    }
    try hold(again == text, "printed again, it is another text")
  },
  FuzzTarget(
    "lines", words: ["\r\n", "\n", "{\"a\":1}", "\u{feff}"],
    seeds: { [Array("\u{feff}a\r\n\n {\"a\":[1]}\n1+2".utf8)] }
  ) { bytes in
    // Whatever the size of the pieces that arrive, and with bad lines left out or not.
    for skipBad in [false, true] {
      try? reading(bytes, skipBad: skipBad) { input in
        input.limits.line = 40
        try input.textOrObjects { _ in
        } object: {
          _ = printed($0)
        }
      }
    }
    try reading(bytes) { input in
      var (count, last) = (0, 0)
      try input.lines { line in
        try hold(!line.contains(0x0a), "a line has the end of one in it")
        try hold(input.lineNumber > last, "lines are not counted")
        (count, last) = (count + line.count, input.lineNumber)
      }
      try hold(count <= bytes.count || input.name != "", "lines have more bytes than the file")
    }
  },
]

/// A value as it is printed from what can be asked of it.
func printed(_ value: JSONValue) -> [UInt8] {
  written { output in
    var json = JSONWriter(output)
    write(value, &json)
  }
}

private func write(_ value: JSONValue, _ json: inout JSONWriter) {
  switch value.kind {
  case .null: json.null()
  case .boolean: json.value(value.bool ?? false)
  case .number:
    // -0 is 0 as a whole number, and another as a double; beyond 2^53 a double is printed as a whole number
    // only where it was written so.
    if let whole = value.int, whole != 0, whole.magnitude <= 1 << 53 {
      json.value(whole)
    } else {
      json.value(value.double ?? 0)
    }
  case .string: json.value(value.string ?? "")
  case .array:
    json.beginArray()
    for element in value.elements { write(element, &json) }
    json.endArray()
  case .object:
    json.beginObject()
    for (key, member) in value.members {
      json.key(key)
      write(member, &json)
    }
    json.endObject()
  }
}
