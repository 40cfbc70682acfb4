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
