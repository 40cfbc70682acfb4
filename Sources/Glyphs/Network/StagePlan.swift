import Tensor

/// The operators of some stages for one number of pictures.
final class StagePlan {
  enum Operator {
    case convolution(Convolution)
    case linear(Linear)
    case reading(SparseLinear)
    case pool(MaxPool2)
    case elementwise
  }

  let operators: [Operator]
  /// Whether the weights are those of the last forward pass.
  var weightStays = false

  init(
    _ network: Network, _ stages: Range<Int>, _ count: Int, _ methods: Methods,
    _ reading: ReadingWeights?, _ workers: Workers
  ) throws {
    operators = try stages.map { index in
      let stage = network.stages[index]
      switch stage.kind {
      case .convolution(let rows, let columns, let padding):
        let shape = try ConvolutionShape(
          batch: count, inChannels: stage.channels, height: stage.height, width: stage.width,
          outChannels: stage.outChannels, kernelHeight: rows, kernelWidth: columns,
          padding: PerAxis(rows: padding, columns: padding))
        let fastest = try reading == nil ? ConvolutionMethod.auto : .fastest(for: shape)
        let method = methods.convolution == .auto ? fastest : methods.convolution
        do {
          return .convolution(try Convolution(shape, method, workers: workers))
        } catch TensorError.method {
          return .convolution(try Convolution(shape, fastest, workers: workers))
        }
      case .linear:
        if let layer = reading?.layers[index] { return .reading(layer) }
        return .linear(
          try Linear(
            batch: count, inputs: stage.inputs, outputs: stage.outputs, methods.linear,
            workers: workers))
      case .pool(let floor):
        return .pool(
          MaxPool2(
            planes: count * stage.channels, height: stage.height, width: stage.width, floor: floor))
      case .relu, .dropout: return .elementwise
      }
    }
  }
}

/// What all threads that read share: fully connected layers made ready for weights that stay.
final class ReadingWeights: Sendable {
  let layers: [Int: SparseLinear]

  init(_ network: Network, _ methods: Methods) {
    var layers: [Int: SparseLinear] = [:]
    for (index, stage) in network.stages.enumerated()
    where stage.kind == .linear && methods.linear == .gemm {
      layers[index] = SparseLinear(
        inputs: stage.inputs, outputs: stage.outputs,
        weight: network.values.start + stage.weight)
    }
    self.layers = layers
  }
}
