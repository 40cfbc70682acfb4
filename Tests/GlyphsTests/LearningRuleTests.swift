import Streams
import Tensor
import TestFolders
import Testing

@testable import Glyphs
@testable import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rules of learning and reading glyphs by formulas and at their boundaries.
@Suite struct LearningRuleTests {
  @Test("of equals the first is the largest: of classes, of readings, of logits")
  func ties() throws {
    #expect(ConfusionTable.best([0.1, 0.4, 0.4, 0.1][...]) == 1)
    #expect(GlyphReader.top(3, of: [0.2, 0.4, 0.4, 0.2][...]) == [1, 2, 0])
    for label in 0..<3 {
      let found = Self.crossEntropy([0, 1, 1], label: label, smoothing: 0)
      #expect(found.errors == (label == 1 ? 0 : 1))
    }
  }

  private static func crossEntropy(
    _ logits: [Float], label: Int, smoothing: Float
  ) -> (loss: Double, errors: Int, gradient: [Float]) {
    var gradient = [Float](repeating: 0, count: logits.count)
    let (loss, errors) = CrossEntropy(smoothing: smoothing).evaluate(
      logits, labels: [label], classes: logits.count, gradient: &gradient)
    return (loss, errors, gradient)
  }

  @Test(
    "the loss and its slopes are those of the formula, smoothed or not",
    arguments: [0, 0.03, 0.25] as [Float])
  func loss(_ smoothing: Float) {
    let logits: [Float] = [1, -2, 0.5, 3]
    let total = logits.reduce(0) { $0 + exp(Double($1)) }
    for label in logits.indices {
      let found = Self.crossEntropy(logits, label: label, smoothing: smoothing)
      var loss = 0.0
      for (place, logit) in logits.enumerated() {
        // What the network should say of the class.
        let wanted =
          Double(smoothing) / 4 + (place == label ? 1 - Double(smoothing) : 0)
        loss -= wanted * (Double(logit) - log(total))
        #expect(abs(Double(found.gradient[place]) - (exp(Double(logit)) / total - wanted)) < 1e-6)
      }
      #expect(abs(found.loss - loss) < 1e-6)
    }
  }

  @Test("weights begin as He has it, those of the last layer with half the variance")
  func initialisation() throws {
    let network = try Network(Architecture("fc 400, relu, fc 300"))
    network.initialise(.he, seed: 1)
    for (number, variance) in [(0, 2.0 / 784), (2, 1.0 / 400)] {
      let parameter = network.parameters[number]
      let values = (0..<parameter.count).map { Double(network.values.start[parameter.offset + $0]) }
      let found = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      #expect(abs(found / variance - 1) < 0.02, "\(parameter.name)")
    }
  }

  @Test("an error in percent is rounded")
  func errorRate() {
    var table = ConfusionTable(["a", "b"])
    table.add(truth: 0, reading: 0)
    for _ in 0..<2 { table.add(truth: 1, reading: 0) }
    #expect(table.summary == "error 66.67 % (2 of 3)\n")
    table.add(truth: 0, reading: 0)
    #expect(table.summary == "error 50.00 % (2 of 4)\n")
    #expect(ConfusionTable(["a"]).summary == "error 0.00 % (0 of 0)\n")
  }

  /// Data of that many pictures, with labels one after the other from one on.
  private static func data(_ count: Int, from label: Int, in folder: String) throws -> TrainingData
  {
    let pixels = (0..<count * 784).map { UInt8(truncatingIfNeeded: $0 * 31 / 7) }
    for (name, shape, bytes) in [
      ("images", [count, 28, 28], pixels),
      ("labels", [count], (0..<count).map { UInt8(label + $0) }),
    ] {
      let output = try ByteWriter("\(folder)/\(name)")
      output.write(NpyArray(type: .plain(.uint8), shape: shape, bytes: bytes))
      try output.finish()
    }
    var data = TrainingData()
    try data.add(imagesAt: "\(folder)/images", labelsAt: "\(folder)/labels")
    return data
  }

  @Test("a label is the number of a class: the last is taken, the next refused")
  func labels() throws {
    try withFolder { folder in
      let last = Characters.all.count - 1
      _ = try Self.data(2, from: last - 1, in: folder)
      #expect(throws: Failure.self) { try Self.data(2, from: last, in: folder) }
    }
  }

  @Test("metrics are of the steps since the last, and the last step of an epoch has some")
  func metrics() throws {
    try withFolder { folder in
      var data = try Self.data(10, from: 0, in: folder)
      try data.split(validation: 0, heldOut: nil, workers: Workers(1))
      func metrics(interval: Int) throws -> [(step: Int, loss: Double, error: Double)] {
        var recipe = Recipe(.lenet5)
        (recipe.architecture, recipe.batch, recipe.epochs) = ("pool 2", 2, 1)
        let run = try TrainingRun(recipe, data, epochLength: nil, workers: Workers(1))
        var found: [(Int, Double, Double)] = []
        try run.runEpoch(interval: interval, validateEvery: nil) { _, metrics in
          if let metrics { found.append((metrics.step, metrics.loss, metrics.minibatchError)) }
        }
        return found
      }
      let each = try metrics(interval: 1)
      let pairs = try metrics(interval: 2)
      #expect(each.map(\.step) == [1, 2, 3, 4, 5])
      #expect(pairs.map(\.step) == [2, 4, 5])
      for (pair, steps) in zip(pairs, [0..<2, 2..<4, 4..<5]) {
        let (losses, errors) = (each[steps].map(\.loss), each[steps].map(\.error))
        #expect(abs(pair.loss - losses.reduce(0, +) / Double(steps.count)) < 1e-9)
        #expect(abs(pair.error - errors.reduce(0, +) / Double(steps.count)) < 1e-9)
      }
    }
  }

  @Test("of pictures the share that is to stay untouched does, and digits have their weight")
  func pictures() throws {
    try withFolder { folder in
      var data = try Self.data(10, from: 0, in: folder)
      try data.split(validation: 0, heldOut: nil, workers: Workers(1))
      func drawn(_ augmentation: Augmentation?) -> [Float] {
        var random = RandomNumbers(5)
        var target = [Float](repeating: 0, count: 784)
        _ = data.draw(data.training[3], augmentation, Normalisation(), &random, &target)
        return target
      }
      var augmentation = Augmentation()
      augmentation.untouched = 1
      #expect(drawn(augmentation) == drawn(nil))
      augmentation.untouched = 0
      #expect(drawn(augmentation) != drawn(nil))
    }
    // As many pictures of a digit as of a sign: twice as often.
    let samples = (0..<40).map {
      TrainingData.Sample(source: .image($0), label: $0 % 2 == 0 ? 4 : 11, kind: .image)
    }
    let plan = EpochPlan(samples, length: 300, balanced: true, digitWeight: 2, seed: 1)
    #expect(plan.order(epoch: 0).count { $0 % 2 == 0 } == 200)
  }
}
