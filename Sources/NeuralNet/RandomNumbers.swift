import Mechanics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers in the precision of a network's weights: the SplitMix64 sequence of a key.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var bits: SplitMix64

  /// The sequence of a key, for example (seed, epoch, index).
  public init(_ key: UInt64...) { bits = SplitMix64(key: key) }

  /// 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 { bits.next() }

  /// Uniform in 0 ..< 1.
  @inline(__always)
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in -size ..< size.
  @inline(__always)
  public mutating func spread(_ size: Float) -> Float { (2 * uniform() - 1) * size }

  /// Uniform in 0 ..< limit.
  public mutating func index(below limit: Int) -> Int {
    bits.index(below: limit)
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
