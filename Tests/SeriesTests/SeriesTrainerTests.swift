import NeuralNet
import Tensor
import Testing

@testable import Series

/// What is not in the twin: dropout, the loss of correlations, threads, the learning rate.
@Suite struct SeriesTrainerTests {
  private static func trainer(
    _ kind: SeriesArchitecture.Kind, dropout: Float, samples: Int, threads: Int = 1
  ) throws -> (SeriesTrainer, SeriesTests.Samples) {
    let architecture = try SeriesArchitecture(
      kind, inputs: 5, steps: 9, layers: [7, 7], kernel: 3, dropout: dropout)
    let network = try SeriesNetwork(architecture)
    network.initialise(seed: 5)
    var random = RandomNumbers(9)
    let samples = SeriesTests.Samples(samples, architecture, &random)
    return (SeriesTrainer(network, decay: 0, seed: 3, workers: Workers(threads)), samples)
  }

  @Test(
    "gradients agree with differences, with dropout and by either loss",
    arguments: SeriesArchitecture.Kind.allCases, SeriesLoss.allCases)
  func differences(_ kind: SeriesArchitecture.Kind, _ loss: SeriesLoss) throws {
    let (trainer, samples) = try Self.trainer(kind, dropout: 0.3, samples: 40)
    let network = trainer.network
    func evaluate() -> Double {
      trainer.gradients(
        targets: samples.targets.map { Float($0) }, groups: [15, 1, 24], loss: loss,
        samples.gather(network))
    }
    let start = evaluate()
    let gradient = Array(trainer.lastGradient.values)
    // Along its gradient the loss changes by the gradient's square: one direction tells of all slopes.
    let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(start.isFinite && square > 1e-8)
    let length = 1e-3 / square.squareRoot()
    let values = Array(network.values.values)
    var losses: [Double] = []
    for sign in [-1.0, 1] {
      for place in values.indices {
        network.values.start[place] = values[place] + Float(sign * length) * gradient[place]
      }
      losses.append(evaluate())
    }
    let slope = (losses[1] - losses[0]) / (2 * length)
    #expect(abs(slope - square) < 0.01 * square, "\(kind) \(loss): \(slope), \(square)")
  }

  @Test("dropout leaves the mean as it is, and drops as many as it should")
  func dropout() throws {
    let (trainer, samples) = try Self.trainer(.mlp, dropout: 0.4, samples: 1)
    let network = trainer.network
    // One layer's worth of ones: the answer is the mean of what is left.
    network.values.clear()
    for parameter in network.parameters where parameter.name.hasSuffix("bias") {
      if parameter.name == "conv.1.bias" {
        for i in 0..<parameter.count { network.values.start[parameter.offset + i] = 1 }
      }
    }
    for parameter in network.parameters where parameter.name == "lin.weight" {
      for i in 0..<parameter.count {
        network.values.start[parameter.offset + i] = 1 / Float(parameter.count)
      }
    }
    let count = 4000
    let loss = trainer.gradients(
      targets: [Float](repeating: 1, count: count), groups: [count], loss: .mse
    ) { _, target in samples.gather(network)(0, target) }
    // The variance of the mean of seven: p / (1 - p) / 7.
    #expect(abs(loss - 0.4 / 0.6 / 7) < 0.01, "\(loss)")
    let bias = trainer.lastGradient.start[network.values.count - 1]
    #expect(abs(bias) < 0.02, "\(bias)")
  }

  @Test("1 thread or 3: the same bytes")
  func threads() throws {
    var results: [[Float]] = []
    for threads in [1, 3] {
      let (trainer, samples) = try Self.trainer(.tcn, dropout: 0.2, samples: 300, threads: threads)
      for _ in 0..<3 {
        _ = trainer.step(
          targets: samples.targets.map { Float($0) }, groups: [300], loss: .mse,
          learningRate: 0.01, samples.gather(trainer.network))
      }
      results.append(Array(trainer.network.values.values))
    }
    #expect(results[0] == results[1])
  }

  @Test("ReduceLROnPlateau: halved after 10 measurements without gain, not below the least")
  func plateau() {
    var plateau = Plateau(rate: 0.002)
    plateau.add(1)
    for _ in 0..<10 { plateau.add(0.99995) }
    #expect(plateau.rate == 0.002)
    plateau.add(1.5)
    #expect(plateau.rate == 0.001)
    plateau.add(0.9)
    for _ in 0..<200 { plateau.add(0.9) }
    #expect(plateau.rate == 1e-5)
  }

  @Test("ReduceLROnPlateau: a gain is more than 1/10,000 of the best, whatever its sign")
  func plateauThreshold() {
    for (best, bound) in [(1, 1 - 1e-4), (-1, -1 - 1e-4), (0, 0)] as [(Double, Double)] {
      for (figure, waited) in [
        (bound, 1), (bound.nextUp, 1), (bound.nextDown, 0), (.nan, 1), (.infinity, 1),
        (-.infinity, 0),
      ] {
        var plateau = Plateau(rate: 0.002, best: best)
        plateau.add(figure)
        #expect(plateau.waited == waited, "\(best), \(figure)")
        #expect(plateau.best == (waited == 0 ? figure : best))
      }
    }
    var plateau = Plateau(rate: 0.002)
    plateau.add(.nan)
    #expect(plateau.waited == 1)
    plateau.add(7)
    #expect(plateau.waited == 0 && plateau.best == 7)
  }

  @Test("ReduceLROnPlateau: the eleventh without gain lowers the rate, if by more than 1e-8")
  func plateauRates() {
    for (rate, least, lower) in [
      (0.5, 0, 0.25), (0.5, 0.25, 0.25), (0.5, Float(0.25).nextUp, Float(0.25).nextUp),
      (2e-8, 0, 2e-8), (Float(2e-8).nextUp, 0, Float(2e-8).nextUp / 2), (1e-5, 1e-5, 1e-5),
    ] as [(Float, Float, Float)] {
      var plateau = Plateau(rate: rate, best: 1, waited: 9)
      plateau.add(1, least: least)
      #expect(plateau.rate == rate && plateau.waited == 10)
      plateau.add(1, least: least)
      #expect(plateau.rate == lower && plateau.waited == 0, "\(rate), \(least)")
    }
  }

  @Test("only what the last day sees is computed")
  func cone() throws {
    let cnn = try SeriesNetwork(
      SeriesArchitecture("cnn inputs 158 steps 20 layers 64,16,4 kernel 3 dropout 0.05"))
    #expect(cnn.windowPositions == [16, 17, 18, 19])
    // 3 + 3 + 2 taps, 3 + 2, 2, and the last layer.
    #expect(cnn.products == 8 * 158 * 64 + 5 * 64 * 16 + 2 * 16 * 4 + 4)
    let tcn = try SeriesArchitecture(
      "tcn inputs 20 steps 20 layers 32,32,32,32,32 kernel 7 dropout 0.5")
    let plan = SeriesPlan(tcn, steps: 20)
    #expect(plan.signals.last?.positions == [19])
    #expect(plan.signals[0].positions == Array(0..<20))
    #expect(plan.convolutions.allSatisfy { $0.runs.allSatisfy { $0.count == 1 } })
  }

  @Test func architectureText() throws {
    for text in [
      "cnn inputs 158 steps 20 layers 64,16,4 kernel 3 dropout 0.05", "linear inputs 158",
      "mlp inputs 3 layers 256 dropout 0.0",
      "cnn-batchwise inputs 9 steps 4 layers 8 kernel 3 dropout 0.1",
    ] { #expect(try SeriesArchitecture(text).description == text) }
    for text in [
      "", "rnn inputs 3", "cnn inputs 0 steps 2 layers 3 kernel 3", "cnn inputs 3",
      "cnn inputs 3 steps 20 layers 3,x kernel 3", "linear inputs 99999999999999999999",
      "cnn inputs 3 steps 20 layers 3 kernel 3 dropout nan", "linear inputs 3 inputs 3",
    ] { #expect(throws: NetworkError.self) { try SeriesArchitecture(text) } }
  }
}
