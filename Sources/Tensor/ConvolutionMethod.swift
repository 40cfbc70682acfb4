/// Ways to compute a convolution.
public enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The textbook's loops, one sliding window at a time.
  case direct
  /// The backward pass as two more forward convolutions with exchanged indices.
  case swap
  /// A matrix product whose right side is never written out.
  case gemm
  /// Winograd's minimal filtering: fewer multiplications for 3×3 windows of stride 1.
  case winograd
  /// Whatever is fastest for the shape.
  case auto

  /// What `auto` becomes.
  static func best(for s: ConvolutionShape, workers: Workers) -> ConvolutionMethod {
    .gemm
  }
}
