@testable import Series

/// The plain twin of `SeriesExecutor` and `SeriesWeights`: all positions, in double, loop by loop.
///
/// Without dropout. A signal is `[channel][position]` of one sample.
struct SeriesReference {
  private typealias Signal = [[Double]]
  private let network: SeriesNetwork
  private var values: [Double]
  private var gradient: [Double]
  /// The weights of each convolution, `[output, input, tap]`.
  private let weights: [[Double]]

  init(_ network: SeriesNetwork) {
    self.network = network
    let values = network.values.values.map(Double.init)
    self.values = values
    gradient = values.map { _ in 0 }
    weights = zip(network.plan.convolutions, network.offsets).map { convolution, tensors in
      let inputs = network.plan.signals[convolution.source].channels * convolution.kernel
      return (0..<network.plan.signals[convolution.target].channels).flatMap { output in
        let direction = values[
          tensors.weight + output * inputs..<tensors.weight + (output + 1) * inputs]
        guard let length = tensors.length else { return Array(direction) }
        let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return direction.map { values[length + output] * $0 / norm }
      }
    }
  }

  /// The answers for windows `[channel][step]`, the mean squared difference to the targets, and its
  /// gradient of the parameters.
  mutating func evaluate(
    _ windows: [[[Double]]], _ targets: [Double]
  ) -> (answers: [Double], loss: Double, gradient: [Double]) {
    let answers = windows.map { answer(forward($0)) }
    var loss = 0.0
    for (place, target) in targets.enumerated() {
      let difference = answers[place] - target
      loss += difference * difference / Double(targets.count)
      backward(forward(windows[place]), slope: 2 * difference / Double(targets.count))
    }
    return (answers, loss, gradient)
  }

  private func answer(_ signals: [Signal]) -> Double {
    let last = signals[signals.count - 1]
    return last.indices.reduce(values[network.lastBias]) {
      $0 + values[network.lastWeight + $1] * (last[$1].last ?? 0)
    }
  }

  private func forward(_ window: Signal) -> [Signal] {
    let plan = network.plan
    var signals = [Signal](repeating: [], count: plan.signals.count)
    signals[0] = window
    for stage in plan.stages {
      switch stage {
      case .convolution(let index): convolve(index, &signals)
      case .block(let first, let second, let around, let target):
        for index in [first, second] + (around.map { [$0] } ?? []) { convolve(index, &signals) }
        let way = signals[
          around.map { plan.convolutions[$0].target } ?? plan.convolutions[first].source]
        signals[target] = signals[plan.convolutions[second].target].enumerated().map {
          channel, values in values.indices.map { max(0, values[$0] + way[channel][$0]) }
        }
      }
    }
    return signals
  }

  private func weight(_ index: Int, _ output: Int, _ input: Int, _ tap: Int) -> Double {
    let inputs = network.plan.signals[network.plan.convolutions[index].source].channels
    let kernel = network.plan.convolutions[index].kernel
    return weights[index][(output * inputs + input) * kernel + tap]
  }

  private func convolve(_ index: Int, _ signals: inout [Signal]) {
    let convolution = network.plan.convolutions[index]
    let source = signals[convolution.source]
    signals[convolution.target] = (0..<network.plan.signals[convolution.target].channels).map {
      output in
      source[0].indices.map { position in
        var sum = values[network.offsets[index].bias + output]
        for (tap, seen) in convolution.taps(position, steps: source[0].count) {
          for input in source.indices {
            sum += weight(index, output, input, tap) * source[input][seen]
          }
        }
        return convolution.isActivated ? max(0, sum) : sum
      }
    }
  }

  private mutating func backward(_ signals: [Signal], slope: Double) {
    let plan = network.plan
    var slopes = signals.map { $0.map { $0.map { _ in 0.0 } } }
    let last = signals.count - 1
    gradient[network.lastBias] += slope
    for channel in signals[last].indices {
      let end = signals[last][channel].count - 1
      gradient[network.lastWeight + channel] += slope * signals[last][channel][end]
      slopes[last][channel][end] = slope * values[network.lastWeight + channel]
    }
    for stage in plan.stages.reversed() {
      switch stage {
      case .convolution(let index): correlate(index, signals, &slopes)
      case .block(let first, let second, let around, let target):
        let others = [
          plan.convolutions[second].target,
          around.map { plan.convolutions[$0].target } ?? plan.convolutions[first].source,
        ]
        for (channel, values) in signals[target].enumerated() {
          for (position, value) in values.enumerated() where value > 0 {
            for other in others {
              slopes[other][channel][position] += slopes[target][channel][position]
            }
          }
        }
        for index in (around.map { [$0] } ?? []) + [second, first] {
          correlate(index, signals, &slopes)
        }
      }
    }
  }

  private mutating func correlate(_ index: Int, _ signals: [Signal], _ slopes: inout [Signal]) {
    let convolution = network.plan.convolutions[index]
    let tensors = network.offsets[index]
    let (source, kernel) = (signals[convolution.source], convolution.kernel)
    for (output, values) in signals[convolution.target].enumerated() {
      var weights = [Double](repeating: 0, count: source.count * kernel)
      for (position, value) in values.enumerated() where !convolution.isActivated || value > 0 {
        let slope = slopes[convolution.target][output][position]
        gradient[tensors.bias + output] += slope
        for (tap, seen) in convolution.taps(position, steps: values.count) {
          for input in source.indices {
            weights[input * kernel + tap] += slope * source[input][seen]
            slopes[convolution.source][input][seen] += slope * weight(index, output, input, tap)
          }
        }
      }
      addWeights(tensors, output, weights)
    }
  }

  private mutating func addWeights(
    _ offsets: SeriesNetwork.TensorOffsets, _ output: Int, _ weights: [Double]
  ) {
    let start = offsets.weight + output * weights.count
    let direction = values[start..<start + weights.count]
    guard let length = offsets.length else {
      for (i, weight) in weights.enumerated() { gradient[start + i] += weight }
      return
    }
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let along = zip(direction, weights).reduce(0) { $0 + $1.0 * $1.1 } / norm
    gradient[length + output] += along
    for (i, weight) in weights.enumerated() {
      gradient[start + i] +=
        values[length + output] / norm * (weight - along * direction[start + i] / norm)
    }
  }
}
