#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers that depend on a key only, so that the order in which threads run does not matter.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of a key, for example (seed, epoch, index).
  public init(_ key: UInt64...) {
    state = 0
    for part in key { state = Self.mix(state &+ 0x9e37_79b9_7f4a_7c15 ^ Self.mix(part &+ 1)) }
  }

  /// Spreads the bits of a number over all 64.
  @inline(__always)
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// Uniform in 0 ..< 1.
  @inline(__always)
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in -size ..< size.
  @inline(__always)
  public mutating func spread(_ size: Float) -> Float { (2 * uniform() - 1) * size }

  /// Uniform in 0 ..< limit.
  public mutating func index(below limit: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  /// Normal with mean 0 and deviation 1, by Box and Muller.
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * .pi * Double(uniform())))
  }

  /// Puts elements in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }
}
