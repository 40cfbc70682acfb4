import Tensor

/// The stages on features, forward and backward, for a whole batch; large products are shared out.
///
/// Features are `[feature, batch]`, so that the weights, which are many, are never rearranged.
final class HeadPass {
  let network: Network
  /// The features, `[feature, batch]`.
  let input: FloatBuffer
  /// The gradients of the features.
  var inputGradient: FloatBuffer? { gradients.first }
  private let workers: Workers
  private let scratch: [Scratch]
  /// `buffers[i]` goes into stage i; in-place stages share theirs.
  private var buffers: [FloatBuffer] = []
  private var gradients: [FloatBuffer] = []

  init(_ network: Network, capacity: Int, training: Bool, workers: Workers) {
    self.network = network
    self.workers = workers
    scratch = (0..<workers.count).map { _ in Scratch() }
    input = FloatBuffer(capacity * network.features)
    buffers = [input]
    if training { gradients = [FloatBuffer(capacity * network.features)] }
    for (index, stage) in network.head.enumerated() {
      let isNew = stage.kind == .linear
      buffers.append(isNew ? FloatBuffer(capacity * stage.outputs) : buffers[index])
      if training {
        gradients.append(isNew ? FloatBuffer(capacity * stage.outputs) : gradients[index])
      }
    }
  }

  /// The logits, `[class, batch]`.
  var logits: FloatBuffer { buffers[buffers.count - 1] }
  /// The gradients of the logits, to be set before `backward`.
  var logitsGradient: FloatBuffer { gradients[gradients.count - 1] }

  /// Runs the stages on `count` columns; `dropout` is the key of the masks, nil when not training.
  func forward(_ count: Int, dropout: UInt64?) {
    let parameters = network.values.start
    for (index, stage) in network.head.enumerated() {
      let (source, target) = (buffers[index].start, buffers[index + 1].start)
      switch stage.kind {
      case .linear:
        let weight = parameters + stage.weight
        let bias = parameters + stage.bias
        share(stage.outputs, operations: stage.inputs * count) { rows, worker in
          for row in rows { (target + row * count).update(repeating: bias[row], count: count) }
          gemm(
            rows.count, count, stage.inputs, a: weight + rows.lowerBound * stage.inputs,
            b: source, c: target + rows.lowerBound * count, accumulate: true,
            scratch: scratch[worker])
        }
      case .relu: relu(target, count: count * stage.outputs)
      case .dropout(let rate):
        if let dropout { mask(target, count * stage.outputs, rate, dropout, index) }
      default: break
      }
    }
  }

  /// Sets the gradients of the head's parameters and of its input.
  func backward(_ count: Int, gradient: FloatBuffer, dropout: UInt64?) {
    for index in network.head.indices.reversed() {
      let stage = network.head[index]
      let (source, output) = (buffers[index].start, buffers[index + 1].start)
      let (gradInput, gradOutput) = (gradients[index].start, gradients[index + 1].start)
      switch stage.kind {
      case .linear:
        weightGradients(stage, count, source, gradOutput, gradient)
        // Without a tower nobody wants the gradient of the first stage's input.
        if index == 0, network.tower.isEmpty { continue }
        inputGradients(stage, count, gradOutput, gradInput)
      case .relu: reluBackward(output: output, gradient: gradOutput, count: count * stage.outputs)
      case .dropout(let rate):
        if let dropout { mask(gradOutput, count * stage.outputs, rate, dropout, index) }
      default: break
      }
    }
  }

  private func weightGradients(
    _ stage: Network.Stage, _ count: Int, _ source: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradient: FloatBuffer
  ) {
    let weight = gradient.start + stage.weight
    let bias = gradient.start + stage.bias
    share(stage.outputs, operations: stage.inputs * count) { rows, worker in
      for row in rows { bias[row] = sum(gradOutput + row * count, count: count) }
      gemm(
        rows.count, stage.inputs, count, a: gradOutput + rows.lowerBound * count,
        b: source, transposeB: true, c: weight + rows.lowerBound * stage.inputs,
        scratch: scratch[worker])
    }
  }

  private func inputGradients(
    _ stage: Network.Stage, _ count: Int, _ gradOutput: UnsafePointer<Float>,
    _ gradInput: UnsafeMutablePointer<Float>
  ) {
    let weight = network.values.start + stage.weight
    share(stage.inputs, operations: stage.outputs * count) { rows, worker in
      gemm(
        rows.count, count, stage.outputs, a: weight + rows.lowerBound, transposeA: true,
        aStride: stage.inputs, b: gradOutput, c: gradInput + rows.lowerBound * count,
        scratch: scratch[worker])
    }
  }

  /// Shares out rows of a product where it is large enough to be worth the wake-up of a thread.
  private func share(
    _ rows: Int, operations: Int, _ body: (_ rows: Range<Int>, _ worker: Int) -> Void
  ) {
    if rows * operations < 1 << 20 {
      body(0..<rows, 0)
    } else {
      workers.split(rows, grain: 6, body)
    }
  }

  /// Inverted dropout, drawn anew from its key each time it is wanted.
  private func mask(
    _ values: UnsafeMutablePointer<Float>, _ count: Int, _ rate: Float, _ key: UInt64, _ index: Int
  ) {
    let limit = UInt64(Double(rate) * 0x1p32)
    let scale = 1 / (1 - rate)
    let base = RandomNumbers.mix(key &+ UInt64(index))
    for i in 0..<count {
      let random = RandomNumbers.mix(base &+ UInt64(i) &* 0x9e37_79b9_7f4a_7c15) >> 32
      values[i] = random < limit ? 0 : values[i] * scale
    }
  }
}
