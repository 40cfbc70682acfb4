import InstructionSets
import KernelChoice
import Tensor

/// The weights of a network as its products want them, packed anew whenever they have changed.
final class SeriesWeights: @unchecked Sendable {
  /// The packed tensors of one convolution.
  struct Packed {
    /// `[tap, input]` × output, or `[point, input]`.
    let forward: FloatBuffer
    /// `[tap reversed, output]` × input, or `[point, output]`; nil where the gradient of the input is not needed.
    let backward: FloatBuffer?
    /// As the product wants it; with a filter a row.
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
        bias: FloatBuffer(
          network.plan.convolutions[index].filter == nil ? forward.biasCount : forward.width))
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
    let filter = convolution.filter
    for output in 0..<target.channels {
      let weights = values + tensors.weight + output * inputs * kernel
      let stretch = Float(network.stretch(tensors, output, inputs: inputs * kernel))
      for matrix in 0..<convolution.matrices {
        let to =
          packed[index].forward.start + forward.place(row: matrix * source.width, column: output)
        let step = forward.place(row: 1, column: 0)
        let back = packed[index].backward?.start
        let row = (filter == nil ? kernel - 1 - matrix : matrix) * target.width + output
        let factors = filter.map { $0.taps.start + matrix * kernel }
        for input in 0..<inputs {
          let taps = weights + input * kernel
          let weight = factors.map { dot(kernel, $0, taps) } ?? taps[matrix]
          to[input * step] = stretch * weight
          back?[backward.place(row: row, column: input)] = stretch * weight
        }
      }
    }
    guard convolution.filter == nil else {
      packed[index].bias.start.update(from: values + tensors.bias, count: target.channels)
      return
    }
    forward.packBias(values + tensors.bias, columns: target.channels, packed[index].bias.start)
  }
}

/// Σ factors · values.
private func dot(
  _ count: Int, _ factors: UnsafePointer<Float>, _ values: UnsafePointer<Float>
) -> Float {
  var sum: Float = 0
  for place in 0..<count { sum += factors[place] * values[place] }
  return sum
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
      if convolution.filter != nil { weights.update(repeating: 0, count: inputs * kernel) }
      for matrix in 0..<convolution.matrices {
        let from =
          total.weights[index].start + product.place(row: matrix * source.width, column: output)
        guard let filter = convolution.filter else {
          for input in 0..<inputs { weights[input * kernel + matrix] = from[input * step] }
          continue
        }
        let factors = filter.taps.start + matrix * kernel
        for input in 0..<inputs {
          for tap in 0..<kernel {
            weights[input * kernel + tap] += factors[tap] * from[input * step]
          }
        }
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
