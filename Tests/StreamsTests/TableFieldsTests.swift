import Testing

@testable import Streams

/// Which fields of a table are worked on.
@Suite struct TableFieldsTests {
  private func table(_ fields: [NpyField]) -> NpyArray {
    NpyArray(type: .table(fields), shape: [0], bytes: [])
  }

  private func names(
    _ list: String?, _ unnamed: TableFields.Default, in table: NpyArray
  ) throws -> [String] {
    try TableFields(list, default: unnamed).find(in: table).map(\.name)
  }

  @Test("where nobody names them: numbers without labels, labels alone, or both, never words")
  func unnamed() throws {
    let all = table([
      NpyField("instrument", .bytes(8)), NpyField("KMID", .float32), NpyField("LABEL0", .float64),
      NpyField("days", .int32), NpyField("label", .float32), NpyField("pair", .float32, [2]),
      NpyField("LABEL", .float32),
    ])
    #expect(try names(nil, .features, in: all) == ["KMID", "label"])
    #expect(try names(nil, .labels, in: all) == ["LABEL0", "LABEL"])
    #expect(try names(nil, .numbers, in: all) == ["KMID", "LABEL0", "label", "LABEL"])
    let none = table([NpyField("instrument", .bytes(8))])
    for unnamed in [TableFields.Default.features, .numbers] {
      #expect(message { _ = try names(nil, unnamed, in: none) } == "table has no field of numbers")
    }
    #expect(
      message { _ = try names(nil, .labels, in: none) }
        == "table has no field 'LABEL0' (see --fields)")
    let plain = NpyArray([1, 2], shape: [2])
    #expect(message { _ = try names(nil, .numbers, in: plain) }.contains("plain array"))
  }

  @Test("those that are named, labels too, in the order of the table")
  func named() throws {
    let all = table([
      NpyField("A", .float32), NpyField("n", .int32), NpyField("B", .float64),
      NpyField("LABEL0", .float32), NpyField("pair", .float64, [2]),
    ])
    for unnamed in [TableFields.Default.features, .labels, .numbers] {
      #expect(try names("LABEL0,B,A", unnamed, in: all) == ["A", "B", "LABEL0"])
    }
    for (name, text) in [
      ("C", "table has no field 'C'"), ("n", "field 'n' must be <f4 or <f8: '<i4'"),
      ("pair", "field 'pair' must be <f4 or <f8: '<f8'"),
    ] { #expect(message { _ = try names(name, .numbers, in: all) } == text) }
    for list in ["", ",", "A,", "A,A", "A,B,A"] {
      #expect(throws: (any Error).self, "\(list)") { try TableFields(list, default: .numbers) }
    }
  }
}
