import InstructionSets
import KernelChoice
import Tensor

/// How bytes of a picture become what a network sees: (byte / 255 - mean) / deviation.
public struct Normalisation: Equatable, Sendable, CustomStringConvertible {
  /// The brightness that becomes 0; bytes are from 0 to 1.
  public let mean: Float
  /// The difference of brightness that becomes 1.
  public let deviation: Float

  /// Black becomes -0.5 and white 0.5.
  public init() { (mean, deviation) = (0.5, 1) }

  /// From `mean M std S`; nil where that is not what the words say.
  init?(_ words: some Collection<Substring>) {
    let words = Array(words)
    guard words.count == 4, words[0] == "mean", words[2] == "std",
      let mean = Float(words[1]), mean.isFinite,
      let deviation = Float(words[3]), deviation >= 1e-6, deviation.isFinite
    else { return nil }
    self.mean = mean
    self.deviation = deviation
  }

  /// The words that give it again.
  public var description: String { "mean \(mean) std \(deviation)" }

  /// What a byte is multiplied by, and what is added to the product.
  private var line: (factor: Float, offset: Float) {
    (1 / (255 * deviation), -mean / deviation)
  }

  /// Bytes as a network sees them.
  public func apply(
    _ bytes: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<Float>, count: Int
  ) {
    CPU.current.kernels.scaleBytes(count, bytes, line.factor, line.offset, target)
  }

  /// The same for bytes that are held as floats, in place.
  public func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    let (factor, offset) = line
    for i in 0..<count { values[i] = values[i] * factor + offset }
  }
}
