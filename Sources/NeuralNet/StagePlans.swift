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
  private var plans: [Int: StagePlan] = [:]
  private var spaces: [Int: FloatBuffer] = [:]

  /// Plans for at most `capacity` pictures at once.
  init(
    _ network: Network, _ stages: Range<Int>, capacity: Int, methods: Methods, workers: Workers
  ) {
    self.network = network
    self.stages = stages
    self.capacity = capacity
    self.methods = methods
    self.workers = workers
  }

  /// The plan for a number of pictures.
  func plan(_ count: Int) throws -> StagePlan {
    if let plan = plans[count] { return plan }
    precondition(count <= capacity)
    let plan = try StagePlan(network.stages[stages], count, methods, workers)
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
    case pool(MaxPool2)
    case elementwise
  }

  let operators: [Operator]
  /// Whether the weights are those of the last forward pass.
  var weightStays = false

  init(
    _ stages: ArraySlice<Network.Stage>, _ count: Int, _ methods: Methods, _ workers: Workers
  ) throws {
    operators = try stages.map { stage in
      switch stage.kind {
      case .convolution(let rows, let columns, let padding):
        let shape = try ConvolutionShape(
          batch: count, inChannels: stage.channels, height: stage.height, width: stage.width,
          outChannels: stage.outChannels, kernelHeight: rows, kernelWidth: columns,
          padding: PerAxis(rows: padding, columns: padding))
        do {
          return .convolution(try Convolution(shape, methods.convolution, workers: workers))
        } catch TensorError.method {
          return .convolution(try Convolution(shape, .auto, workers: workers))
        }
      case .linear:
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
