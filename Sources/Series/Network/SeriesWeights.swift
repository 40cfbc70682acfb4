import InstructionSets
import KernelChoice
import Tensor

/// The weights of a network as its products want them, packed anew whenever they have changed.
final class SeriesWeights: @unchecked Sendable {
  /// The packed tensors of one convolution.
  struct Packed {
    /// `[tap, input]` × output.
    let forward: FloatBuffer
    /// `[tap reversed, output]` × input; nil where the gradient of the input is not needed.
    let backward: FloatBuffer?
    let bias: FloatBuffer
  }

  let packed: [Packed]
  private let network: SeriesNetwork

  init(_ network: SeriesNetwork, training: Bool) {
    self.network = network
    packed = network.plan.convolutions.indices.map { index in
      let isBackwardWanted = training && network.plan.convolutions[index].source > 0
      let forward = network.forwardProducts[index]
      return Packed(
        forward: FloatBuffer(forward.packedCount),
        backward: isBackwardWanted
          ? FloatBuffer(network.backwardProducts[index].packedCount) : nil,
        bias: FloatBuffer(forward.biasCount))
    }
  }

  /// Packs the network's weights as they are now.
  func update(_ workers: Workers) {
    workers.forEach(packed.count) { index, _ in pack(index) }
  }

  private func pack(_ index: Int) {
    let (plan, values) = (network.plan, network.values.start)
    let convolution = plan.convolutions[index]
    let (source, target) = (plan.signals[convolution.source], plan.signals[convolution.target])
    let (forward, backward) = (network.forwardProducts[index], network.backwardProducts[index])
    let tensors = network.offsets[index]
    let (inputs, kernel) = (source.channels, convolution.kernel)
    for output in 0..<target.channels {
      let weights = values + tensors.weight + output * inputs * kernel
      let stretch = Float(network.stretch(tensors, output, inputs: inputs * kernel))
      for tap in 0..<kernel {
        let to =
          packed[index].forward.start + forward.place(row: tap * source.width, column: output)
        let step = forward.place(row: 1, column: 0)
        for input in 0..<inputs { to[input * step] = stretch * weights[input * kernel + tap] }
        guard let back = packed[index].backward?.start else { continue }
        let row = (kernel - 1 - tap) * target.width + output
        for input in 0..<inputs {
          back[backward.place(row: row, column: input)] = stretch * weights[input * kernel + tap]
        }
      }
    }
    forward.packBias(values + tensors.bias, columns: target.channels, packed[index].bias.start)
  }
}

/// Sums of gradients in the order of the packed weights, for a part of a batch.
final class SeriesGradient: @unchecked Sendable {
  /// The packed weights of each convolution.
  let weights: [FloatBuffer]
  /// Its biases.
  let biases: [FloatBuffer]
  /// The last layer's weights, then its bias.
  let last: FloatBuffer

  init(_ network: SeriesNetwork) {
    weights = network.forwardProducts.map { FloatBuffer($0.packedCount) }
    biases = network.forwardProducts.map { FloatBuffer($0.width) }
    let plan = network.plan
    last = FloatBuffer(plan.signals[plan.signals.count - 1].channels + 1)
  }

  func clear() { for buffer in weights + biases + [last] { buffer.clear() } }
}

extension SeriesNetwork {
  /// The gradient of the parameters: the sums of all parts, in their order, unpacked.
  func collect(_ parts: [SeriesGradient], into gradient: FloatBuffer, _ workers: Workers) {
    guard let total = parts.first else { return }
    let indices = plan.convolutions.indices
    workers.forEach(indices.count) { index, _ in
      for part in parts.dropFirst() {
        let count = part.weights[index].count
        CPU.current.kernels.add(count, part.weights[index].start, total.weights[index].start)
        CPU.current.kernels.add(
          part.biases[index].count, part.biases[index].start, total.biases[index].start)
      }
      unpack(index, total, gradient)
    }
    for part in parts.dropFirst() {
      CPU.current.kernels.add(total.last.count, part.last.start, total.last.start)
    }
    (gradient.start + lastWeight).update(from: total.last.start, count: total.last.count - 1)
    gradient.start[lastBias] = total.last.start[total.last.count - 1]
  }

  private func unpack(_ index: Int, _ total: SeriesGradient, _ gradient: FloatBuffer) {
    let convolution = plan.convolutions[index]
    let (source, target) = (plan.signals[convolution.source], plan.signals[convolution.target])
    let (product, tensors) = (forwardProducts[index], offsets[index])
    let (inputs, kernel) = (source.channels, convolution.kernel)
    let step = product.place(row: 1, column: 0)
    for output in 0..<target.channels {
      let weights = gradient.start + tensors.weight + output * inputs * kernel
      for tap in 0..<kernel {
        let from =
          total.weights[index].start + product.place(row: tap * source.width, column: output)
        for input in 0..<inputs { weights[input * kernel + tap] = from[input * step] }
      }
      gradient.start[tensors.bias + output] = total.biases[index].start[output]
      if let length = tensors.length {
        normaliseGradient(
          tensors, output, inputs * kernel, weights, &gradient.start[length + output])
      }
    }
  }

  /// From the gradient of weights = length · direction / ‖direction‖ to those of its two parts.
  ///
  /// Source: Salimans and Kingma, "Weight normalization", 2016, equation 3.
  private func normaliseGradient(
    _ offsets: TensorOffsets, _ output: Int, _ count: Int, _ weights: UnsafeMutablePointer<Float>,
    _ lengthGradient: inout Float
  ) {
    let direction = values.start + offsets.weight + output * count
    var (squares, along) = (0.0, 0.0)
    for i in 0..<count {
      squares += Double(direction[i]) * Double(direction[i])
      along += Double(direction[i]) * Double(weights[i])
    }
    lengthGradient = Float(along / squares.squareRoot())
    let stretch = stretch(offsets, output, inputs: count)
    for i in 0..<count {
      weights[i] = Float(stretch * (Double(weights[i]) - along / squares * Double(direction[i])))
    }
  }
}
