import KernelChoice

/// Convolution as a matrix product over the windows of the pictures: forward and backward.
final class GemmConvolution: ConvolutionPasses {
  var preparation: Preparation?
  // Made when they are first needed: inference has no backward pass, nor have other methods both.
  private lazy var forwardPass = GroupedTaps(
    TapGeometry(shape), rows: shape.outGroup, batch: shape.batch, groups: shape.groups,
    workers: workers, kernels: kernels)
  private lazy var weightGradient = WeightGradient(shape, workers, kernels)
  private lazy var inputGradient = InputGradient(shape, workers, kernels)
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels

  init(_ shape: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) {
    self.shape = shape
    self.workers = workers
    self.kernels = kernels
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    forwardPass.run(
      input: input, output: output, preparation: preparation
    ) { group in
      let first = group * shape.outGroup
      return (weight + first * shape.window, shape.window, 1, bias.map { $0 + first })
    }
  }

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    biasGradient(shape, gradOutput, gradBias, workers, kernels)
    weightGradient.run(input, gradOutput, gradWeight, preparation)
    if let gradInput { inputGradient.run(weight, gradOutput, gradInput, preparation) }
  }
}

/// gradBias = Σ gradOutput over pictures and pixels.
func biasGradient(
  _ s: ConvolutionShape, _ gradOutput: UnsafePointer<Float>,
  _ gradBias: UnsafeMutablePointer<Float>, _ workers: Workers, _ kernels: Kernels
) {
  workers.split(s.outChannels, grain: 8) { channels, _ in
    for channel in channels { gradBias[channel] = 0 }
    for n in 0..<s.batch {
      for channel in channels {
        gradBias[channel] += kernels.sum(
          s.outPlane, gradOutput + (n * s.outChannels + channel) * s.outPlane)
      }
    }
  }
}

/// A tap product for every group and picture.
///
/// Planes are prepared a few pictures at a time; pictures of more floats than half a second-level cache
/// holds, `largestWhole`, are cut into bands.
final class GroupedTaps {
  private let geometry: TapGeometry
  private let product: TapProduct
  private let rows, batch, groups: Int
  private let workers: Workers
  /// None where the product lays out what it needs itself.
  private let planes: PreparedPlanes?

  init(
    _ geometry: TapGeometry, rows: Int, batch: Int, groups: Int, workers: Workers,
    kernels: Kernels, largestWhole: Int = 128 << 10
  ) {
    self.geometry = geometry
    self.rows = rows
    self.batch = batch
    self.groups = groups
    self.workers = workers
    product = TapProduct(
      geometry, rows: rows, largestWhole: largestWhole, workers: workers, kernels: kernels)
    planes =
      product.isBanded
      ? nil
      : PreparedPlanes(
        geometry, batch: batch, groups: groups, workers: workers, kernels: kernels)
  }

  /// Whether pictures are cut into bands.
  var isBanded: Bool { product.isBanded }

  /// `matrix(group)` gives A with its row stride and step, and the bias.
  func run(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, preparation: Preparation?,
    _ matrix: (Int) -> (UnsafePointer<Float>, Int, Int, UnsafePointer<Float>?)
  ) {
    let outPlane = geometry.outHeight * geometry.outWidth
    let plane = geometry.height * geometry.width
    for group in 0..<groups {
      let (a, aRow, aStep, bias) = matrix(group)
      func multiply(_ pictures: Range<Int>, _ source: UnsafePointer<Float>, _ length: Int) {
        product.run(
          a: a, aRow: aRow, aStep: aStep, bias: bias, source: source, picture: length,
          pictures: pictures.count,
          output: output + (pictures.lowerBound * groups + group) * rows * outPlane,
          outputPicture: groups * rows * outPlane, preparation: preparation)
      }
      if let planes {
        planes.forEach(group, input, preparation, multiply)
      } else {
        let start = input + group * geometry.channels * plane
        multiply(0..<batch, start, groups * geometry.channels * plane)
      }
    }
  }
}

/// The planes of one group as `TapGeometry` wants them: in place, or prepared a few pictures at a time.
final class PreparedPlanes {
  private let geometry: TapGeometry
  private let batch, groups: Int
  private let workers: Workers
  private let kernels: Kernels
  private let buffer: FloatBuffer
  /// Pictures at a time: as many as the second-level cache holds, or as fill a good many panels.
  private let few: Int

  init(_ geometry: TapGeometry, batch: Int, groups: Int, workers: Workers, kernels: Kernels) {
    self.kernels = kernels
    self.geometry = geometry
    self.batch = batch
    self.groups = groups
    self.workers = workers
    let pixels = geometry.outHeight * geometry.outWidth
    let most = max(1, (192 << 10) / geometry.pictureLength, 3072 / pixels)
    let parts = geometry.isInPlace ? 1 : (batch + most - 1) / most
    few = (batch + parts - 1) / parts
    buffer = FloatBuffer(geometry.isInPlace ? 0 : few * geometry.pictureLength)
  }

  /// Calls `body` with some pictures, their prepared planes, and the floats from picture to picture.
  func forEach(
    _ group: Int, _ input: UnsafePointer<Float>, _ preparation: Preparation?,
    _ body: (Range<Int>, UnsafePointer<Float>, Int) -> Void
  ) {
    let channels = geometry.channels
    let plane = geometry.height * geometry.width
    let start = input + group * channels * plane
    if geometry.isInPlace {
      body(0..<batch, start, groups * channels * plane)
      return
    }
    for first in stride(from: 0, to: batch, by: few) {
      let pictures = first..<min(batch, first + few)
      preparation.measure {
        workers.split(pictures.count * channels, grain: 8) { planes, _ in
          for index in planes {
            let (picture, channel) = index.quotientAndRemainder(dividingBy: channels)
            geometry.prepare(
              start + ((first + picture) * groups * channels + channel) * plane,
              buffer.start + index * geometry.channelLength, kernels)
          }
        }
      }
      body(pictures, buffer.start, geometry.pictureLength)
    }
  }
}
