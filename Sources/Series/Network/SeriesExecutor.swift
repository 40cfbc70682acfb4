import InstructionSets
import KernelChoice
import Mechanics
import NeuralNet
import Tensor

/// Runs windows through a network, forward and back, on one thread.
///
/// So few windows are taken at once that what belongs to them stays in the second-level cache.
final class SeriesExecutor {
  /// Windows that are taken at once.
  let capacity: Int
  private let network: SeriesNetwork
  private let weights: SeriesWeights
  private let signals: [FloatBuffer]
  private let gradients: [FloatBuffer]
  private let spare: FloatBuffer
  private let places: [RowPlaces]
  private let elementwise = CPU.current.kernels

  init(_ network: SeriesNetwork, _ weights: SeriesWeights, training: Bool) {
    self.network = network
    self.weights = weights
    let plan = network.plan
    // Training holds a gradient beside each value.
    let floats = plan.signals.reduce(0) { $0 + $1.floats } * (training ? 2 : 1)
    let unit = RowProduct.rowMultiple
    let capacity = min(4, max(1, Self.cacheFloats / floats / unit)) * unit
    self.capacity = capacity
    signals = plan.signals.map { FloatBuffer(capacity * $0.floats) }
    gradients =
      training
      ? plan.signals.enumerated().map {
        FloatBuffer($0.offset == 0 ? 0 : capacity * $0.element.floats)
      }
      : []
    places = plan.signals.map { RowPlaces(capacity, row: $0.floats) }
    let around = plan.signals.dropFirst().map(\.floats).max() ?? 0
    spare = FloatBuffer(training ? capacity * around : 0)
  }

  /// Half a megabyte.
  private static let cacheFloats = 1 << 17

  /// Where the windows are to be put, one after the other.
  var windows: UnsafeMutablePointer<Float> { signals[0].start }

  /// Answers for the first `count` windows.
  ///
  /// `dropout` is the key of what is dropped, nil for nothing; `first` is the number of the first window
  /// in its batch.
  func forward(
    count: Int, dropout: UInt64?, first: Int, _ answers: UnsafeMutablePointer<Float>
  ) {
    let plan = network.plan
    for stage in plan.stages {
      switch stage {
      case .convolution(let index): convolve(index, count, dropout, first)
      case .block(let one, let two, let around, let target):
        convolve(one, count, dropout, first)
        convolve(two, count, dropout, first)
        let to = signals[target].start
        let floats = count * plan.signals[target].floats
        to.update(from: signals[plan.convolutions[two].target].start, count: floats)
        if let around {
          convolve(around, count, nil, first)
          elementwise.add(floats, signals[plan.convolutions[around].target].start, to)
        } else {
          forEachShared(plan.convolutions[one].source, target, count) { source, position, width in
            elementwise.add(
              width, signals[plan.convolutions[one].source].start + source, to + position)
          }
        }
        elementwise.rectify(floats, to)
      }
    }
    let (last, width) = (signals[signals.count - 1].start, plan.signals[signals.count - 1].width)
    let weight = network.values.start + network.lastWeight
    for sample in 0..<count {
      answers[sample] =
        network.values.start[network.lastBias]
        + dot(last + sample * width, weight, network.lastBias - network.lastWeight)
    }
  }

  /// Adds the gradients for slopes of the answers to `sums`; the way forward must have come before.
  func backward(
    count: Int, dropout: Bool, slopes: UnsafePointer<Float>, sums: SeriesGradient
  ) {
    let plan = network.plan
    let last = signals.count - 1
    let (width, channels) = (plan.signals[last].width, plan.signals[last].channels)
    let weight = network.values.start + network.lastWeight
    for sample in 0..<count {
      let (slope, values) = (slopes[sample], signals[last].start + sample * width)
      for channel in 0..<channels { sums.last.start[channel] += slope * values[channel] }
      sums.last.start[channels] += slope
      guard last > 0 else { continue }
      let gradient = gradients[last].start + sample * width
      for channel in 0..<channels { gradient[channel] = slope * weight[channel] }
    }
    for stage in plan.stages.reversed() {
      switch stage {
      case .convolution(let index): correlate(index, count, dropout, sums)
      case .block(let one, let two, let around, let target):
        let floats = count * plan.signals[target].floats
        let gradient = gradients[target].start
        elementwise.rectifyBackward(floats, signals[target].start, gradient)
        gradients[plan.convolutions[two].target].start.update(from: gradient, count: floats)
        correlate(two, count, dropout, sums)
        correlate(one, count, dropout, sums)
        if let around {
          gradients[plan.convolutions[around].target].start.update(from: gradient, count: floats)
          correlate(around, count, dropout, sums, isAdded: true)
        } else if plan.convolutions[one].source > 0 {
          let source = plan.convolutions[one].source
          forEachShared(source, target, count) { place, position, width in
            elementwise.add(width, gradient + position, gradients[source].start + place)
          }
        }
      }
    }
  }

  private func convolve(_ index: Int, _ count: Int, _ dropout: UInt64?, _ first: Int) {
    let convolution = network.plan.convolutions[index]
    let (source, target) = (
      network.plan.signals[convolution.source], network.plan.signals[convolution.target]
    )
    let output = signals[convolution.target].start
    for (place, runs) in convolution.runs.enumerated() {
      network.forwardProducts[index].multiply(
        rows: count, left: signals[convolution.source].start, leftRow: source.floats, runs: runs,
        matrix: weights.packed[index].forward.start, bias: weights.packed[index].bias.start,
        output: output + place * target.width, outputRow: target.floats)
    }
    guard convolution.isActivated else { return }
    elementwise.rectify(count * target.floats, output)
    let rate = network.architecture.dropout
    guard let dropout, rate > 0 else { return }
    let bits = SplitMix64.mix(dropout &+ UInt64(index))
    elementwise.dropSome(
      count * target.floats, UInt32(truncatingIfNeeded: first * target.floats),
      UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32),
      UInt32(Double(rate) * 0x1p32, within: 0 ... .max), 1 / (1 - rate), output)
  }

  /// From the gradient of a convolution's target to that of its weights and its source.
  private func correlate(
    _ index: Int, _ count: Int, _ dropout: Bool, _ sums: SeriesGradient, isAdded: Bool = false
  ) {
    let convolution = network.plan.convolutions[index]
    let (source, target) = (
      network.plan.signals[convolution.source], network.plan.signals[convolution.target]
    )
    let gradient = gradients[convolution.target].start
    let floats = count * target.floats
    if convolution.isActivated {
      // Dropped values are 0 too.
      elementwise.rectifyBackward(floats, signals[convolution.target].start, gradient)
      let rate = network.architecture.dropout
      if dropout, rate > 0 { elementwise.scale(floats, 1 / (1 - rate), gradient) }
    }
    addRows(count * target.positions.count, target.width, gradient, sums.biases[index].start)
    for (place, runs) in convolution.runs.enumerated() {
      network.forwardProducts[index].correlate(
        rows: count, left: signals[convolution.source].start, leftRow: source.floats, runs: runs,
        right: gradient + place * target.width, places: places[convolution.target],
        sums: sums.weights[index].start)
    }
    guard let packed = weights.packed[index].backward else { return }
    let wanted = gradients[convolution.source].start
    for (place, runs) in convolution.backwardRuns.enumerated() where !runs.isEmpty {
      let to = (isAdded ? spare.start : wanted) + place * source.width
      network.backwardProducts[index].multiply(
        rows: count, left: gradient, leftRow: target.floats, runs: runs, matrix: packed.start,
        bias: nil, output: to, outputRow: source.floats)
      guard isAdded else { continue }
      for sample in 0..<count {
        elementwise.add(
          source.width, to + sample * source.floats,
          wanted + place * source.width + sample * source.floats)
      }
    }
  }

  /// Where the positions that two signals share lie in each, for every sample.
  private func forEachShared(
    _ source: Int, _ target: Int, _ count: Int, _ body: (Int, Int, Int) -> Void
  ) {
    let (from, to) = (network.plan.signals[source], network.plan.signals[target])
    for (place, position) in to.positions.enumerated() {
      guard let other = from.positions.firstIndex(of: position) else { continue }
      for sample in 0..<count {
        body(
          sample * from.floats + other * from.width, sample * to.floats + place * to.width,
          min(from.width, to.width))
      }
    }
  }

  private func addRows(
    _ rows: Int, _ width: Int, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows { elementwise.add(width, from + row * width, to) }
  }

  private func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    // Eight sums at a time: one would wait for itself.
    var sums = SIMD8<Float>()
    let whole = count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      sums +=
        UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Float>.self)
        * UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Float>.self)
    }
    var sum = sums.sum()
    for i in whole..<count { sum += a[i] * b[i] }
    return sum
  }
}
