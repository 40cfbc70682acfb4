import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Series

/// Networks of series against PyTorch, against the plain twin, and against differences.
@Suite struct SeriesTests {
  /// Windows `[sample, channel, step]` with their targets, and a trainer's view of them.
  struct Samples {
    let windows: [[[Double]]]
    let targets: [Double]

    func gather(_ network: SeriesNetwork) -> SeriesTrainer.Gather {
      { sample, target in
        for (place, position) in network.windowPositions.enumerated() {
          for (channel, values) in windows[sample].enumerated() {
            target[place * windows[sample].count + channel] = Float(values[position])
          }
        }
      }
    }

    init(windows: [[[Double]]], targets: [Double]) {
      (self.windows, self.targets) = (windows, targets)
    }

    init(_ count: Int, _ architecture: SeriesArchitecture, _ random: inout RandomNumbers) {
      windows = (0..<count).map { _ in
        (0..<architecture.inputs).map { _ in
          (0..<architecture.steps).map { _ in Double(random.normal()) }
        }
      }
      targets = (0..<count).map { _ in Double(random.normal()) }
    }
  }

  private func trained(
    _ network: SeriesNetwork, _ samples: Samples, threads: Int = 2
  ) -> (loss: Double, gradient: [Float], answers: [Float]) {
    let trainer = SeriesTrainer(network, decay: 0, seed: 1, workers: Workers(threads))
    let loss = trainer.gradients(
      targets: samples.targets.map { Float($0) }, groups: [samples.targets.count], loss: .mse,
      samples.gather(network))
    let reader = SeriesReader(network, workers: Workers(threads))
    var answers = [Float](repeating: 0, count: samples.targets.count)
    answers.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      reader.answers(samples.targets.count, samples.gather(network), start)
    }
    return (loss, Array(trainer.lastGradient.values), answers)
  }

  @Test(arguments: ["cnn1d", "tcn"]) func torch(_ name: String) throws {
    let arrays = try torchArrays(name)
    let x = arrays[0]
    let numbers = try x.floats().map(Double.init)
    let (channels, steps) = (x.shape[1], x.shape[2])
    let windows = (0..<x.shape[0]).map { sample in
      (0..<channels).map { channel in
        (0..<steps).map { numbers[(sample * channels + channel) * steps + $0] }
      }
    }
    let isTCN = name == "tcn"
    let targets =
      isTCN ? try arrays[1].floats().map(Double.init) : (0..<x.shape[0]).map(Double.init)
    let first = isTCN ? 2 : 1
    let (predictions, loss) = (try arrays[first].floats(), try arrays[first + 1].floats()[0])
    let architecture = try SeriesArchitecture(
      isTCN ? .tcn : .cnn, inputs: channels, steps: steps, layers: isTCN ? [6, 6] : [5, 3],
      kernel: 3, dropout: 0)
    let network = try SeriesNetwork(architecture)
    let names =
      isTCN
      ? ["net.0.c1", "net.0.c2"].flatMap { ["\($0).bias", "\($0).weight_g", "\($0).weight_v"] }
        + ["net.0.down.weight", "net.0.down.bias"]
        + ["net.1.c1", "net.1.c2"].flatMap { ["\($0).bias", "\($0).weight_g", "\($0).weight_v"] }
        + ["lin.weight", "lin.bias"]
      : ["conv.0.weight", "conv.0.bias", "conv.1.weight", "conv.1.bias", "lin.weight", "lin.bias"]
    #expect(names.count == network.parameters.count)
    #expect(arrays.count == first + 2 + 2 * names.count)
    func array(_ parameter: Parameter, _ part: Int) throws -> [Float] {
      let index = try #require(names.firstIndex(of: parameter.name))
      let found = arrays[first + 2 + 2 * index + part]
      #expect(found.count == parameter.count, "\(parameter.name) \(found.shape)")
      return try found.floats()
    }
    for parameter in network.parameters {
      for (i, value) in try array(parameter, 0).enumerated() {
        network.values.start[parameter.offset + i] = value
      }
    }
    let samples = Samples(windows: windows, targets: targets)
    let result = trained(network, samples)
    for (found, expected) in zip(result.answers, predictions) {
      #expect(abs(found - expected) < 1e-5)
    }
    #expect(abs(Float(result.loss) - loss) < 1e-5)
    for parameter in network.parameters {
      for (i, value) in try array(parameter, 1).enumerated() {
        let found = result.gradient[parameter.offset + i]
        #expect(abs(found - value) < 1e-5, "\(parameter.name)[\(i)]: \(found), \(value)")
      }
    }
  }

  @Test(arguments: 0..<30) func twin(_ seed: UInt64) throws {
    var random = RandomNumbers(seed, 0x7e57)
    let kind = SeriesArchitecture.Kind.allCases[Int(seed) % 5]
    let layers = (0..<1 + random.index(below: 3)).map { _ in
      random.index(below: 3) == 0 ? 3 : 1 + random.index(below: 9) * random.index(below: 9)
    }
    let architecture = try SeriesArchitecture(
      kind, inputs: random.index(below: 3) == 0 ? 3 : 1 + random.index(below: 20),
      steps: 1 + random.index(below: 24), layers: layers, kernel: 1 + random.index(below: 8),
      dropout: 0)
    let windows = 1 + random.index(below: seed % 4 == 0 ? 100 : 30)
    try expectTwin(SeriesNetwork(architecture), seed, windows, &random)
  }

  /// Deep and narrow networks, whose convolutions have several neighbouring outputs: products are saved in some, in
  /// the first one and in those that hand gradients back.
  @Test func filters() throws {
    var found: Set<String> = []
    for seed in 0..<45 as Range<UInt64> {
      var random = RandomNumbers(seed, 0xf117)
      let kind: SeriesArchitecture.Kind = [.cnnBatchwise, .tcn, .cnn, .cnn, .cnn][Int(seed) % 5]
      let count = kind == .tcn ? 1 : 2 + random.index(below: 4)
      let layers = (0..<count).map { _ in 1 + random.index(below: 20) }
      let architecture = try SeriesArchitecture(
        kind, inputs: 1 + random.index(below: 40), steps: 2 + random.index(below: 8),
        layers: layers, kernel: 2 + random.index(below: 4), dropout: 0)
      let network = try SeriesNetwork(architecture)
      // A batch is cut into 16 parts: of few windows each has one or none.
      let windows = seed % 3 == 0 ? 64 + random.index(below: 64) : 1 + random.index(below: 8)
      try expectTwin(network, seed, windows, &random)
      for (index, convolution) in network.plan.convolutions.enumerated() {
        guard let filter = convolution.filter else { continue }
        let outputs = network.plan.signals[convolution.target].positions.count
        #expect(filter.points == outputs + convolution.kernel - 1 && filter.points <= 6)
        found.insert("F(\(outputs), \(convolution.kernel)) \(index == 0 ? "first" : "later")")
        found.insert("\(kind.rawValue), \(windows < 32 ? "few" : "many")")
      }
    }
    #expect(
      found.isSuperset(of: [
        "F(3, 3) first", "F(3, 3) later", "F(4, 3) first", "tcn, many", "cnn, many",
      ]), "\(found)")
    let usual = try SeriesNetwork(
      SeriesArchitecture("cnn inputs 158 steps 20 layers 64,16,4 kernel 3 dropout 0.05"))
    #expect(usual.plan.convolutions.map { $0.filter?.points } == [5, nil, nil])
  }

  /// Parts of more windows than are taken at once: whole lots, then some more.
  @Test func wholeLots() throws {
    var random = RandomNumbers(3, 0xf117)
    let network = try SeriesNetwork(
      SeriesArchitecture("cnn inputs 5 steps 8 layers 6,5,4 kernel 3 dropout 0"))
    let weights = SeriesWeights(network, training: true)
    let capacity = SeriesExecutor(network, weights, training: true).capacity
    try expectTwin(network, 3, 16 * (capacity + 7) + 5, &random)
  }

  /// Answers, loss and gradient of some random windows, beside the twin's.
  private func expectTwin(
    _ network: SeriesNetwork, _ seed: UInt64, _ windows: Int, _ random: inout RandomNumbers
  ) throws {
    let architecture = network.architecture
    network.initialise(seed: seed)
    let samples = Samples(windows, architecture, &random)
    let result = trained(network, samples)
    var twin = SeriesReference(network)
    let expected = twin.evaluate(samples.windows, samples.targets)
    #expect(abs(result.loss - expected.loss) < 1e-5 * max(1, expected.loss))
    for (found, expected) in zip(result.answers, expected.answers) {
      #expect(abs(Double(found) - expected) < 1e-5 * max(1, abs(expected)))
    }
    for (place, value) in expected.gradient.enumerated() {
      let found = Double(result.gradient[place])
      #expect(abs(found - value) < 2e-5 * max(1, abs(value)), "\(architecture): \(place)")
    }
  }
}
