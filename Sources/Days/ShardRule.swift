import Mechanics

/// Which shard an instrument, or whatever else has a name, is in: the same on every machine and day.
public enum ShardRule: Sendable {
  /// The remainder of the 64-bit FNV-1a hash of the name on division by so many shards.
  case hash(Int)
  /// The range that a name falls into: those below the first bound are in the first shard, and so on.
  case bounds([InstrumentCode])

  /// How many shards there are.
  public var count: Int {
    switch self {
    case .hash(let count): count
    case .bounds(let bounds): bounds.count + 1
    }
  }

  /// The shard of an instrument, from 0.
  public func shard(of code: InstrumentCode) -> Int {
    switch self {
    case .hash: shard(of: "\(code)")
    case .bounds(let bounds): bounds.firstPlace { $0 <= code }
    }
  }

  /// The shard of any name by its hash, from 0.
  public func shard(of name: String) -> Int {
    Int(truncatingIfNeeded: fnv1a(name) % UInt64(count))
  }
}
