import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

/// Loops over single elements of one instruction set; `Sources/KernelsBaseline` says what each does.
///
/// An element does not depend on where a loop starts or ends, so threads may divide it as they like.
public struct Elementwise: Sendable {
  /// What is read.
  public typealias Source = UnsafePointer<Float>
  /// What is written.
  public typealias Target = UnsafeMutablePointer<Float>

  /// ReLU in place: count, values.
  public let rectify: @Sendable (Int, Target) -> Void
  /// count, output, gradient.
  public let rectifyBackward: @Sendable (Int, Source, Target) -> Void
  /// count, source, target that it is added to.
  public let add: @Sendable (Int, Source, Target) -> Void
  /// count, factor, values.
  public let scale: @Sendable (Int, Float, Target) -> Void
  /// count, bytes, factor, offset, target.
  public let scaleBytes: @Sendable (Int, UnsafePointer<UInt8>, Float, Float, Target) -> Void
  /// count, index of the first, two keys, limit, factor, values.
  public let dropSome: @Sendable (Int, UInt32, UInt32, UInt32, UInt32, Float, Target) -> Void
  /// count, values.
  public let exponentiate: @Sendable (Int, Target) -> Void
  /// count, values, share, average.
  public let approach: @Sendable (Int, Source, Float, Target) -> Void
  /// count, gradient, values, velocity, rate, decay, momentum, ahead, reach.
  public let momentumStep:
    @Sendable (Int, Source, Target, Target, Float, Float, Float, Float, Float) -> Void
  /// count, gradient, values, mean, square, pace, shrink, decay, beta1, beta2, root, epsilon.
  public let adamStep:
    @Sendable (
      Int, Source, Target, Target, Target, Float, Float, Float, Float, Float, Float, Float
    ) -> Void
  /// count, gradient, values, square, steps, rate, decay, rho, epsilon.
  public let adadeltaStep:
    @Sendable (Int, Source, Target, Target, Target, Float, Float, Float, Float) -> Void
  let maxPool:
    @Sendable (
      Int, Int, Int, Float, Source, Target, UnsafeMutablePointer<UInt8>?, Target
    ) -> Void
  let maxPoolBackward:
    @Sendable (Int, Int, Int, UnsafePointer<UInt8>, Source, Target, Target) -> Void

  /// The loops in use.
  public static let current = Elementwise(.current)

  /// The loops of an instruction set, which the processor must have.
  public init(_ cpu: CPU) {
    switch cpu {
    case .baseline:
      rectify = KernelsBaseline.rectify
      rectifyBackward = KernelsBaseline.rectifyBackward
      add = KernelsBaseline.add
      scale = KernelsBaseline.scale
      scaleBytes = KernelsBaseline.scaleBytes
      dropSome = KernelsBaseline.dropSome
      exponentiate = KernelsBaseline.exponentiate
      approach = KernelsBaseline.approach
      momentumStep = KernelsBaseline.momentumStep
      adamStep = KernelsBaseline.adamStep
      adadeltaStep = KernelsBaseline.adadeltaStep
      maxPool = KernelsBaseline.maxPool
      maxPoolBackward = KernelsBaseline.maxPoolBackward
    case .avx2:
      rectify = KernelsAVX2.rectify
      rectifyBackward = KernelsAVX2.rectifyBackward
      add = KernelsAVX2.add
      scale = KernelsAVX2.scale
      scaleBytes = KernelsAVX2.scaleBytes
      dropSome = KernelsAVX2.dropSome
      exponentiate = KernelsAVX2.exponentiate
      approach = KernelsAVX2.approach
      momentumStep = KernelsAVX2.momentumStep
      adamStep = KernelsAVX2.adamStep
      adadeltaStep = KernelsAVX2.adadeltaStep
      maxPool = KernelsAVX2.maxPool
      maxPoolBackward = KernelsAVX2.maxPoolBackward
    case .avx512:
      rectify = KernelsAVX512.rectify
      rectifyBackward = KernelsAVX512.rectifyBackward
      add = KernelsAVX512.add
      scale = KernelsAVX512.scale
      scaleBytes = KernelsAVX512.scaleBytes
      dropSome = KernelsAVX512.dropSome
      exponentiate = KernelsAVX512.exponentiate
      approach = KernelsAVX512.approach
      momentumStep = KernelsAVX512.momentumStep
      adamStep = KernelsAVX512.adamStep
      adadeltaStep = KernelsAVX512.adadeltaStep
      maxPool = KernelsAVX512.maxPool
      maxPoolBackward = KernelsAVX512.maxPoolBackward
    }
  }
}
