import NeuralNet
import Tensor
import Testing

@testable import Glyphs

@Suite struct GradientTests {
  /// Every layer by itself, and whole small networks, odd sizes included.
  static let architectures = [
    "input 3x3, fc 4",
    "input 4x4, fc 6, relu, fc 3",
    "input 5x4, relu, fc 3",
    "input 6x5, conv 3x3x2 same, fc 3",
    "input 6x7, conv 3x2x3, fc 3",
    "input 7x5, pool 2, fc 3",
    "input 7x6, conv 3x3x2 same, relu, pool 2, fc 3",
    "input 6x6, conv 3x3x3 same, pool 2, relu, fc 2",
    "input 9x9, conv 3x3x3, relu, conv 3x3x4, relu, pool 2, pool 2, relu, fc 3",
    "input 8x8, relu, pool 2, conv 3x3x3 same, relu, relu, pool 2, relu, fc 3",
    "input 12x12, conv 5x5x4 same, relu, pool 2, conv 3x3x5 same, relu, conv 3x3x3, relu, pool 2, "
      + "fc 7, relu, fc 5",
  ]

  /// What the textbook says of a network by finite differences, which take their time.
  private struct Textbook {
    let pictures: [[Float]]
    let labels: [Int]
    let loss: Double
    /// The slope in each place of the values.
    let slopes: [Int: Double]

    init(_ text: String) throws {
      let network = try GradientTests.network(text)
      let size = network.architecture.height * network.architecture.width
      var random = RandomNumbers(79)
      let pictures = (0..<5).map { _ in (0..<size).map { _ in random.spread(1) } }
      let labels = pictures.indices.map { $0 % network.architecture.classes }
      var twin = TwinNetwork(network)
      let exact = pictures.map { $0.map(Double.init) }
      func moved(_ place: Int, by step: Double) -> Double {
        let kept = twin.values[place]
        defer { twin.values[place] = kept }
        twin.values[place] += step
        return twin.loss(exact, labels, smoothing: 0.1)
      }
      loss = twin.loss(exact, labels, smoothing: 0.1)
      var slopes: [Int: Double] = [:]
      for place in network.parameters.flatMap({ $0.offset..<$0.offset + $0.count }) {
        // In Double a step this small crosses hardly a kink, and leaves ten digits.
        slopes[place] = (moved(place, by: 1e-6) - moved(place, by: -1e-6)) / 2e-6
      }
      (self.pictures, self.labels, self.slopes) = (pictures, labels, slopes)
    }
  }

  private static func network(_ text: String) throws -> Network {
    let network = try Network(Architecture(text))
    network.initialise(seed: 5)
    var random = RandomNumbers(77)
    for value in network.values.values.indices where network.values.values[value] == 0 {
      // Biases, which start as zero, and padding between tensors, which nothing reads.
      network.values.values[value] = random.spread(0.1)
    }
    return network
  }

  private static let network5x5 =
    "input 13x14, conv 5x5x4 same, relu, pool 2, conv 3x3x5, relu, pool 2, fc 7, relu, fc 3"
  private static let textbook5x5 = Result { try Textbook(network5x5) }

  /// Every way to compute convolutions gives the same gradients.
  @Test(arguments: ConvolutionMethod.allCases, LinearMethod.allCases)
  func everyMethodAgrees(_ convolution: ConvolutionMethod, _ linear: LinearMethod) throws {
    try Self.compare(
      Self.network5x5, Self.textbook5x5.get(), Methods(convolution: convolution, linear: linear),
      within: convolution == .winograd || convolution == .auto ? 2e-4 : 1e-5)
  }

  @Test(arguments: architectures)
  func agreesWithFiniteDifferences(_ text: String) throws {
    try Self.compare(text, Textbook(text), Methods(convolution: .gemm), within: 1e-5)
  }

  private static func compare(
    _ text: String, _ textbook: Textbook, _ methods: Methods, within tolerance: Double
  ) throws {
    let network = try network(text)
    let trainer = Trainer(
      network, Optimiser(.momentum(0, nesterov: false), network) { _ in 0 },
      batch: textbook.labels.count, loss: CrossEntropy(smoothing: 0.1), shards: 2, seed: 1,
      methods: methods, workers: Workers(1))
    let result = try trainer.gradients { position, target in
      for (i, value) in textbook.pictures[position].enumerated() { target[i] = value }
      return textbook.labels[position]
    }
    #expect(abs(result.loss - textbook.loss) < 1e-5)
    var worst = 0.0
    var scale = 1e-6
    for (place, slope) in textbook.slopes {
      worst = max(worst, abs(slope - Double(trainer.lastGradient.start[place])))
      scale = max(scale, abs(slope))
    }
    #expect(worst < 2e-6 + tolerance * scale, "\(text): \(worst) of \(scale)")
  }

  /// With dropout the masks stay while the step does, so that slopes can be measured.
  @Test(arguments: [
    "input 10x10, conv 3x3x6, relu, dropout2d 0.3, conv 3x3x8, relu, pool 2, dropout2d 0.25, "
      + "fc 9, relu, dropout 0.5, fc 4",
    "input 10x10, conv 3x3x6, pool 2, dropout 0.4, relu, pool 2, relu, dropout 0.2, fc 4",
    "input 10x10, dropout 0.2, conv 3x3x6, dropout2d 0.3, relu, fc 5, dropout2d 0.5, fc 4",
  ])
  func dropoutKeepsTheGradientRight(_ text: String) throws {
    let network = try Network(Architecture(text))
    network.initialise(seed: 6)
    var random = RandomNumbers(78)
    for place in network.values.values.indices where network.values.values[place] == 0 {
      network.values.values[place] = random.spread(0.1)
    }
    let batch = 24
    let pictures = (0..<batch * network.pixels).map { _ in random.spread(1) }
    let trainer = Trainer(
      network, Optimiser(.momentum(0, nesterov: false), network) { _ in 0 }, batch: batch,
      loss: CrossEntropy(), shards: 3, seed: 1, workers: Workers(2))
    func loss() throws -> Double {
      try trainer.gradients { position, target in
        for i in 0..<network.pixels { target[i] = pictures[position * network.pixels + i] }
        return position % 4
      }.loss
    }
    for parameter in network.parameters {
      let range = parameter.offset..<parameter.offset + parameter.count
      let direction = range.map { _ in random.spread(1) }
      let kept = range.map { network.values.start[$0] }
      _ = try loss()
      let slope = zip(range, direction).reduce(0.0) {
        $0 + Double(trainer.lastGradient.start[$1.0] * $1.1)
      }
      func moved(by distance: Float) throws -> Double {
        for (i, place) in range.enumerated() {
          network.values.start[place] = kept[i] + distance * direction[i]
        }
        defer { for (i, place) in range.enumerated() { network.values.start[place] = kept[i] } }
        return try loss()
      }
      // The kinks of ReLU and maximum disturb longer steps; shorter ones are lost in rounding.
      let found = try (moved(by: 1e-4) - moved(by: -1e-4)) / 2e-4
      #expect(
        abs(found - slope) < 0.03 * abs(slope) + 2e-3, "\(parameter.name): \(found), \(slope)")
    }
  }

  /// Runs the stages up to the first fc over ones, and a gradient of ones back.
  private static func dropped(
    _ text: String, count: Int = 10, key: UInt64?, threads: Int = 1
  ) throws -> (values: [Float], gradient: [Float]) {
    let network = try Network(Architecture("\(text), fc 2"))
    let pass = StageExecutor(network, network.tower, capacity: count, training: true)
    let workspace = StageWorkspace(
      network, network.tower, capacity: count, methods: Methods(), workers: Workers(threads))
    let input = FloatBuffer(count * network.pixels)
    let (output, gradient) = (
      FloatBuffer(count * network.features), FloatBuffer(count * network.features)
    )
    input.values.update(repeating: 1)
    gradient.values.update(repeating: 1)
    let job = StageExecutor.Job(
      count: count, input: input.start, output: output.start, dropout: key)
    try pass.forward(job, workspace)
    #expect(input.values.allSatisfy { $0 == 1 }, "the input belongs to others")
    try pass.backward(
      job, workspace, gradOutput: gradient.start, gradInput: nil, gradient: gradient.start)
    return (Array(output.values), Array(gradient.values))
  }

  @Test func dropoutScalesWhatItKeepsAndItsGradient() throws {
    let (values, gradient) = try Self.dropped("input 20x20, dropout 0.25", key: 3)
    let kept = values.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 1 / 0.75) < 1e-6 })
    #expect(abs(Double(kept.count) / 4000 - 0.75) < 0.03)
    #expect(gradient == values, "the same mask both ways")
    #expect(try Self.dropped("input 20x20, dropout 0.25", key: 4).values != values)
    #expect(try Self.dropped("input 20x20, dropout 0.25", key: 3, threads: 2).values == values)
    let still = try Self.dropped("input 20x20, dropout 0.25", key: nil)
    #expect(still.values.allSatisfy { $0 == 1 } && still.gradient.allSatisfy { $0 == 1 })
  }

  @Test func dropout2dDropsWholeChannels() throws {
    let text = "input 10x10, conv 1x1x40, relu, dropout2d 0.25"
    let network = try Network(Architecture("\(text), fc 2"))
    for bias in 0..<40 { network.values.start[network.stages[0].bias + bias] = 2 }
    let pass = StageExecutor(network, network.tower, capacity: 10, training: true)
    let workspace = StageWorkspace(
      network, network.tower, capacity: 10, methods: Methods(), workers: Workers(1))
    let (input, output) = (FloatBuffer(1000), FloatBuffer(40000))
    try pass.forward(
      .init(count: 10, input: input.start, output: output.start, dropout: 5), workspace)
    let planes = (0..<400).map { Set(output.values[$0 * 100..<$0 * 100 + 100]) }
    #expect(planes.allSatisfy { $0 == [0] || $0 == [2 / 0.75] })
    let dropped = planes.filter { $0 == [0] }.count
    #expect((70...130).contains(dropped), "\(dropped) of 400")
  }

  /// Pictures drop out by their place in the batch, in whatever parts the batch is done.
  @Test func partsOfABatchDropAsTheWhole() throws {
    let network = try Network(Architecture("input 6x6, dropout 0.5, dropout2d 0.1, fc 2"))
    let pass = StageExecutor(network, network.tower, capacity: 9, training: true)
    let workspace = StageWorkspace(
      network, network.tower, capacity: 9, methods: Methods(), workers: Workers(1))
    let (input, whole, parts) = (FloatBuffer(324), FloatBuffer(324), FloatBuffer(324))
    input.values.update(repeating: 1)
    try pass.forward(
      .init(count: 9, input: input.start, output: whole.start, dropout: 8), workspace)
    for (first, count) in [(0, 4), (4, 4), (8, 1)] {
      try pass.forward(
        .init(
          count: count, first: first, input: input.start + first * 36,
          output: parts.start + first * 36, dropout: 8), workspace)
    }
    #expect(Array(whole.values) == Array(parts.values))
  }
}
