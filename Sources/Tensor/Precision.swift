import InstructionSets
import NarrowInstructions

/// What numbers a convolution multiplies; it always sums them in 32 bits or more.
///
/// Narrower numbers are for inference: the gradients of a convolution are those of `float`.
public enum Precision: String, CaseIterable, Sendable {
  /// 32-bit floats.
  case float
  /// The upper half of a float, rounded to the nearest; sums are floats (AVX512_BF16).
  case bfloat16
  /// Whole numbers from -127 to 127 times a scale: of the weights one for each output channel, of the
  /// input one for each picture. Sums are whole numbers (AVX512_VNNI).
  case int8

  /// Whether the instruction set in use multiplies such numbers.
  public var isUsable: Bool { self == .float || isAvailable && CPU.current == .avx512 }

  /// Whether this processor multiplies such numbers.
  public var isAvailable: Bool {
    switch self {
    case .float: true
    case .bfloat16: bfloat16_is_available()
    case .int8: int8_is_available()
    }
  }

  /// The instructions that it needs.
  public var instructions: String {
    switch self {
    case .float: "any"
    case .bfloat16: "AVX512_BF16"
    case .int8: "AVX512_VNNI"
    }
  }

  /// The largest error that is not wrong, relative to the largest value; nil for `float`, whose error
  /// depends on the method.
  ///
  /// A factor is off by 2⁻⁹ or by half a step of 1/127 at most; errors of a sum's terms mostly cancel.
  public var errorBound: Double? {
    switch self {
    case .float: nil
    case .bfloat16: 1e-2
    case .int8: 3e-2
    }
  }
}
