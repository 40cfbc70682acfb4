import Testing

@testable import Streams

/// What reading a text alone throws; "valid" where it does not.
private func verdict(_ text: [UInt8]) -> String {
  do {
    try text.withUnsafeBytes { try withJSON($0, name: "t") { _ in } }
    return "valid"
  } catch { return "\(error)" }
}

struct JSONReaderTests {
  @Test(arguments: [
    "{}", "[]", "0", "-0", "null", "true", "false", #""""#, #" {"a" : [ 1 , 2 ] } "#,
    #"{"a":{"b":{"c":[[[]]]}}}"#, #"["\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000"]"#,
    "[1,-1,0.5,-0.5e-7,1E+2,1e0,123456789012345678901234567890]", "[1e-400]", "\t\r\n1\n",
    #"{"":1,"a":2,"A":3}"#, "\"é€😀\u{7f}\u{10ffff}\"",
  ])
  func valid(_ text: String) { #expect(verdict(Array(text.utf8)) == "valid") }

  @Test(arguments: [
    ("", "1: expected a value, got the end"), ("[", "2: expected a value, got the end"),
    ("[1,]", "4: expected a value, got ']'"),
    ("[1 2]", "4: expected ',' or ']' after an array element, got '2'"),
    ("[1}", "3: expected ',' or ']' after an array element, got '}'"),
    ("{", "2: expected a key or '}', got the end"),
    ("{]", "2: expected a key or '}', got ']'"),
    (#"{"a"}"#, "5: expected ':' after a key, got '}'"),
    (#"{"a":}"#, "6: expected a value, got '}'"),
    (#"{"a":1,}"#, "8: expected a key after ',', got '}'"),
    (#"{"a":1]"#, "7: expected ',' or '}' after a member, got ']'"),
    ("{1:2}", "2: expected a key or '}', got '1'"),
    (#"{"a":1,"b":2,"a":3}"#, "14: key 'a' comes twice in the object"),
    (#"{"a":1,"\u0061":3}"#, "8: key 'a' comes twice in the object"),
    (#"{"":1,"":3}"#, "7: key '' comes twice in the object"),
    ("01", "1: number starts with a needless 0"), ("-01", "2: number starts with a needless 0"),
    ("-", "2: expected a digit after '-', got the end"),
    ("[-x]", "3: expected a digit after '-', got 'x'"),
    ("+1", "1: expected a value, got '+'"), (".5", "1: expected a value, got '.'"),
    ("1.", "3: expected a digit after '.', got the end"),
    ("1.e5", "3: expected a digit after '.', got 'e'"),
    ("1e", "3: expected a digit in the exponent, got the end"),
    ("1e+", "4: expected a digit in the exponent, got the end"),
    ("1e400", "1: number is out of range: 1e400"),
    ("[-1e400]", "2: number is out of range: -1e400"),
    ("1e99999999999999999999", "1: number is out of range: 1e99999999999999999999"),
    ("NaN", "1: expected a value, got 'N'"), ("nul", "4: expected 'null', got the end"),
    ("[trve]", "4: expected 'true', got 'v'"),
    ("1 1", "3: expected nothing after the value, got '1'"),
    ("\"a", "3: expected '\"' at the end of a string, got the end"),
    ("\"a\tb\"", "3: expected an escape for a control character in a string, got byte 0x09"),
    ("\"\u{0}\"", "2: expected an escape for a control character in a string, got byte 0x00"),
    ("\u{0}", "1: expected a value, got byte 0x00"),
    (#""\x""#, #"3: expected one of "\/bfnrtu after '\', got 'x'"#),
    (#""\u12g4""#, #"6: expected 4 hex digits after \u, got 'g'"#),
    (#""\ud800""#, #"2: lone surrogate \ud800"#),
    (#""\ud800\ud800""#, #"2: lone surrogate \ud800"#),
    (#""\ud800\n""#, #"2: lone surrogate \ud800"#), (#""a\udc00""#, #"3: lone surrogate \udc00"#),
  ])
  func invalid(_ text: String, _ expected: String) {
    #expect(verdict(Array(text.utf8)) == "t:1:" + expected)
  }
}
