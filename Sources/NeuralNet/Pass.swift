import Tensor

/// Neighbouring stages of a network over some pictures: forward, and backward over what that left.
///
/// Whatever goes from stage to stage is `[picture, channel, row, column]`, or `[picture, feature]`,
/// which is the same.
final class Pass {
  private let network: Network
  private let stages: Range<Int>
  /// `values[i]` is what goes into the i-th of the stages; those that work in place share theirs.
  ///
  /// The first stage reads the caller's input, and where there is none the caller's output is meant.
  private var values: [FloatBuffer?]
  private let elementwise = Elementwise.current

  /// Where pictures are, and which they are among those of a batch.
  struct Job {
    var count: Int
    var first = 0
    let input: UnsafeMutablePointer<Float>
    let output: UnsafeMutablePointer<Float>
    /// The key of dropout's random numbers; nil when not training.
    var dropout: UInt64?
  }

  init(_ network: Network, _ stages: Range<Int>, capacity: Int) {
    self.network = network
    self.stages = stages
    values = [nil]
    for (place, stage) in network.stages[stages].dropLast().enumerated() {
      values.append(
        stage.isInPlace && place > 0 ? values[place] : FloatBuffer(capacity * stage.outputs))
    }
    // What works in place at the end works on the output.
    for (place, stage) in network.stages[stages].enumerated().dropFirst().reversed() {
      guard stage.isInPlace else { break }
      values[place] = nil
    }
    values.append(nil)
  }

  private func place(_ index: Int, _ job: Job) -> UnsafeMutablePointer<Float> {
    index == 0 ? job.input : values[index]?.start ?? job.output
  }

  /// Runs the stages.
  func forward(_ job: Job, _ plans: StagePlans) throws {
    let plan = try plans.plan(job.count)
    let parameters = network.values.start
    for (index, stage) in network.stages[stages].enumerated() {
      let (source, target) = (place(index, job), place(index + 1, job))
      let count = job.count * stage.outputs
      if stage.isInPlace, source != target { target.update(from: source, count: count) }
      switch plan.operators[index] {
      case .convolution(let convolution):
        convolution.forward(
          input: source, weight: parameters + stage.weight, bias: parameters + stage.bias,
          output: target, weightStays: plan.weightStays)
      case .linear(let linear):
        linear.forward(
          input: source, weight: parameters + stage.weight, bias: parameters + stage.bias,
          output: target)
      case .pool(let pool): pool.forward(source, target)
      case .elementwise:
        if stage.kind == .relu {
          plans.workers.split(count, grain: Self.grain) { range, _ in
            elementwise.rectify(range.count, target + range.lowerBound)
          }
        } else {
          drop(stage, index, job, target, plans.workers)
        }
      }
    }
    plan.weightStays = true
  }

  /// Sets the gradients of the stages' parameters, and of the input where it is wanted.
  ///
  /// `gradOutput` is the output's gradient, and is written over. `gradient` is as all parameters are.
  func backward(
    _ job: Job, _ plans: StagePlans, gradOutput: UnsafeMutablePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradient: UnsafeMutablePointer<Float>
  ) throws {
    let plan = try plans.plan(job.count)
    let parameters = network.values.start
    var slope = gradOutput
    for index in plan.operators.indices.reversed() {
      let stage = network.stages[stages.lowerBound + index]
      let (source, output) = (place(index, job), place(index + 1, job))
      let target = index == 0 ? gradInput : self.target(index, plans)
      switch plan.operators[index] {
      case .convolution(let convolution):
        convolution.backward(
          input: source, weight: parameters + stage.weight, gradOutput: slope, gradInput: target,
          gradWeight: gradient + stage.weight, gradBias: gradient + stage.bias)
      case .linear(let linear):
        linear.backward(
          input: source, weight: parameters + stage.weight, gradOutput: slope, gradInput: target,
          gradWeight: gradient + stage.weight, gradBias: gradient + stage.bias)
      case .pool(let pool):
        guard let target else { return }
        pool.backward(input: source, gradOutput: slope, gradInput: target)
      case .elementwise:
        if stage.kind == .relu {
          plans.workers.split(job.count * stage.outputs, grain: Self.grain) { range, _ in
            elementwise.rectifyBackward(
              range.count, output + range.lowerBound, slope + range.lowerBound)
          }
        } else {
          drop(stage, index, job, slope, plans.workers)
        }
        continue
      }
      guard let target else { return }
      slope = target
    }
  }

  /// Where the gradient of what goes into a stage is put.
  private func target(_ index: Int, _ plans: StagePlans) -> UnsafeMutablePointer<Float> {
    let stage = stages.lowerBound + index
    // Of what a convolution gave to a pooling only the gradient is still of use, and takes its place.
    if case .pool = network.stages[stage].kind,
      case .convolution = network.stages[stage - 1].kind, let values = values[index]
    {
      return values.start
    }
    return plans.gradient(into: stage)
  }

  /// Elements that are worth a thread.
  private static let grain = 1 << 15

  /// Inverted dropout, drawn anew from its key each time it is wanted.
  private func drop(
    _ stage: Network.Stage, _ index: Int, _ job: Job, _ values: UnsafeMutablePointer<Float>,
    _ workers: Workers
  ) {
    guard let key = job.dropout, case .dropout(let rate, let channels) = stage.kind else { return }
    let bits = RandomNumbers.mix(key &+ UInt64(stages.lowerBound + index))
    let (key0, key1) = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
    let limit = UInt32(Double(rate) * 0x1p32)
    let unit = channels ? stage.outHeight * stage.outWidth : 1
    let units = stage.outputs / unit
    workers.split(job.count * units, grain: max(1, Self.grain / unit)) { range, _ in
      let first = UInt32(truncatingIfNeeded: job.first * units + range.lowerBound)
      func draw(_ values: UnsafeMutablePointer<Float>) {
        elementwise.dropSome(range.count, first, key0, key1, limit, 1 / (1 - rate), values)
      }
      guard unit > 1 else {
        draw(values + range.lowerBound)
        return
      }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { factors in
        factors.initialize(repeating: 1)
        guard let factors = factors.baseAddress else { return }
        draw(factors)
        for (place, channel) in range.enumerated() {
          elementwise.scale(unit, factors[place], values + channel * unit)
        }
      }
    }
  }
}
