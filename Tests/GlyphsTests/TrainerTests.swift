import Mechanics
import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct TrainerTests {
  static func trained(
    threads: Int, steps: Range<Int>, methods: Methods = Methods(), from path: String? = nil,
    to target: String? = nil
  ) throws -> [Float] {
    let network = try Network(
      Architecture(
        "input 12x12, conv 3x3x6 same, relu, conv 3x3x20, relu, pool 2, dropout2d 0.2, fc 300, relu, "
          + "dropout 0.5, fc 4"))
    network.initialise(seed: 9)
    let optimiser = Optimiser(.adam(decoupled: true), network) { $0.shape.count > 1 ? 0.01 : 0 }
    let trainer = Trainer(
      network, optimiser, batch: 27, loss: CrossEntropy(smoothing: 0.1), averaging: 0.9, seed: 4,
      methods: methods, workers: Workers(threads))
    if let path {
      _ = try Checkpoint(
        path: path, into: trainer, fingerprint: "test", epochs: 2, stepsPerEpoch: 3)
    }
    for step in steps {
      _ = try trainer.step(learningRate: 1e-2) { position, pixels in
        var random = RandomNumbers(1, UInt64(step), UInt64(position))
        let label = random.index(below: 4)
        for i in 0..<144 { pixels[i] = random.spread(0.5) + (i / 36 == label ? 0.5 : 0) }
        return label
      }
    }
    if let target { try Checkpoint.write(trainer, epoch: 1, fingerprint: "test", to: target) }
    return Array(network.values.values) + Array(try #require(trainer.average).values)
  }

  @Test(arguments: ConvolutionMethod.allCases, LinearMethod.allCases)
  func anyNumberOfThreadsGivesTheSameBytes(
    _ convolution: ConvolutionMethod, _ linear: LinearMethod
  ) throws {
    let methods = Methods(convolution: convolution, linear: linear)
    let one = try Self.trained(threads: 1, steps: 0..<3, methods: methods)
    #expect(one == (try Self.trained(threads: 3, steps: 0..<3, methods: methods)))
    #expect(one == (try Self.trained(threads: 2, steps: 0..<3, methods: methods)))
  }

  @Test("the average of the weights, recomputed step by step", arguments: [0.25, 0.9] as [Float])
  func average(_ averaging: Float) throws {
    // More parameters than are moved at once.
    let network = try Network(Architecture("input 12x12, fc 200, relu, fc 4"))
    network.initialise(seed: 9)
    let trainer = Trainer(
      network, Optimiser(.momentum(0.9, nesterov: false), network) { _ in 0 }, batch: 8,
      loss: CrossEntropy(), averaging: averaging, seed: 4, workers: Workers(2))
    let average = try #require(trainer.average)
    var expected = network.values.values.map { Double($0) }
    let start = expected
    for step in 1...6 {
      _ = try trainer.step(learningRate: 0.5) { position, pixels in
        for i in 0..<144 { pixels[i] = (i + position) % 4 == 0 ? 0.5 : -0.5 }
        return position % 4
      }
      // Of a young average 2/11, 3/12, 4/13 ... are kept, and no more than is asked for.
      let kept = min(Double(averaging), Double(1 + step) / Double(10 + step))
      for (i, value) in network.values.values.enumerated() {
        expected[i] = kept * expected[i] + (1 - kept) * Double(value)
      }
      let furthest = zip(average.values, expected).map { abs(Double($0) - $1) }.max()
      #expect(try #require(furthest) < 1e-6, "step \(step)")
    }
    let moved = zip(expected, start).map { abs($0 - $1) }.max()
    #expect(try #require(moved) > 0.1)
  }

  @Test func resumedIsAsUninterrupted() throws {
    let path = "/tmp/convoy-test-\(SplitMix64.mix(UInt64(getpid()))).ckpt"
    defer { unlink(path) }
    _ = try Self.trained(threads: 2, steps: 0..<3, to: path)
    let resumed = try Self.trained(threads: 1, steps: 3..<6, from: path)
    #expect(resumed == (try Self.trained(threads: 1, steps: 0..<6)))
  }

  @Test("a checkpoint with a bit turned, or with numbers that cannot be, is refused")
  func damage() throws {
    func resume(_ path: String) throws {
      let network = try Network(Architecture("input 6x6, fc 4"))
      let trainer = Trainer(
        network, Optimiser(.adam(decoupled: true), network) { _ in 0 }, batch: 2,
        loss: CrossEntropy(), seed: 4, workers: Workers(1))
      _ = try Checkpoint(
        path: path, into: trainer, fingerprint: "test", epochs: 3, stepsPerEpoch: 5)
    }
    let network = try Network(Architecture("input 6x6, fc 4"))
    let trainer = Trainer(
      network, Optimiser(.adam(decoupled: true), network) { _ in 0 }, batch: 2,
      loss: CrossEntropy(), seed: 4, workers: Workers(1))
    trainer.optimiser.steps = 10
    try withFolder { folder in
      let path = "\(folder)/checkpoint"
      try Checkpoint.write(trainer, epoch: 2, fingerprint: "test", to: path)
      try resume(path)
      let file = try #require(contents(path))
      try expectFlipsRefused(file) { try resume($0) }
      for key in ["epoch", "steps"] {
        for number in extremes + ["4", "11"] {
          put(try changing(file, text: key, to: number), path)
          let error = #expect(throws: Failure.self, "\(key) \(number)") { try resume(path) }
          #expect(error?.status == .badData)
        }
      }
    }
  }

  @Test func learns() throws {
    let network = try Network(Architecture("input 6x6, conv 3x3x8 same, relu, pool 2, fc 4"))
    network.initialise(seed: 2)
    let trainer = Trainer(
      network, Optimiser(.momentum(0.9, nesterov: true), network) { _ in 0 }, batch: 32,
      loss: CrossEntropy(), seed: 4, workers: Workers(1))
    var errors = 0
    for step in 0..<150 {
      errors = try trainer.step(learningRate: 0.05) { position, pixels in
        var random = RandomNumbers(3, UInt64(step), UInt64(position))
        let label = random.index(below: 4)
        for i in 0..<36 { pixels[i] = random.spread(0.2) + (i / 9 == label ? 0.5 : 0) }
        return label
      }.errors
    }
    #expect(errors <= 1)
  }

  @Test func schedules() {
    let falling = Schedule.exponential(rate: 0.01, decay: 0.95)
    #expect(falling.rate(step: 99, stepsPerEpoch: 100, epochs: 10) == 0.01)
    #expect(abs(falling.rate(step: 200, stepsPerEpoch: 100, epochs: 10) - 0.009025) < 1e-8)
    let wave = Schedule.cosine(rate: 1, warmup: 10)
    #expect(wave.rate(step: 0, stepsPerEpoch: 10, epochs: 11) == 0.1)
    #expect(wave.rate(step: 10, stepsPerEpoch: 10, epochs: 11) == 1)
    #expect(abs(wave.rate(step: 60, stepsPerEpoch: 10, epochs: 11) - 0.5) < 1e-6)
    #expect(wave.rate(step: 109, stepsPerEpoch: 10, epochs: 11) < 1e-3)
  }

  @Test(arguments: [
    "", "fc", "fc 10, relu", "conv 3x3, fc 2", "conv 2x2x4 same, fc 2", "fc 4, conv 3x3x1, fc 2",
    "pool 3, fc 2", "dropout 1, fc 2", "input 2x2, pool 2, pool 2, fc 2",
    "input 3x3, conv 4x4x1, fc 2", "fc 0", "fc -1", "fc 2x2", "dropout2d 1, fc 2",
    "dropout2d, fc 2",
    "input 28x28 mean 0.5, fc 2", "input 28x28 mean 0.5 std 0, fc 2", "fc 3, input 28x28, fc 2",
    "input 28x28 mean nan std 1, fc 2", "input 28x28 std 1 mean 0, fc 2",
  ])
  func refuses(_ text: String) {
    #expect(throws: ArchitectureError.self) { try Network(Architecture(text)) }
  }

  @Test func refusesMoreParametersThanAnyoneWants() {
    #expect(throws: NetworkError.tooLarge(1 << 32)) {
      try Network(Architecture("fc 65536, fc 65536"))
    }
  }

  @Test(arguments: [
    "input 20x24, conv 5x5x32 same, relu, pool 2, conv 3x3x8, fc 256, relu, dropout 0.5, fc 20",
    "input 28x28 mean 0.1307 std 0.3081, conv 3x3x32, dropout2d 0.25, relu, fc 10",
    "conv 3x3x32, relu, fc 10",
  ])
  func architectureReadsItsOwnText(_ text: String) throws {
    #expect(try Architecture(text).description == text)
  }

  @Test func pixelsAreNormalised() throws {
    let bytes: [UInt8] = [0, 51, 255]
    func normalised(_ text: String) throws -> [Float] {
      var values = [Float](repeating: 7, count: 3)
      try Architecture(text).normalisation.apply(bytes, &values, count: 3)
      return values
    }
    #expect(try normalised("fc 2") == [-0.5, 51 * (1 / 255) - 0.5, 0.5])
    let found = try normalised("input 9x9 mean 0.2 std 0.4, fc 2")
    for (value, expected) in zip(found, [-0.5, 0, 2] as [Float]) {
      #expect(abs(value - expected) < 1e-6)
    }
  }
}
