import Alphabet
import Streams

/// The alphabet as the page's script knows it:
/// `const ALPHABET = {"none":"none","entries":[{"text":"-","shown":"−","kind":"sign"},...]};`.
let alphabetScript: [UInt8] = {
  let object = JSONWriter.bytes { json in
    json.beginObject()
    json.put("none", Alphabet.none)
    json.key("entries")
    json.beginArray()
    for entry in Alphabet.entries {
      json.beginObject()
      json.put("text", entry.text)
      json.put("shown", String(entry.shown))
      json.put("kind", entry.kind.name)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
  return Array("const ALPHABET = ".utf8) + object + Array(";\n".utf8)
}()

extension Alphabet.Kind {
  fileprivate var name: String {
    switch self {
    case .digit: "digit"
    case .point: "point"
    case .open: "open"
    case .close: "close"
    case .sign: "sign"
    case .operation: "operation"
    case .equals: "equals"
    case .root: "root"
    case .comma: "comma"
    case .factorial: "factorial"
    case .percent: "percent"
    }
  }
}
