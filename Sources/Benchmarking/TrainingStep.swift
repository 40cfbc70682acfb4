import KernelChoice
import Mechanics
import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One step of training a network, made of the operators themselves, each call counted.
///
/// Forward, softmax and its loss's gradient, backward, and a plain step down the gradient.
final class TrainingStep {
  /// A layer of a network for pictures of digits.
  enum Layer {
    case convolution(channels: Int, kernel: Int, padding: Int)
    case relu
    case pool
    case linear(outputs: Int)
  }

  /// A network that has a name.
  struct Network: Sendable {
    let name: String
    let layers: [Layer]

    /// Those that lenet-train knows; dropout, which is no operator of this library, left out.
    static let all = [
      Network(
        name: "lenet5",
        layers: [
          .convolution(channels: 32, kernel: 5, padding: 2), .relu, .pool,
          .convolution(channels: 64, kernel: 5, padding: 2), .relu, .pool,
          .linear(outputs: 512), .relu, .linear(outputs: 10),
        ]),
      Network(
        name: "mnist-net",
        layers: [
          .convolution(channels: 32, kernel: 3, padding: 0), .relu,
          .convolution(channels: 64, kernel: 3, padding: 0), .relu, .pool,
          .linear(outputs: 128), .relu, .linear(outputs: 10),
        ]),
    ]
  }

  /// Pictures of a step.
  static let batch = 64
  let times = OperatorTimes()
  private var forward: [() -> Void] = []
  private var backward: [() -> Void] = []
  private var parameters: [(values: FloatBuffer, gradient: FloatBuffer)] = []
  private var random = SplitMix64(seed: 1)

  init(_ network: Network, _ implementation: Implementation, _ setting: Candidate.Setting) throws {
    var size = (channels: 1, side: 28)
    let pictures = FloatBuffer(Self.batch * 28 * 28)
    random.fill(pictures)
    let elementwise = setting.cpu.kernels
    var values = pictures
    var gradient = FloatBuffer(pictures.count)
    for layer in network.layers {
      let isFirst = forward.isEmpty
      switch layer {
      case .convolution(let channels, let kernel, let padding):
        let shape = try ConvolutionShape(
          batch: Self.batch, inChannels: size.channels, height: size.side, width: size.side,
          outChannels: channels, kernelHeight: kernel, kernelWidth: kernel,
          padding: PerAxis(padding))
        size = (channels, shape.outHeight)
        (values, gradient) = try convolution(
          shape, implementation, setting, values, isFirst ? nil : gradient)
      case .relu:
        let (output, slope) = (values, gradient)
        forward.append { [times] in
          times.measure("relu") { elementwise.rectify(output.count, output.start) }
        }
        backward.append { [times] in
          times.measure("relu backward") {
            elementwise.rectifyBackward(output.count, output.start, slope.start)
          }
        }
      case .pool:
        (values, gradient) = pool(&size, values, gradient)
      case .linear(let outputs):
        (values, gradient) = try linear(
          outputs, size.channels * size.side * size.side, setting, values, gradient)
        size = (outputs, 1)
      }
    }
    let (logits, slope, classes) = (values, gradient, size.channels)
    forward.append { [times] in
      times.measure("softmax and loss") {
        Self.softmaxGradient(logits.start, slope.start, classes)
      }
    }
  }

  /// One step.
  func run() {
    for layer in forward { layer() }
    for layer in backward.reversed() { layer() }
    times.measure("gradient step") {
      for (values, gradient) in parameters {
        for i in 0..<values.count { values.start[i] -= 1e-4 * gradient.start[i] }
      }
    }
  }

  private func parameter(_ count: Int, inputs: Int) -> (FloatBuffer, FloatBuffer) {
    let (values, gradient) = (FloatBuffer(count), FloatBuffer(count))
    let scale = 1 / Float(inputs).squareRoot()
    for i in 0..<count { values.start[i] = random.float() * scale }
    parameters.append((values, gradient))
    return (values, gradient)
  }

  private func convolution(
    _ shape: ConvolutionShape, _ implementation: Implementation, _ setting: Candidate.Setting,
    _ input: FloatBuffer, _ gradInput: FloatBuffer?
  ) throws -> (FloatBuffer, FloatBuffer) {
    let method = ConvolutionMethod(rawValue: implementation.name) ?? .auto
    let convolution: Convolution
    do {
      convolution = try Convolution(
        shape, method, workers: setting.workers, kernels: setting.cpu.kernels)
    } catch TensorError.method {
      // A layer that the method cannot do is done as `auto` does it.
      convolution = try Convolution(
        shape, workers: setting.workers, kernels: setting.cpu.kernels)
    }
    convolution.times = times
    let (weight, gradWeight) = parameter(shape.weightCount, inputs: shape.window)
    let (bias, gradBias) = parameter(shape.outChannels, inputs: shape.window)
    let (output, gradOutput) = (FloatBuffer(shape.outputCount), FloatBuffer(shape.outputCount))
    forward.append {
      convolution.forward(
        input: input.start, weight: weight.start, bias: bias.start, output: output.start)
    }
    backward.append {
      convolution.backward(
        input: input.start, weight: weight.start, gradOutput: gradOutput.start,
        gradInput: gradInput?.start, gradWeight: gradWeight.start, gradBias: gradBias.start)
    }
    return (output, gradOutput)
  }

  private func pool(
    _ size: inout (channels: Int, side: Int), _ input: FloatBuffer, _ gradInput: FloatBuffer
  ) -> (FloatBuffer, FloatBuffer) {
    let pool = MaxPool2(planes: Self.batch * size.channels, height: size.side, width: size.side)
    size.side = pool.outHeight
    let count = pool.planes * pool.outHeight * pool.outWidth
    let (output, gradOutput) = (FloatBuffer(count), FloatBuffer(count))
    let winners = Winners(count + 8)
    forward.append { [times] in
      times.measure("max_pool2d") {
        pool.forward(input.start, output.start, winners: winners.start)
      }
    }
    backward.append { [times] in
      times.measure("max_pool2d backward") {
        pool.backward(
          winners: winners.start, gradOutput: gradOutput.start, gradInput: gradInput.start)
      }
    }
    return (output, gradOutput)
  }

  private func linear(
    _ outputs: Int, _ inputs: Int, _ setting: Candidate.Setting, _ input: FloatBuffer,
    _ gradInput: FloatBuffer
  ) throws -> (FloatBuffer, FloatBuffer) {
    let layer = try Linear(
      batch: Self.batch, inputs: inputs, outputs: outputs, workers: setting.workers,
      kernels: setting.cpu.kernels)
    let (weight, gradWeight) = parameter(outputs * inputs, inputs: inputs)
    let (bias, gradBias) = parameter(outputs, inputs: inputs)
    let (output, gradOutput) = (
      FloatBuffer(Self.batch * outputs), FloatBuffer(Self.batch * outputs)
    )
    forward.append { [times] in
      times.measure("linear") {
        layer.forward(
          input: input.start, weight: weight.start, bias: bias.start, output: output.start)
      }
    }
    backward.append { [times] in
      times.measure("linear backward") {
        layer.backward(
          input: input.start, weight: weight.start, gradOutput: gradOutput.start,
          gradInput: gradInput.start, gradWeight: gradWeight.start, gradBias: gradBias.start)
      }
    }
    return (output, gradOutput)
  }

  /// The gradient of cross-entropy for labels that go around, picture by picture.
  private static func softmaxGradient(
    _ logits: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, _ classes: Int
  ) {
    for row in 0..<batch {
      let (x, g) = (logits + row * classes, gradient + row * classes)
      var most = x[0]
      for i in 1..<classes { most = max(most, x[i]) }
      var sum: Float = 0
      for i in 0..<classes {
        g[i] = expf(x[i] - most)
        sum += g[i]
      }
      for i in 0..<classes {
        g[i] = (g[i] / sum - (i == row % classes ? 1 : 0)) / Float(batch)
      }
    }
  }
}

/// Which pixel won each place of a pooling.
private final class Winners {
  let start: UnsafeMutablePointer<UInt8>

  init(_ count: Int) {
    start = .allocate(capacity: count)
    start.initialize(repeating: 0, count: count)
  }

  deinit { start.deallocate() }
}
