import InstructionSets
import KernelChoice
import Tensor

/// Runs neighbouring stages of a network over some pictures: forward, and backward over the values
/// that the way forward has kept.
///
/// Values between stages are `[picture, channel, row, column]`, or `[picture, feature]`,
/// which is the same.
final class StageExecutor {
  private let network: Network
  private let stages: Range<Int>
  /// Where the input of each stage is, and behind those the output of the last.
  private var storage: [Storage] = [.input]
  /// For each pooling stage of a pass that trains, which pixels won.
  private var winners: [Int: FloatBuffer] = [:]
  private let elementwise = CPU.current.kernels

  /// Some pictures of a batch, and where the stages find and leave their values.
  struct Job {
    var count: Int
    var first = 0
    let input: UnsafeMutablePointer<Float>
    let output: UnsafeMutablePointer<Float>
    /// The key of dropout's random numbers; nil when not training.
    var dropout: UInt64?
  }

  private enum Storage {
    case input
    case output
    /// Kept for the way back.
    case kept(FloatBuffer)
    /// The thread's space in front of a stage: the fewer buffers are in use, the more of them stay in
    /// the cache.
    case space(Int)
  }

  /// `training` keeps what `backward` needs.
  init(_ network: Network, _ stages: Range<Int>, capacity: Int, training: Bool) {
    self.network = network
    self.stages = stages
    var index = stages.lowerBound + 1
    while index < stages.upperBound {
      // Stages in place share what the stage before them gave.
      var end = index
      while end < stages.upperBound, network.stages[end].isInPlace { end += 1 }
      let isKept =
        training
        && (index...end).contains {
          $0 < stages.upperBound && network.stages[$0].isWeighted
            || network.stages[$0 - 1].kind == .relu
        }
      let shared: Storage =
        end == stages.upperBound
        ? .output
        : isKept
          ? .kept(FloatBuffer(capacity * network.stages[index - 1].outputs)) : .space(index)
      storage += [Storage](repeating: shared, count: min(end, stages.upperBound - 1) - index + 1)
      index = end + 1
    }
    storage.append(.output)
    for stage in stages where training {
      if case .pool = network.stages[stage].kind {
        winners[stage] = FloatBuffer((capacity * network.stages[stage].outputs + 8 + 3) / 4)
      }
    }
  }

  private func values(
    _ index: Int, _ job: Job, _ workspace: StageWorkspace
  ) -> UnsafeMutablePointer<Float> {
    switch storage[index] {
    case .input: job.input
    case .output: job.output
    case .kept(let buffer): buffer.start
    case .space(let stage): workspace.space(before: stage)
    }
  }

  private func winners(_ index: Int) -> UnsafeMutablePointer<UInt8>? {
    winners[stages.lowerBound + index].map {
      UnsafeMutableRawPointer($0.start).assumingMemoryBound(to: UInt8.self)
    }
  }

  /// Runs the stages.
  func forward(_ job: Job, _ workspace: StageWorkspace) throws {
    let planned = try workspace.operators(job.count)
    let parameters = network.values.start
    for (index, stage) in network.stages[stages].enumerated() {
      let (source, target) = (values(index, job, workspace), values(index + 1, job, workspace))
      let count = job.count * stage.outputs
      if stage.isInPlace, source != target { target.update(from: source, count: count) }
      switch planned.operators[index] {
      case .convolution(let convolution):
        convolution.forward(
          input: source, weight: parameters + stage.weight, bias: parameters + stage.bias,
          output: target, weightStays: planned.weightStays)
      case .linear(let linear):
        linear.forward(
          input: source, weight: parameters + stage.weight, bias: parameters + stage.bias,
          output: target)
      case .reading(let linear):
        linear.forward(
          job.count, input: source, bias: parameters + stage.bias, output: target)
      case .pool(let pool): pool.forward(source, target, winners: winners(index))
      case .elementwise:
        if stage.kind == .relu {
          workspace.workers.split(count, grain: Self.grain) { range, _ in
            elementwise.rectify(range.count, target + range.lowerBound)
          }
        } else {
          drop(stage, index, job, target, workspace.workers)
        }
      }
    }
    planned.weightStays = true
  }

  /// Sets the gradients of the stages' parameters, and of the input where it is wanted.
  ///
  /// `gradOutput` is the output's gradient, and is written over. `gradient` is as all parameters are.
  func backward(
    _ job: Job, _ workspace: StageWorkspace, gradOutput: UnsafeMutablePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradient: UnsafeMutablePointer<Float>
  ) throws {
    let planned = try workspace.operators(job.count)
    let parameters = network.values.start
    var slope = gradOutput
    for index in planned.operators.indices.reversed() {
      let stage = network.stages[stages.lowerBound + index]
      let (source, output) = (values(index, job, workspace), values(index + 1, job, workspace))
      let target = index == 0 ? gradInput : workspace.space(before: stages.lowerBound + index)
      switch planned.operators[index] {
      case .convolution(let convolution):
        convolution.backward(
          input: source, weight: parameters + stage.weight, gradOutput: slope, gradInput: target,
          gradWeight: gradient + stage.weight, gradBias: gradient + stage.bias)
      case .linear(let linear):
        linear.backward(
          input: source, weight: parameters + stage.weight, gradOutput: slope, gradInput: target,
          gradWeight: gradient + stage.weight, gradBias: gradient + stage.bias)
      case .reading: preconditionFailure("weights for reading do not learn")
      case .pool(let pool):
        guard let target, let winners = winners(index) else { return }
        pool.backward(winners: winners, gradOutput: slope, gradInput: target)
      case .elementwise:
        if stage.kind == .relu {
          workspace.workers.split(job.count * stage.outputs, grain: Self.grain) { range, _ in
            elementwise.rectifyBackward(
              range.count, output + range.lowerBound, slope + range.lowerBound)
          }
        } else {
          drop(stage, index, job, slope, workspace.workers)
        }
        continue
      }
      guard let target else { return }
      slope = target
    }
  }

  /// Elements that are worth a thread.
  private static let grain = 1 << 15

  /// Drops out values, or their gradients; nothing when not training.
  private func drop(
    _ stage: Network.Stage, _ index: Int, _ job: Job, _ values: UnsafeMutablePointer<Float>,
    _ workers: Workers
  ) {
    guard let key = job.dropout, let dropout = Dropout(stage, key, stages.lowerBound + index)
    else { return }
    let units = job.count * dropout.units
    workers.split(units, grain: max(1, Self.grain / dropout.unit)) { range, _ in
      dropout.apply(
        range.count, first: job.first * dropout.units + range.lowerBound,
        values + range.lowerBound * dropout.unit)
    }
  }
}
