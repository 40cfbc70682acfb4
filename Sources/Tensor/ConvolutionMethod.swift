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

  /// What `auto` becomes: the method with the fewer estimated cycles.
  static func best(for s: ConvolutionShape) -> ConvolutionMethod {
    WinogradConvolution.does(s) && winogradCycles(s) < gemmCycles(s) ? .winograd : .gemm
  }

  /// What `auto` becomes where the weights stay the same, so that their preparation need not be
  /// counted: the method that is best for many pictures.
  ///
  /// It is the same method for any number of pictures, so that the output of a picture does not depend
  /// on the others of its batch.
  public static func fastest(for s: ConvolutionShape) throws -> ConvolutionMethod {
    .best(
      for: try ConvolutionShape(
        batch: max(64, s.batch), inChannels: s.inChannels, height: s.height, width: s.width,
        outChannels: s.outChannels, kernelHeight: s.kernelHeight, kernelWidth: s.kernelWidth,
        stride: s.stride, padding: s.padding, dilation: s.dilation, groups: s.groups))
  }

  /// Products, 32 a cycle on a machine with AVX-512; others keep the proportion.
  private static func gemmCycles(_ s: ConvolutionShape) -> Double {
    // Some 15 % are lost to packing, or to lanes that are thrown away; rows come in eights.
    let rows = Double((s.outGroup + 7) / 8 * 8 * s.groups)
    return rows * Double(s.batch * s.outPlane) * Double(s.window) / 32 * 1.15
  }

  /// 36 products a square and pair of channels, and the transforms.
  private static func winogradCycles(_ s: ConvolutionShape) -> Double {
    let side = 7 - s.kernelHeight
    let squares = Double(
      s.batch * ((s.outHeight + side - 1) / side) * ((s.outWidth + side - 1) / side))
    let (ins, outs) = (Double((s.inChannels + 15) / 16), Double((s.outChannels + 31) / 32 * 2))
    let products = 36 * Double(s.inChannels) * outs * 16 / 32
    let transforms = 160 * ins + 200 * outs
    let weights = Double(s.inChannels) * outs * 500
    return squares * (products * 1.05 + transforms) + weights
  }
}
