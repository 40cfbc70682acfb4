import Tensor

/// The stages on pictures, forward and backward, for a few pictures at a time on one thread.
///
/// Pictures are `[channel, batch, row, column]`. Buffers are kept from call to call.
final class TowerPass {
  let network: Network
  /// The pictures, `[1, batch, row, column]`.
  let input: FloatBuffer
  /// The most pictures at once.
  let capacity: Int
  private var outputs: [FloatBuffer] = []
  private var gradients: [FloatBuffer] = []
  private var shapes: [ConvolutionShape?] = []
  private var shapedFor = 0

  init(_ network: Network, capacity: Int, training: Bool) {
    self.network = network
    self.capacity = capacity
    let pixels = network.architecture.height * network.architecture.width
    input = FloatBuffer(capacity * pixels)
    for stage in network.tower {
      // ReLU works in place.
      if stage.kind == .relu, let last = outputs.last {
        outputs.append(last)
        if let gradient = gradients.last { gradients.append(gradient) }
      } else {
        outputs.append(FloatBuffer(capacity * stage.outputs))
        if training { gradients.append(FloatBuffer(capacity * stage.outputs)) }
      }
    }
  }

  /// What the last stage gave.
  private var features: FloatBuffer { outputs.last ?? input }

  private func prepare(_ count: Int) throws {
    precondition(count <= capacity)
    guard count != shapedFor else { return }
    shapes = try network.tower.map { stage in
      guard case .convolution(let rows, let columns, let padding) = stage.kind else { return nil }
      return try ConvolutionShape(
        batch: count, inChannels: stage.channels, height: stage.height, width: stage.width,
        outChannels: stage.outChannels, kernelHeight: rows, kernelWidth: columns, padding: padding)
    }
    shapedFor = count
  }

  /// Runs the stages on the first `count` pictures of `input`.
  func forward(_ count: Int, scratch: Scratch) throws {
    try prepare(count)
    let parameters = network.values.start
    var source = input
    for (index, stage) in network.tower.enumerated() {
      let target = outputs[index]
      switch stage.kind {
      case .convolution:
        guard let shape = shapes[index] else { continue }
        conv2d(
          shape, input: source.start, weight: parameters + stage.weight,
          bias: parameters + stage.bias, output: target.start, scratch: scratch)
      case .pool(let floor):
        pooling(stage, count, floor).forward(source.start, target.start)
      case .relu:
        if target !== source { target.copy(source) }
        relu(target.start, count: count * stage.outputs)
      case .linear, .dropout: break
      }
      source = target
    }
  }

  /// Puts the features of `count` pictures into columns `first...` of a matrix `[feature, columns]`.
  func scatter(_ count: Int, to target: FloatBuffer, first: Int, columns: Int) {
    let area = network.features / channels
    for channel in 0..<channels {
      transpose(
        rows: count, columns: area, from: features.start + channel * count * area, stride: area,
        to: target.start + channel * area * columns + first, stride: columns)
    }
  }

  /// Takes the gradients of the features back from those columns.
  func gather(_ count: Int, from source: FloatBuffer, first: Int, columns: Int) {
    guard let target = gradients.last else { return }
    let area = network.features / channels
    for channel in 0..<channels {
      transpose(
        rows: area, columns: count, from: source.start + channel * area * columns + first,
        stride: columns, to: target.start + channel * count * area, stride: area)
    }
  }

  private var channels: Int { network.tower.last?.outChannels ?? 1 }

  /// Adds the gradients of the tower's parameters, for the features' gradients that were gathered.
  func backward(_ count: Int, gradient: FloatBuffer, scratch: Scratch) {
    let parameters = network.values.start
    for index in network.tower.indices.reversed() {
      let stage = network.tower[index]
      let (source, output) = (index > 0 ? outputs[index - 1] : input, outputs[index])
      let gradOutput = gradients[index]
      let gradInput = index > 0 ? gradients[index - 1] : nil
      switch stage.kind {
      case .convolution:
        guard let shape = shapes[index] else { continue }
        conv2dBackward(
          shape, input: source.start, weight: parameters + stage.weight,
          gradOutput: gradOutput.start, gradInput: gradInput?.start,
          gradWeight: gradient.start + stage.weight, gradBias: gradient.start + stage.bias,
          scratch: scratch)
      case .pool(let floor):
        guard let gradInput else { continue }
        pooling(stage, count, floor).backward(
          input: source.start, output: output.start, gradOutput: gradOutput.start,
          gradInput: gradInput.start)
      case .relu:
        reluBackward(
          output: output.start, gradient: gradOutput.start, count: count * stage.outputs)
      case .linear, .dropout: break
      }
    }
  }

  private func pooling(_ stage: Network.Stage, _ count: Int, _ floor: Float) -> MaxPool2 {
    MaxPool2(
      planes: stage.channels * count, height: stage.height, width: stage.width, floor: floor)
  }
}
