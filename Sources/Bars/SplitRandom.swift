/// Random numbers of a key, such as (seed, instrument, day): any of them can be drawn without those
/// before.
///
/// Nothing but additions, multiplications and shifts, which are the same on every machine; logarithms
/// and cosines are not. Source: SplitMix64, Steele, Lea and Flood, 2014.
struct SplitRandom {
  private var state: UInt64 = 0

  /// The sequence of a key.
  init(_ key: UInt64...) {
    for part in key { state = Self.mix(state &+ 0x9e37_79b9_7f4a_7c15 ^ Self.mix(part &+ 1)) }
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// Uniform in 0 ..< 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Nearly normal, of mean 0 and deviation 1: the sum of twelve uniform numbers, less 6.
  mutating func bell() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let bits = next()
      for part: UInt64 in [0, 16, 32, 48] { sum += bits >> part & 0xffff }
    }
    // Each is in the middle of its 1/65536.
    return (Double(sum) + 6) * 0x1p-16 - 6
  }

  /// Whether something of this probability happens.
  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}
