import Streams

/// Splits NDJSON by a name in each object: its line goes on as it is, to the shard of the name.
public struct LineShards {
  private let rule: ShardRule
  private let key: String?
  private let outputs: [ByteWriter?]

  /// Shards by the text under a key: without one `instrument`, or where that is missing `id`.
  public init(_ rule: ShardRule, key: String?, to outputs: [ByteWriter?]) {
    (self.rule, self.key, self.outputs) = (rule, key, outputs)
  }

  /// Writes an object to its shard; throws where it has no name to go by.
  public func add(_ record: JSONValue) throws {
    guard let name = key.map({ record[$0] }) ?? record["instrument"] ?? record["id"] else {
      throw record.failure(
        "object has no \(key.map { "'\($0)'" } ?? "'instrument' or 'id'") to be split by")
    }
    guard let text = name.string else {
      throw name.failure("what is split by must be a string, got \(name.kindName)")
    }
    let shard =
      try key == nil && record["instrument"] != nil || isBounded
      ? rule.shard(of: InstrumentCode(text)) : rule.shard(of: text)
    outputs[shard]?.write(record.text)
    outputs[shard]?.write(UInt8(ascii: "\n"))
    try outputs[shard]?.commit()
  }

  private var isBounded: Bool { if case .bounds = rule { true } else { false } }
}
