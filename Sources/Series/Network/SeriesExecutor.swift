import InstructionSets
import KernelChoice
import Mechanics
import NeuralNet
import Tensor

/// Runs windows through a network, forward and back, on one thread.
///
/// So few windows are taken at once that most of what belongs to them stays in the second-level cache.
final class SeriesExecutor {
  /// Windows that are taken at once.
  let capacity: Int
  private let network: SeriesNetwork
  private let weights: SeriesWeights
  private let signals: [FloatBuffer]
  private let gradients: [FloatBuffer]
  private let spare: FloatBuffer
  /// The points of each convolution with a filter, of its source and of its target.
  private let points: [(source: FloatBuffer, target: FloatBuffer)]
  private let places: [RowPlaces]
  private let elementwise = CPU.current.kernels

  init(_ network: SeriesNetwork, _ weights: SeriesWeights, training: Bool) {
    self.network = network
    self.weights = weights
    let plan = network.plan
    /// Floats of a window's points: of the source, and of the target.
    let points = plan.convolutions.map { convolution in
      let count = convolution.filter?.points ?? 0
      return (
        source: count * plan.signals[convolution.source].width,
        target: count * plan.signals[convolution.target].width
      )
    }
    // Training holds a gradient beside each value but the windows.
    let values = plan.signals.reduce(0) { $0 + $1.floats }
    let floats =
      values + (training ? values - plan.signals[0].floats : 0)
      + points.reduce(0) { $0 + $1.source + $1.target }
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
    self.points = points.map {
      (FloatBuffer(capacity * $0.source), FloatBuffer(capacity * $0.target))
    }
    places = zip(plan.convolutions, points).map { convolution, points in
      RowPlaces(
        capacity,
        row: convolution.filter == nil ? plan.signals[convolution.target].floats : points.target)
    }
    let around = plan.signals.dropFirst().map(\.floats).max() ?? 0
    spare = FloatBuffer(training ? capacity * around : 0)
  }

  /// A megabyte.
  private static let cacheFloats = 1 << 18

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
    let (product, packed) = (network.forwardProducts[index], weights.packed[index])
    if let filter = convolution.filter {
      let points = points[index]
      elementwise.mixRows(
        count, source.width, source.positions.count, filter.points, filter.input.start, nil,
        signals[convolution.source].start, points.source.start)
      for (point, runs) in convolution.runs.enumerated() {
        product.multiply(
          rows: count, left: points.source.start, leftRow: filter.points * source.width,
          runs: runs, matrix: packed.forward.start, bias: nil,
          output: points.target.start + point * target.width,
          outputRow: filter.points * target.width)
      }
      elementwise.mixRows(
        count, target.width, filter.points, target.positions.count, filter.output.start,
        packed.bias.start, points.target.start, output)
    } else {
      for (place, runs) in convolution.runs.enumerated() {
        product.multiply(
          rows: count, left: signals[convolution.source].start, leftRow: source.floats,
          runs: runs, matrix: packed.forward.start, bias: packed.bias.start,
          output: output + place * target.width, outputRow: target.floats)
      }
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
    // With a filter each point is a position of its own, on both sides.
    let filter = convolution.filter
    let left = filter == nil ? signals[convolution.source].start : points[index].source.start
    let right = filter == nil ? gradient : points[index].target.start
    let leftRow = filter.map { $0.points * source.width } ?? source.floats
    let rightRow = filter.map { $0.points * target.width } ?? target.floats
    if let filter {
      elementwise.mixRows(
        count, target.width, target.positions.count, filter.points, filter.outputBackward.start,
        nil, gradient, right)
    }
    for (place, runs) in convolution.runs.enumerated() {
      network.forwardProducts[index].correlate(
        rows: count, left: left, leftRow: leftRow, runs: runs,
        right: right + place * target.width, places: places[index],
        sums: sums.weights[index].start)
    }
    guard let packed = weights.packed[index].backward else { return }
    let wanted = isAdded ? spare.start : gradients[convolution.source].start
    // The points of the source have been used: their gradients take their place.
    let output = filter == nil ? wanted : left
    for (place, runs) in convolution.backwardRuns.enumerated() where !runs.isEmpty {
      network.backwardProducts[index].multiply(
        rows: count, left: right, leftRow: rightRow, runs: runs, matrix: packed.start,
        bias: nil, output: output + place * source.width, outputRow: leftRow)
    }
    if let filter {
      elementwise.mixRows(
        count, source.width, filter.points, source.positions.count, filter.inputBackward.start,
        nil, left, wanted)
    }
    guard isAdded else { return }
    // A way around sees one position, and has no filter.
    for (place, runs) in convolution.backwardRuns.enumerated() where !runs.isEmpty {
      for sample in 0..<count {
        let at = place * source.width + sample * source.floats
        elementwise.add(source.width, spare.start + at, gradients[convolution.source].start + at)
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
