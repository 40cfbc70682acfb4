import Streams

extension ByteReader {
  /// Splits what the sources hold, days or lines of NDJSON: which it is, the first byte of the first tells.
  ///
  /// `outputs` is asked for what writes each shard, nil of those that nobody wants, and is told whether
  /// they are npy. Throws where the sources hold both, and where lines are to be sealed.
  public func split(
    by rule: ShardRule, key: String?, allowingGaps: Bool, sealed: Bool,
    to outputs: (_ isNpy: Bool) throws -> [ByteWriter?]
  ) throws {
    let reader = DayReader(self)
    var days: DayShards?
    var lines: LineShards?
    try forEachSource {
      // Nothing else begins as npy does; what is empty is taken for no day.
      let isNpy = try days != nil && peek(1).isEmpty || [0x93, nil].contains(peek(1).first)
      if days == nil, lines == nil {
        if isNpy {
          days = DayShards(rule, to: try outputs(true), allowingGaps: allowingGaps)
        } else {
          guard !sealed else { throw Failure.badData(name, "--seal is for npy, and this is none") }
          lines = LineShards(rule, key: key, to: try outputs(false))
        }
      }
      if isNpy, let days {
        try reader.daysOfSource { try days.add($0) }
      } else if let lines, try !isNpy || peek(1).isEmpty {
        try ndjsonOfSource { try lines.add($0) }
      } else {
        throw Failure.badData(name, "days and lines are not split together")
      }
    }
  }
}

extension ShardRule {
  /// The most shards that are written at once.
  public static let most = 2000

  /// Ranges that begin at codes, separated by commas; throws where these do not ascend.
  public init(bounds list: String) throws {
    let codes = try list.split(separator: ",", omittingEmptySubsequences: false).map {
      try InstrumentCode($0)
    }
    for (one, other) in zip(codes, codes.dropFirst()) where other <= one {
      throw DayError.rule("bounds must ascend: \(other) after \(one)")
    }
    guard codes.count < Self.most else {
      throw DayError.rule("bounds must be fewer than \(Self.most): \(codes.count)")
    }
    self = .bounds(codes)
  }

  /// The names of the files of all shards.
  public func names(ending: String) -> [String] {
    (1...count).map { "\(ShardName($0, of: count)).\(ending)" }
  }
}
