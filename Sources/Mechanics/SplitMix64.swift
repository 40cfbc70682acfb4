/// Random numbers of a seed or of a key, the same on every machine.
///
/// With a key, such as (seed, instrument, day), any sequence can be drawn without those before it, so
/// that the order in which threads run does not matter.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
@frozen
public struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  /// The sequence of a seed.
  @inlinable
  public init(seed: UInt64) { state = seed }

  /// The sequence of a key, all of whose parts count, in their order.
  @inlinable
  public init(key: [UInt64]) {
    state = 0
    for part in key { state = Self.mix(state &+ 0x9e37_79b9_7f4a_7c15 ^ Self.mix(part &+ 1)) }
  }

  /// Spreads the bits of a number over all 64.
  @inlinable @inline(__always)
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// Uniform in 0 ..< 1, of 53 bits.
  @inlinable @inline(__always)
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0 ..< limit.
  @inlinable @inline(__always)
  public mutating func index(below limit: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  /// Uniform in a range.
  @inlinable
  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + index(below: range.count)
  }

  /// Whether something of this probability happens.
  @inlinable
  public mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}
