/// The choice of a method where weights stay, and what is prepared from them is used many times.
extension ConvolutionMethod {
  /// What `auto` becomes when it need not count the preparation: the method for many pictures.
  ///
  /// It is one method for any number of pictures, so that what comes out for a picture does not depend
  /// on its neighbours.
  public static func fastest(for s: ConvolutionShape) throws -> ConvolutionMethod {
    .best(
      for: try ConvolutionShape(
        batch: max(64, s.batch), inChannels: s.inChannels, height: s.height, width: s.width,
        outChannels: s.outChannels, kernelHeight: s.kernelHeight, kernelWidth: s.kernelWidth,
        stride: s.stride, padding: s.padding, dilation: s.dilation, groups: s.groups))
  }
}
