/// Ways to compute a convolution.
public enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The textbook's loops, one sliding window at a time.
  case direct
  /// The backward pass as two more forward convolutions with exchanged indices.
  case swap
  /// A matrix product whose right side is never written out.
  case gemm
  /// Winograd's minimal filtering: fewer multiplications for windows of 2×2 to 5×5, of 3×3 to 8×8 with stride 2.
  case winograd
  /// Whatever is fastest for the shape.
  case auto

  /// What `auto` becomes for so many pictures: the method with the fewer estimated cycles.
  static func best(for s: ConvolutionShape, pictures: Int) -> ConvolutionMethod {
    guard WinogradConvolution.does(s) else { return .gemm }
    let winograd =
      FewChannelsConvolution.does(s)
      ? FewChannelsConvolution.cycles(s, pictures: pictures)
      : WinogradConvolution.squares(s, pictures: pictures)
        .cycles(outChannels: s.outChannels, pictures: pictures)
    return winograd < gemmCycles(s, pictures: pictures) ? .winograd : .gemm
  }

  /// Products, 32 a cycle on a machine with AVX-512; others keep the proportion.
  private static func gemmCycles(_ s: ConvolutionShape, pictures: Int) -> Double {
    // Some 15 % are lost to packing, or to lanes that are thrown away; rows come in eights.
    let rows = Double((s.outGroup + 7) / 8 * 8 * s.groups)
    return rows * Double(pictures * s.outPlane) * Double(s.window) / 32 * 1.15
  }
}
