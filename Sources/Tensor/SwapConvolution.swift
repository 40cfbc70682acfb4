import KernelChoice

/// Backward as two more forward convolutions, as the user of a framework would write it.
///
/// gradInput: the gradient of the output, spread by the stride and padded in full, convolved with the
/// weights whose channels are exchanged and whose kernels are turned by 180°. gradWeight: batch and
/// channels exchanged in both, the input convolved with the gradient of the output, stride and
/// dilation exchanged too. Three convolutions a step, and every exchange is written out.
final class SwapConvolution: ConvolutionPasses {
  var preparation: Preparation? {
    didSet { for pass in [forwardPass, inputPass, weightPass] { pass.preparation = preparation } }
  }
  /// Counts the convolutions of the backward pass and what is done around them.
  var times: OperatorTimes?
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let forwardPass, inputPass, weightPass: GemmConvolution
  private let inputShape, weightShape: ConvolutionShape
  private let spread, turned, gathered, exchanged, result: FloatBuffer

  init(_ s: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) throws {
    shape = s
    self.workers = workers
    self.kernels = kernels
    forwardPass = GemmConvolution(s, workers, kernels)
    // Spread and padded such that a window of stride 1 without padding finds every pixel.
    inputShape = try ConvolutionShape(
      batch: s.batch, inChannels: s.outChannels,
      height: s.height + s.dilation.rows * (s.kernelHeight - 1),
      width: s.width + s.dilation.columns * (s.kernelWidth - 1),
      outChannels: s.inChannels, kernelHeight: s.kernelHeight, kernelWidth: s.kernelWidth,
      dilation: s.dilation, groups: s.groups)
    inputPass = GemmConvolution(inputShape, workers, kernels)
    weightShape = try ConvolutionShape(
      batch: s.inGroup, inChannels: s.batch, height: s.height, width: s.width,
      outChannels: s.outGroup, kernelHeight: s.outHeight, kernelWidth: s.outWidth,
      stride: s.dilation, padding: s.padding, dilation: s.stride)
    weightPass = GemmConvolution(weightShape, workers, kernels)
    spread = FloatBuffer(inputShape.inputCount)
    turned = FloatBuffer(s.weightCount)
    gathered = FloatBuffer(weightShape.inputCount)
    exchanged = FloatBuffer(weightShape.weightCount)
    result = FloatBuffer(weightShape.outputCount)
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    forwardPass.forward(input, weight, bias, output, weightStays: weightStays)
  }

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    let s = shape
    times.measure("sum of gradients") {
      biasGradient(shape, gradOutput, gradBias, workers, kernels)
    }
    if let gradInput {
      times.measure("spread and turn") {
        preparation.measure {
          spreadOut(gradOutput)
          turn(weight)
        }
      }
      times.measure("conv2d") {
        inputPass.forward(spread.start, turned.start, nil, gradInput, weightStays: false)
      }
    }
    for group in 0..<s.groups {
      times.measure("exchange batch and channels") {
        preparation.measure {
          exchange(input, s.inChannels, group * s.inGroup, s.inGroup, s.plane, gathered)
          exchange(
            gradOutput, s.outChannels, group * s.outGroup, s.outGroup, s.outPlane, exchanged)
        }
      }
      times.measure("conv2d") {
        weightPass.forward(gathered.start, exchanged.start, nil, result.start, weightStays: false)
      }
      times.measure("exchange batch and channels") {
        preparation.measure { crop(gradWeight + group * s.outGroup * s.window) }
      }
    }
  }

  /// Puts zeros between and around the pixels of the gradient.
  private func spreadOut(_ gradOutput: UnsafePointer<Float>) {
    let s = shape
    spread.clear()
    let top = s.dilation.rows * (s.kernelHeight - 1) - s.padding.rows
    let left = s.dilation.columns * (s.kernelWidth - 1) - s.padding.columns
    for plane in 0..<s.batch * s.outChannels {
      for y in 0..<s.outHeight {
        let row = top + y * s.stride.rows
        guard row >= 0, row < inputShape.height else { continue }
        let to = spread.start + (plane * inputShape.height + row) * inputShape.width
        for x in 0..<s.outWidth {
          let column = left + x * s.stride.columns
          guard column >= 0, column < inputShape.width else { continue }
          to[column] = gradOutput[(plane * s.outHeight + y) * s.outWidth + x]
        }
      }
    }
  }

  /// turned[in, out, r, q] = weight[out, in, R - 1 - r, Q - 1 - q], group by group.
  private func turn(_ weight: UnsafePointer<Float>) {
    let s = shape
    let area = s.kernelHeight * s.kernelWidth
    for out in 0..<s.outChannels {
      let (group, row) = out.quotientAndRemainder(dividingBy: s.outGroup)
      for channel in 0..<s.inGroup {
        let to = turned.start + ((group * s.inGroup + channel) * s.outGroup + row) * area
        let from = weight + (out * s.inGroup + channel) * area
        for place in 0..<area { to[area - 1 - place] = from[place] }
      }
    }
  }

  /// Exchanges batch and channels for some of the channels.
  private func exchange(
    _ source: UnsafePointer<Float>, _ channels: Int, _ first: Int, _ count: Int, _ plane: Int,
    _ target: FloatBuffer
  ) {
    for channel in 0..<count {
      for n in 0..<shape.batch {
        (target.start + (channel * shape.batch + n) * plane)
          .update(from: source + (n * channels + first + channel) * plane, count: plane)
      }
    }
  }

  /// gradWeight[out, in] = result[in, out], without what lies beyond the kernel.
  private func crop(_ gradWeight: UnsafeMutablePointer<Float>) {
    let s = shape
    for out in 0..<s.outGroup {
      for channel in 0..<s.inGroup {
        for r in 0..<s.kernelHeight {
          let row = (channel * s.outGroup + out) * weightShape.outHeight + r
          let to = gradWeight + ((out * s.inGroup + channel) * s.kernelHeight + r) * s.kernelWidth
          to.update(from: result.start + row * weightShape.outWidth, count: s.kernelWidth)
        }
      }
    }
  }
}
