import Tensor

/// The operators of some stages for one number of pictures.
final class StageOperators {
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
        // A glyph is read as the same whoever is read with it.
        let pictures = reading == nil ? count : 64
        func convolution(_ method: ConvolutionMethod) throws -> Operator {
          .convolution(try Convolution(shape, method, bestFor: pictures, workers: workers))
        }
        do {
          return try convolution(methods.convolution)
        } catch TensorError.method {
          return try convolution(.auto)
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

/// Fully connected layers prepared for weights that do not change, shared by all threads that read.
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

/// What a thread needs to run some stages: their operators, chosen once for each number of pictures, and
/// memory for the values between them.
///
/// Each thread that works by itself has its own.
final class StageWorkspace {
  let network: Network
  let stages: Range<Int>
  let workers: Workers
  private let capacity: Int
  private let methods: Methods
  private let reading: ReadingWeights?
  private var planned: [Int: StageOperators] = [:]
  private var spaces: [Int: FloatBuffer] = [:]

  /// Room for at most `capacity` pictures at once; with `reading`, for weights that stay.
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

  /// The operators for a number of pictures.
  func operators(_ count: Int) throws -> StageOperators {
    if let operators = planned[count] { return operators }
    precondition(count <= capacity)
    let operators = try StageOperators(network, stages, count, methods, reading, workers)
    planned[count] = operators
    return operators
  }

  /// Has what was prepared from the weights prepared anew when it is next needed.
  func weightsChanged() {
    for operators in planned.values { operators.weightStays = false }
  }

  /// Space for what goes into a stage, or for its gradient.
  func space(before stage: Int) -> UnsafeMutablePointer<Float> {
    if let space = spaces[stage] { return space.start }
    let space = FloatBuffer(capacity * network.stages[stage].inputs)
    spaces[stage] = space
    return space.start
  }
}
