import Tensor

/// What a network of series computes, and at which positions of each signal.
///
/// The answer is that of the last position, so only what this one depends on is computed: the cone of
/// its windows. Of 20 days and three layers of 3 taps, that is the last 3, 2 and 1 positions. Taps that
/// fall before or behind the window see zeros and cost nothing, unless neighbouring positions are computed
/// at once (`StepFilter`).
struct SeriesPlan {
  /// Numbers at some positions, `[position, channel]` for each sample.
  struct Signal {
    let channels: Int
    /// Floats of a position: the channels, padded.
    let width: Int
    /// The positions that are wanted, ascending.
    var positions: [Int] = []
    /// Floats of a sample.
    var floats: Int { positions.count * width }
  }

  /// A convolution from one signal to another.
  struct Convolution {
    let name: String
    let source, target: Int
    let kernel, dilation: Int
    /// How far before a position its first tap lies.
    let before: Int
    /// Whether its weights are a direction and a length.
    let isNormalised: Bool
    /// Whether ReLU and dropout follow.
    let isActivated: Bool
    /// A way to all positions of the target with fewer products, where that pays.
    var filter: StepFilter?
    /// The stretches of the source that each position of the target sees; with a filter those of each point.
    var runs: [[RowProduct.Run]] = []
    /// The stretches of the target's gradient that each position of the source sees; with a filter those of each
    /// point.
    var backwardRuns: [[RowProduct.Run]] = []

    /// Matrices of inputs and outputs: one for each tap, or for each point of the filter.
    var matrices: Int { filter?.points ?? kernel }

    /// The positions that the taps of a position see, with the number of the tap.
    func taps(_ position: Int, steps: Int) -> [(tap: Int, position: Int)] {
      (0..<kernel).map { ($0, position - before + $0 * dilation) }
        .filter { (0..<steps).contains($0.1) }
    }
  }

  /// The steps of the computation.
  enum Stage {
    /// A convolution by its number.
    case convolution(Int)
    /// target = ReLU(second(first(source)) + way), where the way around is the source, or a convolution of it.
    case block(first: Int, second: Int, around: Int?, target: Int)
  }

  private(set) var signals: [Signal]
  private(set) var convolutions: [Convolution] = []
  private(set) var stages: [Stage] = []
  let steps: Int

  /// The plan for windows of `steps` steps.
  init(_ architecture: SeriesArchitecture, steps: Int) {
    self.steps = steps
    signals = [Signal(channels: architecture.inputs, width: architecture.inputs)]
    let kernel = architecture.kernel
    for (level, channels) in architecture.layers.enumerated() {
      let source = signals.count - 1
      if architecture.kind == .tcn {
        addBlock("net.\(level)", source, channels, kernel: kernel, dilation: 1 << level)
      } else {
        add("conv.\(level)", source, channels, kernel: kernel, before: (kernel - 1) / 2)
        stages.append(.convolution(convolutions.count - 1))
      }
    }
    findPositions()
    for index in convolutions.indices { findRuns(&convolutions[index]) }
  }

  private mutating func add(
    _ name: String, _ source: Int, _ channels: Int, kernel: Int, dilation: Int = 1, before: Int,
    isNormalised: Bool = false, isActivated: Bool = true
  ) {
    signals.append(Signal(channels: channels, width: RowProduct.width(channels)))
    convolutions.append(
      Convolution(
        name: name, source: source, target: signals.count - 1, kernel: kernel,
        dilation: dilation, before: before, isNormalised: isNormalised, isActivated: isActivated))
  }

  private mutating func addBlock(
    _ name: String, _ source: Int, _ channels: Int, kernel: Int, dilation: Int
  ) {
    for part in ["c1", "c2"] {
      let from = part == "c1" ? source : signals.count - 1
      add(
        "\(name).\(part)", from, channels, kernel: kernel, dilation: dilation,
        before: (kernel - 1) * dilation, isNormalised: true)
    }
    let (first, second) = (convolutions.count - 2, convolutions.count - 1)
    let isStraight = signals[source].channels == channels
    if !isStraight {
      add("\(name).down", source, channels, kernel: 1, before: 0, isActivated: false)
    }
    signals.append(Signal(channels: channels, width: RowProduct.width(channels)))
    stages.append(
      .block(
        first: first, second: second, around: isStraight ? nil : convolutions.count - 1,
        target: signals.count - 1))
  }

  private mutating func findPositions() {
    var wanted = [Set<Int>](repeating: [], count: signals.count)
    wanted[signals.count - 1] = [steps - 1]
    func look(_ index: Int) {
      let convolution = convolutions[index]
      for position in wanted[convolution.target] {
        wanted[convolution.source].formUnion(
          convolution.taps(position, steps: steps).map(\.position))
      }
    }
    for stage in stages.reversed() {
      switch stage {
      case .convolution(let index): look(index)
      case .block(let first, let second, let around, let target):
        wanted[convolutions[second].target] = wanted[target]
        if let around { wanted[convolutions[around].target] = wanted[target] }
        look(second)
        // A position sees itself, so that all that the way around needs is there.
        look(first)
      }
    }
    for index in signals.indices { signals[index].positions = wanted[index].sorted() }
  }

  /// As many rows of a matrix as stay in the first-level cache while tiles of it are used.
  private static let depthAtOnce = 96

  private func findRuns(_ convolution: inout Convolution) {
    let (source, target) = (signals[convolution.source], signals[convolution.target])
    convolution.filter = filter(convolution)
    if let filter = convolution.filter {
      func runs(_ width: Int) -> [[RowProduct.Run]] {
        (0..<filter.points).map { point in
          stride(from: 0, to: width, by: Self.depthAtOnce).map {
            RowProduct.Run(
              left: point * width + $0, depth: min(Self.depthAtOnce, width - $0),
              matrixRow: point * width + $0)
          }
        }
      }
      convolution.runs = runs(source.width)
      convolution.backwardRuns = runs(target.width)
      return
    }
    let places = Dictionary(uniqueKeysWithValues: zip(source.positions, 0...))
    convolution.runs = target.positions.map { position in
      var runs: [RowProduct.Run] = []
      for (tap, seen) in convolution.taps(position, steps: steps) {
        guard let place = places[seen] else { continue }
        Self.append(left: place, row: tap, width: source.width, to: &runs)
      }
      return runs
    }
    // The way back sees the same taps from the other side: its matrix has them in reversed order.
    var backward = [[RowProduct.Run]](repeating: [], count: source.positions.count)
    for (index, position) in target.positions.enumerated() {
      for (tap, seen) in convolution.taps(position, steps: steps) {
        guard let place = places[seen] else { continue }
        Self.append(
          left: index, row: convolution.kernel - 1 - tap, width: target.width,
          to: &backward[place])
      }
    }
    convolution.backwardRuns = backward
  }

  /// The filter for a convolution whose positions are neighbours on both sides.
  private func filter(_ convolution: Convolution) -> StepFilter? {
    let (from, to) = (signals[convolution.source].positions, signals[convolution.target].positions)
    guard convolution.dilation == 1, let first = to.first, let start = from.first,
      to == Array(first..<first + to.count), from == Array(start..<start + from.count)
    else { return nil }
    let seen = first - convolution.before
    let all = 0..<to.count + convolution.kernel - 1
    guard all.contains(start - seen), start - seen + from.count <= all.count else { return nil }
    return StepFilter(
      outputs: to.count, kernel: convolution.kernel,
      seen: start - seen..<start - seen + from.count,
      products: to.reduce(0) { $0 + convolution.taps($1, steps: steps).count })
  }

  /// Adds a position to the last run where it follows it on both sides.
  private static func append(
    left: Int, row: Int, width: Int, to runs: inout [RowProduct.Run]
  ) {
    if let last = runs.last, last.left + last.depth == left * width,
      last.matrixRow + last.depth == row * width
    {
      runs[runs.count - 1].depth += width
    } else {
      runs.append(RowProduct.Run(left: left * width, depth: width, matrixRow: row * width))
    }
  }
}

extension SeriesPlan {
  /// Multiplications with additions of the way forward, a sample, by taps: filters do fewer.
  var products: Int {
    convolutions.reduce(signals[signals.count - 1].channels) { sum, convolution in
      let taps = signals[convolution.target].positions.reduce(0) {
        $0 + convolution.taps($1, steps: steps).count
      }
      return sum + taps * signals[convolution.source].channels
        * signals[convolution.target].channels
    }
  }
}
