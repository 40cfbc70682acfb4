import Tensor

/// The operators of some stages, planned once for each number of pictures, and a thread's space.
///
/// Each thread that works by itself has its own.
final class StagePlans {
  let network: Network
  let stages: Range<Int>
  let workers: Workers
  private let capacity: Int
  private let methods: Methods
  private let reading: ReadingWeights?
  private var plans: [Int: StagePlan] = [:]
  private var spaces: [Int: FloatBuffer] = [:]

  /// Plans for at most `capacity` pictures at once; those with `reading` are for weights that stay.
  init(
    _ network: Network, _ stages: Range<Int>, capacity: Int, methods: Methods,
    reading: ReadingWeights? = nil, workers: Workers
  ) {
    self.network = network
    self.stages = stages
    self.capacity = capacity
    self.methods = methods
    self.reading = reading
    self.workers = workers
  }

  /// The plan for a number of pictures.
  func plan(_ count: Int) throws -> StagePlan {
    if let plan = plans[count] { return plan }
    precondition(count <= capacity)
    let plan = try StagePlan(network, stages, count, methods, reading, workers)
    plans[count] = plan
    return plan
  }

  /// What was prepared from the weights is prepared again where it is next needed.
  func weightsChanged() {
    for plan in plans.values { plan.weightStays = false }
  }

  /// Space for what goes into a stage, or for its gradient.
  func space(before stage: Int) -> UnsafeMutablePointer<Float> {
    if let space = spaces[stage] { return space.start }
    let space = FloatBuffer(capacity * network.stages[stage].inputs)
    spaces[stage] = space
    return space.start
  }
}

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
