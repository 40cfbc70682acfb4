import Tables
import TestFolders
import Testing

/// Tables as NumPy and pandas write them, which no other tool reads, become ours.
@Suite struct PandasTests {
  @Test(
    "texts of Unicode, times of any unit that are midnights, big-endian numbers: one day an array",
    arguments: [
      "pandas.npy", "unit-h.npy", "unit-m.npy", "unit-s.npy", "unit-ms.npy", "unit-us.npy",
      "unit-ns.npy", "big-endian.npy", "scores.npy", "scores.csv", "pandas.ndjson",
    ])
  func scores(_ name: String) throws {
    #expect(
      String(decoding: try table(table(stored(name), to: .npy)), as: UTF8.self) == """
        {"instrument":"SH600000","date":"2020-01-02","score":0.5}
        {"instrument":"SZ000001","date":"2020-01-02","score":null}
        {"instrument":"SH600000","date":"2020-01-03","score":-1.25}

        """)
    // They differ in nothing.
    #expect(try table(stored(name), to: .npy) == table(stored("scores.npy"), to: .npy))
    // The three rows are two days.
    let arrays = try table(stored(name), to: .npy).split(separator: 0x93)
    #expect(arrays.count == 2)
  }

  @Test("numbers of all widths become those that hold them all")
  func numbers() throws {
    let ints = try stored("ints.npy")
    #expect(
      String(decoding: try table(ints), as: UTF8.self) == """
        {"i1":-128,"i2":-32768,"u2":65535,"u4":4294967295,"u8":9223372036854775807,"b1":1,\
        "f2":0.099975586,"i2b":-2,"u4b":2147483648,"s":"abc"}
        {"i1":127,"i2":32767,"u2":0,"u4":0,"u8":1,"b1":0,"f2":5.9604645e-08,"i2b":3,"u4b":7,"s":""}

        """)
    #expect(
      String(decoding: try table(table(stored("padded.npy"), to: .npy)), as: UTF8.self)
        == "{\"flag\":1,\"x\":0.5,\"n\":7}\n{\"flag\":2,\"x\":1.5,\"n\":8}\n")
  }

  @Test("what has no place in a stream is refused by name, with the remedy where there is one")
  func refused() throws {
    for (name, rule) in [
      (
        "objects.npy",
        "field 'instrument' holds Python objects, as texts of pandas are: name its width, as in "
          + "to_records(index=False, column_dtypes={'instrument': 'S16'})"
      ),
      (
        "times.npy",
        "field 'date' of row 2: time must be midnight, as days have no times: 34200000000 of "
          + "86400000000 ticks"
      ),
      ("over.npy", "field 'u8' of row 2: number must be below 2^63: 9223372036854775808"),
      ("wide.npy", "field 'name' of row 1: text takes 9 bytes of UTF-8, of 3: '日本語'"),
      ("delta.npy", "field 'd' is of a type that no stream has: '<m8[D]'"),
      (
        "pandas.csv",
        "column 1 has no name, as an index of pandas has none: to_csv(index=False)"
      ),
      ("epoch.ndjson", "column 'date' must be a day, YYYY-MM-DD: 1577923200000"),
    ] {
      #expect(fault { _ = try table(stored(name)) }.hasSuffix(": \(rule)"), "\(name)")
    }
  }
}
