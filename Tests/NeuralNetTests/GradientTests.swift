import Testing

@testable import NeuralNet

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
    "input 12x12, conv 5x5x4 same, relu, pool 2, conv 3x3x5 same, relu, conv 3x3x3, relu, pool 2, "
      + "fc 7, relu, fc 5",
  ]

  @Test(arguments: architectures)
  func agreesWithFiniteDifferences(_ text: String) throws {
    let network = try Network(Architecture(text))
    network.initialise(seed: 5)
    var random = RandomNumbers(77)
    for value in network.values.values.indices where network.values.values[value] == 0 {
      // Biases, which start as zero, and padding between tensors, which nothing reads.
      network.values.values[value] = random.spread(0.1)
    }
    let size = network.architecture.height * network.architecture.width
    let batch = 5
    let pictures = (0..<batch).map { _ in (0..<size).map { _ in random.spread(1) } }
    let labels = (0..<batch).map { $0 % network.architecture.classes }
    let trainer = Trainer(
      network, Optimiser(.momentum(0, nesterov: false), network) { _ in 0 }, batch: batch,
      loss: CrossEntropy(smoothing: 0.1), shards: 2, seed: 1, workers: Workers(1))
    let result = try trainer.gradients { position, target in
      for (i, value) in pictures[position].enumerated() { target[i] = value }
      return labels[position]
    }
    var twin = TwinNetwork(network)
    let exact = pictures.map { $0.map(Double.init) }
    #expect(abs(result.loss - twin.loss(exact, labels, smoothing: 0.1)) < 1e-5)
    var worst = 0.0
    var scale = 1e-6
    for parameter in network.parameters {
      for i in parameter.offset..<parameter.offset + parameter.count {
        // In Double a step this small crosses hardly a kink, and leaves ten digits.
        let kept = twin.values[i]
        twin.values[i] = kept + 1e-6
        let above = twin.loss(exact, labels, smoothing: 0.1)
        twin.values[i] = kept - 1e-6
        let below = twin.loss(exact, labels, smoothing: 0.1)
        twin.values[i] = kept
        let slope = (above - below) / 2e-6
        worst = max(worst, abs(slope - Double(trainer.lastGradient.start[i])))
        scale = max(scale, abs(slope))
      }
    }
    #expect(worst < 2e-6 + 1e-5 * scale, "\(text): \(worst) of \(scale)")
  }

  @Test func dropoutScalesWhatItKeepsAndItsGradient() throws {
    let network = try Network(Architecture("input 20x20, dropout 0.25, fc 2"))
    for i in network.values.values.indices { network.values.values[i] = 1 }
    let head = HeadPass(network, capacity: 10, training: true, workers: Workers(1))
    for i in head.input.values.indices { head.input.values[i] = 1 }
    head.forward(10, dropout: 3)
    let kept = head.input.values.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 1 / 0.75) < 1e-6 })
    #expect(abs(Double(kept.count) / 4000 - 0.75) < 0.03)
    #expect(abs(Double(head.logits.start[0]) - 400) < 60)
    head.forward(10, dropout: nil)
    #expect(head.input.values.filter { $0 != 0 }.count == kept.count, "not training: untouched")
  }
}
