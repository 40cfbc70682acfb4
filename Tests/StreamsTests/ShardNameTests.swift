import Testing

@testable import Streams

@Suite struct ShardNameTests {
  @Test("names of files tell whether all shards of one splitting are there")
  func fileNames() throws {
    #expect(ShardName(path: "x/2-of-7.npy") == ShardName(2, of: 7))
    for path in ["2-of-7x", "8-of-7", "0-of-7", "2of7", "of", "a-of-7", "2-of-7-1"] {
      #expect(ShardName(path: path) == nil, "\(path)")
    }
    try ShardName.checkIsWhole(["a", "b"])
    try ShardName.checkIsWhole(["f/2-of-2.npy", "g/1-of-2"])
    for (paths, rule) in [
      (["1-of-2.npy", "2-of-3.npy"], "shards of 2 and of 3 do not go together"),
      (["1-of-2.npy", "2-of-2.npy", "x/1-of-2.npy"], "shard 1 of 2 is named twice"),
      (["1-of-3", "3-of-3"], "shard 2 of 3 is not named"),
      (["1-of-1", "other"], "'other' is none"),
    ] {
      #expect { try ShardName.checkIsWhole(paths) } throws: { "\($0)".contains(rule) }
    }
  }
}
