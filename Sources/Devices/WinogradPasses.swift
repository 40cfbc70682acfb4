import Tensor

/// Winograd's minimal filtering F(4×4, 3×3), forward and for the gradient of the input; the gradient of
/// the weights is that of `gemm`.
///
/// Source: Lavin, Gray: Fast Algorithms for Convolutional Neural Networks (2015).
final class WinogradPasses: ProductPasses {
  /// Whether it does a shape: 3×3, stride and dilation 1, one group, padding of at most 2.
  static func does(_ s: ConvolutionShape) -> Bool {
    s.kernelHeight == 3 && s.kernelWidth == 3 && s.stride == 1 && s.dilation == 1 && s.groups == 1
      && s.padding.rows <= 2 && s.padding.columns <= 2
  }

  /// Bytes that the points of the pictures at a time may take, with their products: such that a device
  /// with little memory has them too, and one with much is kept busy.
  private static let room = 256 << 20

  init(_ s: ConvolutionShape, _ session: DeviceSession, room: Int = WinogradPasses.room) throws {
    guard Self.does(s) else {
      throw TensorError.method(
        "winograd on a device does 3×3 windows of stride and dilation 1, one group, padding to 2 "
          + "(auto chooses by shape)",
        "\(s.kernelHeight)×\(s.kernelWidth), stride \(s.stride), dilation \(s.dilation), "
          + "groups \(s.groups), padding \(s.padding)")
    }
    // The way back is a convolution with channels exchanged, kernels turned and what is left of padding.
    let back = try ConvolutionShape(
      batch: s.batch, inChannels: s.outChannels, height: s.outHeight, width: s.outWidth,
      outChannels: s.inChannels, kernelHeight: 3, kernelWidth: 3,
      padding: PerAxis(rows: 2 - s.padding.rows, columns: 2 - s.padding.columns))
    try super.init(
      s, output: WinogradTiles(s, isTurned: false, session, room),
      gradInput: WinogradTiles(back, isTurned: true, session, room), session)
  }
}

/// One direction of it: tiles of the source are transformed, multiplied and transformed back, as many
/// pictures at a time as have room.
private final class WinogradTiles: WindowSums {
  private let shape: ConvolutionShape
  private let isTurned: Bool
  private let session: DeviceSession
  private let inputKernel, weightKernel, outputKernel: Kernel
  private let down, across: Int
  /// Pictures at a time, and the product for so many and for those that are left.
  private let pictures: Int
  private let product: MatrixProduct
  private let lastProduct: MatrixProduct?
  private let kernels, points, products: DeviceBuffer

  init(
    _ s: ConvolutionShape, isTurned: Bool, _ session: DeviceSession, _ room: Int
  ) throws(DeviceError) {
    shape = s
    self.isTurned = isTurned
    self.session = session
    inputKernel = try session.kernel("winograd_input", [.winograd])
    weightKernel = try session.kernel("winograd_kernel", [.winograd])
    outputKernel = try session.kernel("winograd_output", [.winograd])
    down = (s.outHeight + 3) / 4
    across = (s.outWidth + 3) / 4
    let bytesOfPicture = 36 * 4 * down * across * (s.inChannels + s.outChannels)
    pictures = min(s.batch, max(1, min(room, session.device.largestBuffer) / bytesOfPicture))
    let tilesOfPicture = down * across
    func product(_ pictures: Int) throws(DeviceError) -> MatrixProduct {
      let tiles = pictures * tilesOfPicture
      return try MatrixProduct(
        rows: s.outChannels, columns: tiles, depth: s.inChannels, matrices: 36,
        left: .init(
          isAlongDepth: true, step: s.inChannels, matrix: s.outChannels * s.inChannels),
        right: .init(isAlongDepth: false, step: tiles, matrix: s.inChannels * tiles), session)
    }
    self.product = try product(pictures)
    let left = s.batch % pictures
    lastProduct = left == 0 ? nil : try product(left)
    kernels = try DeviceBuffer(
      36 * s.inChannels * s.outChannels, of: session, as: "the points of the weights")
    let tiles = pictures * down * across
    points = try DeviceBuffer(36 * s.inChannels * tiles, of: session, as: "the points of tiles")
    products = try DeviceBuffer(
      36 * s.outChannels * tiles, of: session, as: "the products of points")
  }

  func run(
    _ source: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError) {
    let s = shape
    let group = session.tuning.plainGroup
    try session.run(
      weightKernel, [s.inChannels * s.outChannels], group: [group],
      [.buffer(weight), .buffer(kernels)]
        + [s.outChannels, s.inChannels, isTurned ? 1 : 0].map(KernelArgument.int))
    for first in stride(from: 0, to: s.batch, by: pictures) {
      let tiles = min(pictures, s.batch - first) * down * across
      try session.run(
        inputKernel, [tiles, s.inChannels], group: [group, 1],
        [.buffer(source), .buffer(points)]
          + [
            first, tiles, down, across, s.inChannels, s.height, s.width, s.padding.rows,
            s.padding.columns,
          ].map(KernelArgument.int))
      let isWhole = s.batch - first >= pictures
      try (isWhole ? product : lastProduct ?? product).run(kernels, points, nil, products)
      try session.run(
        outputKernel, [tiles, s.outChannels], group: [group, 1],
        [.buffer(products), .buffer(bias), .buffer(result)]
          + [
            first, tiles, down, across, s.outChannels, s.outHeight, s.outWidth,
            bias == nil ? 0 : 1,
          ].map(KernelArgument.int))
    }
  }
}
