// Loops over single elements, kept plain so that the compiler makes vectors of them: each element is
// computed alike whether it falls into a vector or behind the last one, so that work can be cut
// anywhere.

extension CompiledKernels {
  /// values = max(0, values).
  @inline(never)
  static func rectify(_ count: Int, _ values: UnsafeMutablePointer<Float>) {
    for i in 0..<count { values[i] = values[i] > 0 ? values[i] : 0 }
  }

  /// Keeps a gradient where ReLU's output is positive; else it is 0.
  @inline(never)
  static func rectifyBackward(
    _ count: Int, _ output: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { gradient[i] = output[i] > 0 ? gradient[i] : 0 }
  }

  /// target += source.
  @inline(never)
  static func add(
    _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { target[i] += source[i] }
  }

  /// values *= factor.
  @inline(never)
  static func scale(_ count: Int, _ factor: Float, _ values: UnsafeMutablePointer<Float>) {
    for i in 0..<count { values[i] *= factor }
  }

  /// target = bytes · factor + offset.
  @inline(never)
  static func scaleBytes(
    _ count: Int, _ bytes: UnsafePointer<UInt8>, _ factor: Float, _ offset: Float,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { target[i] = Float(bytes[i]) * factor + offset }
  }
}

/// 32 random bits for an index, under two keys.
///
/// Source: the finaliser of MurmurHash3 (Appleby, public domain), once for each key.
@inline(__always)
private func randomBits(_ index: UInt32, _ key0: UInt32, _ key1: UInt32) -> UInt32 {
  var x = index ^ key0
  x = (x ^ x >> 16) &* 0x85eb_ca6b
  x = (x ^ x >> 13) &* 0xc2b2_ae35
  x ^= x >> 16 ^ key1
  x = (x ^ x >> 16) &* 0x85eb_ca6b
  x = (x ^ x >> 13) &* 0xc2b2_ae35
  return x ^ x >> 16
}

extension CompiledKernels {
  /// values[i] = 0 where the random bits of `first + i` are below `limit`, else values[i] · factor.
  @inline(never)
  static func dropSome(
    _ count: Int, _ first: UInt32, _ key0: UInt32, _ key1: UInt32, _ limit: UInt32,
    _ factor: Float, _ values: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count {
      let bits = randomBits(first &+ UInt32(truncatingIfNeeded: i), key0, key1)
      values[i] = bits < limit ? 0 : values[i] * factor
    }
  }

  /// values = e^values, within 2 units in the last place; what would be below 2^-126 is 0, and beyond
  /// 88.3 it is that of 88.3.
  ///
  /// Source: the polynomial of Cephes' `expf` (Moshier). Adding 1.5 · 2^23 rounds to a whole number and
  /// leaves it in the low bits, from where it is shifted into the exponent.
  @inline(never)
  static func exponentiate(_ count: Int, _ values: UnsafeMutablePointer<Float>) {
    for i in 0..<count {
      let x = values[i]
      let clamped = x < 88.3 ? x : 88.3
      let shifted = clamped * 1.442_695_04 + 12_582_912
      let whole = shifted - 12_582_912
      let r = clamped - whole * 0.693_359_375 - whole * -2.121_944_4e-4
      var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
      p = p * r + 8.333_451_9e-3
      p = p * r + 4.166_579_6e-2
      p = p * r + 1.666_666_55e-1
      p = p * r + 5.000_000_1e-1
      let fraction = p * r * r + r + 1
      let result = Float(bitPattern: fraction.bitPattern &+ shifted.bitPattern &<< 23)
      values[i] = x > -87 ? result : 0
    }
  }

  /// average += share · (values - average).
  @inline(never)
  static func approach(
    _ count: Int, _ values: UnsafePointer<Float>, _ share: Float,
    _ average: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { average[i] += share * (values[i] - average[i]) }
  }
}
