import Tables
import Testing

/// What is plausible in text, and wrong all the same.
@Suite struct TextTableTests {
  @Test("the first row says what the columns are, names of codes what they hold")
  func types() throws {
    for (text, line) in [
      (
        #"{"instrument":"A","date":"2020-01-02","x":1,"ok":true,"box":[[1,2],[3,4]],"note":"é"}"#,
        "instrument=S16,date=M8[D],x=f8,ok=u1,box=f8[2,2],note=S16"
      ),
      (
        "code,date,day,x,name,box[0],box[1],a[1]\n000001,20200102,2020/1/2,,b,1,2,3\n",
        "code=S16,date=M8[D],day=M8[D],x=f8,name=S16,box=f8[2],a[1]=f8"
      ),
      ("n,c\n20200102,007\n", "n=f8,c=S16"),
    ] {
      let output = try withOutput { output in
        try reading(text) { try TableReading(nil).read($0, into: TypeListing(output)) }
      }
      #expect(String(decoding: output, as: UTF8.self) == line + "\n")
    }
  }

  @Test("values that cannot be what their column is are refused by place, rule and value")
  func values() {
    let csv = "instrument,date,x\nA,2020-01-02,1\n"
    let json = #"{"instrument":"A","date":"2020-01-02","x":1}"# + "\n"
    for (text, rule) in [
      (csv + "A,2020-01-03,1;5", "3: column 'x' must be a number: '1;5'"),
      (
        csv + "A,2020-01-03,\"1,5\"",
        "3: column 'x' must be a number: '1,5' (a point before decimals, and no commas)"
      ),
      (
        csv + "A,2020-01-03,\"1,234\"",
        "3: column 'x' must be a number: '1,234' (a point before decimals, and no commas)"
      ),
      (csv + "A,2020-01-03,0x1p3", "3: column 'x' must be a number: '0x1p3'"),
      (csv + "A,2020-01-03,missing", "3: column 'x' must be a number: 'missing'"),
      (csv + "A,2020-01-03,1,2", "3: row has 4 fields, the header 3"),
      (csv + "A,2020-01-03", "3: row has 2 fields, the header 3"),
      (
        csv + "A,2020-02-30,1",
        "3: column 'date' must be a day, YYYY-MM-DD: '2020-02-30' (there is no such day)"
      ),
      (
        csv + "A,03/01/2020,1",
        "3: column 'date' must be a day, YYYY-MM-DD: '03/01/2020' (the year must come first)"
      ),
      (
        csv + "A,2020-01-03T09:30:00,1",
        "3: column 'date' must be a day, YYYY-MM-DD: '2020-01-03T09:30:00' "
          + "(a time that is not midnight: give the day alone, 2020-01-03)"
      ),
      (
        csv + "A,2020-01-01,1",
        "3: date must not go back, as streams are by day: 2020-01-01 behind 2020-01-02 (sort by "
          + "date first)"
      ),
      (
        csv + "12345678901234567,2020-01-03,1",
        "3: column 'instrument' must be a text of at most 16 bytes, here of 17 (see --types): "
          + "'12345678901234567'"
      ),
      (
        csv + "A,2020-01-03,9007199254740993",
        "3: column 'x' must be a number that f8 holds, whole ones up to 2^53 (i8 holds it: --types): "
          + "9007199254740993"
      ),
      (
        csv + "\"A,2020-01-03,1",
        "3: field in quotes must end in its line (line breaks in fields are not read)"
      ),
      (csv + "\"A\"B,2020-01-03,1", "3: field in quotes must end before the comma"),
      ("A,2020-01-02,1\n", "1: first line must be a header with the columns' names: '2020-01-02'"),
      ("x,1.5\n", "1: first line must be a header with the columns' names: '1.5'"),
      ("x,nan\n", "1: first line must be a header with the columns' names: 'nan'"),
      ("x,y,x\n", "1: column comes twice in the header: 'x'"),
      ("x;y\n", "1: columns must be separated by commas, these are by ';'"),
      ("x\ty\n", "1: columns must be separated by commas, these are by tabs"),
      (
        json + #"{"instrument":"A","date":"2020-01-03","x":"1"}"#,
        "2:43: column 'x' must be a number: '1'"
      ),
      (json + #"{"instrument":"A","date":"2020-01-03"}"#, "2:1: key 'x' is missing"),
      (
        json + #"{"instrument":"A","date":"2020-01-03","x":1,"y":2}"#,
        "2:49: key 'y' was not in the first record (name the columns: --types)"
      ),
      (
        json + #"{"instrument":7,"date":"2020-01-03","x":1}"#,
        "2:15: column 'instrument' must be a text: 7"
      ),
      (
        json + #"{"instrument":null,"date":"2020-01-03","x":1}"#,
        "2:15: column 'instrument' must be a text: null"
      ),
      (
        json + #"{"instrument":"A","date":20200103,"x":1}"#,
        "2:26: column 'date' must be a day, YYYY-MM-DD: 20200103"
      ),
      (
        json + #"{"instrument":"A","date":"2020-01-03","x":[1]}"#,
        "2:43: column 'x' must be a number: an array"
      ),
      (
        json + #"{"instrument":"A\u0000","date":"2020-01-03","x":1}"#,
        "2:15: column 'instrument' must be a text that does not end in NUL: 'A\u{0}'"
      ),
      (#"{"a":[]}"#, "1:6: column 'a' has an empty list, which tells no type (see --types)"),
      (#"{"a":{"b":1}}"#, "1:6: column 'a' must be a number, a text or a list: got an object"),
      ("{}", "1: first record has no key to make a column of"),
    ] { #expect(fault { _ = try table(Array(text.utf8), to: .npy) } == rule, "\(text)") }
  }

  @Test("types that are named hold: others are refused, and keys that are no column left out")
  func named() throws {
    let types = "n=i4,x=f4,u=u1,id=i8"
    let row = #"{"n":1,"x":2,"u":true,"id":9007199254740993,"more":{}}"#
    #expect(
      try table(row, types: types) == #"{"n":1,"x":2,"u":1,"id":9007199254740993}"# + "\n")
    #expect(
      try table("more,id,u,x,n\n,9007199254740993,TRUE,-Inf,-1.0\n", types: types, to: .csv)
        == "n,x,u,id\n-1,-inf,1,9007199254740993\n")
    for (key, value, rule) in [
      ("n", "1.5", "column 'n' must be a whole number: 1.5"),
      ("n", "3000000000", "column 'n' must be a whole number that i4 holds: 3000000000"),
      ("u", "256", "column 'u' must be a whole number in 0...255: 256"),
      ("id", "9223372036854775808", "column 'id' must be a whole number: 9223372036854775808"),
      ("n", "null", "column 'n' must be a whole number: null"),
      ("x", "1e39", "column 'x' must be a number that f4 holds, up to 3.4e38: 1e39"),
    ] {
      let text = row.replacing(#""\#(key)":"#, with: #""\#(key)":\#(value),"_":"#)
      #expect(fault { _ = try table(text, types: types) }.hasSuffix(": \(rule)"), "\(key) \(value)")
      guard value != "null" else { continue }
      let csv =
        "n,x,u,id\n1,1,1,1\n".replacing("1,1,1,1", with: "")
        + ["n", "x", "u", "id"].map { $0 == key ? value : "1" }.joined(separator: ",")
      #expect(fault { _ = try table(csv, types: types, to: .csv) }.hasPrefix("3: "), "\(csv)")
    }
    #expect(
      fault { _ = try table("n,x\n1,2\n", types: types) } == "1: header has no column 'u': n,x")
  }

  @Test("every word for no number is NaN, and empty where it is written; infinities have words")
  func words() throws {
    let words = [
      "", "nan", "NaN", "NA", "N/A", "null", "NULL", "None", "-", "--", "inf", "-Infinity", " 1 ",
    ]
    let text = "x,y\n" + words.map { "\($0),0\n" }.joined()
    #expect(
      try table(text, to: .csv)
        == "x,y\n" + String(repeating: ",0\n", count: 10) + "inf,0\n-inf,0\n1,0\n")
    // A blank line would be no row.
    #expect(try table("x\n\"\"\n1\n", to: .csv) == "x\n\"\"\n1\n")
    #expect(
      try table("when\n2020-01-02\nNaT\n\"\"\n", to: .csv) == "when\n2020-01-02\n\"\"\n\"\"\n")
  }

  @Test("texts stand in quotes where they must")
  func quotes() throws {
    let text = "name,x\n\"a \"\"b\"\", c\",1\n' d',2\n\" e\",3\n"
    #expect(try table(text, to: .csv) == text.replacing("' d'", with: "' d'"))
    #expect(
      try table(text) == #"{"name":"a \"b\", c","x":1}"# + "\n" + #"{"name":"' d'","x":2}"# + "\n"
        + #"{"name":" e","x":3}"# + "\n")
  }

  @Test("CRLF, a byte order mark and blank lines are borne, bare returns named")
  func lineEnds() throws {
    #expect(try table("\u{feff}x,y\r\n\r\n1,2\r\n", to: .csv) == "x,y\n1,2\n")
    #expect(fault { _ = try table("x,y\r1,2\r", to: .csv) }.contains("these end with CR alone"))
    #expect(fault { _ = try table("x,y\n", to: .csv) }.contains("a header without rows"))
    #expect(try table("x,y\n", types: "x=f4", to: .csv) == "x\n")
  }
}
