import Streams
import Tables
import Testing

@Suite struct ColumnTypesTests {
  @Test("what is read is written as it was, in NumPy's names without marks")
  func lines() throws {
    for text in [
      "a=f4", "instrument=S16,date=M8[D],score=f8", "image=u1[28,28]", "d=M8[D][2]", "a=b=i4",
      "x=i8,y=u1", "name with blanks=S1",
    ] { #expect(try ColumnTypes(parsing: text).text == text) }
    #expect(try ColumnTypes(parsing: "a=<f4,b=|u1[3]").text == "a=f4,b=u1[3]")
  }

  @Test("what is no column is refused by rule and value")
  func refused() {
    for (text, rule) in [
      ("", "there must be a column: ''"),
      ("a", "a column must be name=type, such as close=f4: 'a'"),
      ("=f4", "a column must be name=type, such as close=f4: '=f4'"),
      ("a=f4,", "a column must be name=type, such as close=f4: ''"),
      ("a=f4,a=f8", "a column comes twice: 'a'"),
      ("a=f16", "type of 'a' is none of u1 i4 i8 f4 f8 M8[D] S16: 'f16'"),
      ("a=S0", "type of 'a' is none of u1 i4 i8 f4 f8 M8[D] S16: 'S0'"),
      ("a=M8[ns]", "the sizes of a type must be in 1...16777216: 'M8[ns]'"),
      ("a=f4[0]", "the sizes of a type must be in 1...16777216: 'f4[0]'"),
      ("a=f4[2", "a type ends in sizes or in none: 'f4[2'"),
      (
        "a=f8[16777216,16777216]",
        "type of 'a' is none of u1 i4 i8 f4 f8 M8[D] S16: 'f8[16777216,16777216]'"
      ),
    ] { #expect(fault { _ = try ColumnTypes(parsing: text) } == rule, "\(text)") }
  }
}
