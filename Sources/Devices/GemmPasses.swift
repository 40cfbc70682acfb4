import Tensor

/// Convolution as products of matrices that are never written out, forward and backward.
final class GemmPasses: ProductPasses {
  init(_ s: ConvolutionShape, _ session: DeviceSession) throws(DeviceError) {
    try super.init(
      s, output: WindowProduct(s, .forward, session),
      gradInput: WindowProduct(s, .gradInput, session), session)
  }
}
