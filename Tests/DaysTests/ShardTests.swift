import Days
import Mechanics
import Streams
import TestFolders
import Testing

@Suite struct ShardTests {
  /// Splits a stream into files of a folder, and says what they hold.
  private func split(
    _ bytes: [UInt8], _ rule: ShardRule, key: String? = nil, allowingGaps: Bool = false
  ) throws -> [[UInt8]] {
    try withFolder { folder in
      put(bytes, "\(folder)/in")
      var made: StreamFolder?
      try ByteReader(["\(folder)/in"]).split(
        by: rule, key: key, allowingGaps: allowingGaps, sealed: false
      ) { isNpy in
        made = try StreamFolder(
          "\(folder)/out", names: rule.names(ending: isNpy ? "npy" : "ndjson"))
        return made?.writers ?? []
      }
      try made?.publish()
      let found = names("\(folder)/out")
      #expect(Set(found) == Set(rule.names(ending: bytes.first == 0x93 ? "npy" : "ndjson")))
      return rule.names(ending: bytes.first == 0x93 ? "npy" : "ndjson").map {
        contents("\(folder)/out/\($0)") ?? []
      }
    }
  }

  @Test("each shard is what a filter of the rows leaves", arguments: 1...12)
  func twin(_ seed: Int) throws {
    let market = ShardedMarket(
      seed: seed, days: 10, instruments: 3 + 23 * seed, hasGaps: seed % 2 == 0,
      isShuffled: seed % 3 == 0)
    let count = [1, 2, 3, 7][seed % 4]
    let bytes = try ShardedMarket.bytes(market.days.map { try ShardedMarket.table($0) })
    let shards = try split(bytes, .hash(count), allowingGaps: true)
    for (place, shard) in shards.enumerated() {
      let tables = try market.shard(place, of: count).map { try ShardedMarket.table($0) }
      #expect(shard == (try ShardedMarket.bytes(tables)))
    }
  }

  @Test("ranges begin at their bounds")
  func bounds() throws {
    let rule = try ShardRule(bounds: "B,D")
    #expect(rule.count == 3)
    let shards = try ["A", "AZ", "B", "CX", "D", "Z"].map { rule.shard(of: try InstrumentCode($0)) }
    #expect(shards == [0, 0, 1, 1, 2, 2])
    #expect(throws: DayError.self) { try ShardRule(bounds: "B,B") }
    #expect(throws: DayError.self) { try ShardRule(bounds: "B,,C") }
  }

  @Test("the shard of a name is the same for ever")
  func hash() throws {
    #expect(try ShardRule.hash(7).shard(of: InstrumentCode("SH600000")) == 1)
    #expect(ShardRule.hash(7).shard(of: "SH600000") == 1)
    #expect(try ShardRule.hash(1).shard(of: InstrumentCode("X")) == 0)
  }

  @Test("days out of order, other fields, an instrument twice and days between are refused")
  func refused() throws {
    typealias Row = ShardedMarket.Row
    let row = { (code: String, day: Int64) in Row(code: code, day: day, x: 0) }
    let cases: [(days: [[Row]], rule: String)] = [
      ([[row("A", 2)], [row("A", 1)]], "days must ascend: 1970-01-02 after 1970-01-03"),
      ([[row("A", 2)], [row("A", 2)]], "days must ascend"),
      ([[row("A", 1), row("A", 1)]], "row 2: A has a row of 1970-01-02 already"),
      (
        [[row("A", 1), row("B", 1)], [row("A", 2)], [row("A", 3), row("B", 3)]],
        "lacks 1 of the days before 1970-01-04"
      ),
    ]
    for (days, rule) in cases {
      let bytes = try ShardedMarket.bytes(days.map { try ShardedMarket.table($0) })
      #expect { try split(bytes, .hash(2)) } throws: { "\($0)".contains(rule) }
    }
    // A shard that begins late or ends early has seen no gap.
    let days = [[row("A", 1)], [row("A", 2), row("B", 2)], [row("B", 3)], [row("B", 4)]]
    _ = try split(try ShardedMarket.bytes(days.map { try ShardedMarket.table($0) }), .hash(2))
    let other = NpyTable([NpyField("instrument", .bytes(8)), NpyField("date", .day)]).array
    var table = NpyTable([NpyField("instrument", .bytes(8)), NpyField("date", .day)])
    try table.append("A")
    table.append(day: 3)
    let mixed = try ShardedMarket.bytes([other, ShardedMarket.table([row("A", 2)]), table.array])
    #expect { try split(mixed, .hash(2)) } throws: { "\($0)".contains("fields differ") }
  }

  @Test("lines go to the shard of their name as they are")
  func lines() throws {
    let text = """
      {"id": "a","x":[1, 2]}
      {"id":"b"}

      {"instrument":"sh600000","id":"b"}\r
      {"id":"a","y":"\\u0041"}
      """
    let shards = try split(Array(text.utf8), .hash(7))
    let lines = shards.map { String(decoding: $0, as: UTF8.self) }
    let place = { (name: String) in ShardRule.hash(7).shard(of: name) }
    #expect(place("a") != place("b"))
    #expect(lines[place("a")].hasPrefix("{\"id\": \"a\",\"x\":[1, 2]}\n"))
    #expect(lines[place("a")].contains("{\"id\":\"a\",\"y\":\"\\u0041\"}\n"))
    #expect(lines[place("SH600000")].contains("{\"instrument\":\"sh600000\",\"id\":\"b\"}\n"))
    #expect(lines.joined().filter { $0 == "\n" }.count == 4)
    for (bad, rule) in [
      (#"{"x":1}"#, "object has no 'instrument' or 'id' to be split by"),
      (#"{"id":5}"#, "what is split by must be a string, got a number"),
    ] {
      #expect { try split(Array(bad.utf8), .hash(2)) } throws: { "\($0)".contains(rule) }
    }
    let keyed = try split(Array(#"{"w":"a","id":"b"}"#.utf8), .hash(7), key: "w")
    #expect(!keyed[place("a")].isEmpty)
  }

  @Test("a folder that is not published leaves nothing behind")
  func unpublished() throws {
    try withFolder { folder in
      do {
        let made = try StreamFolder("\(folder)/out", names: ["a", "b"])
        made.writers[0].write("x")
        try made.writers[0].commit()
      }
      #expect(names(folder).isEmpty)
    }
  }
}
