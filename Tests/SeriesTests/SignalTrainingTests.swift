import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Days
@testable import Series

/// Trainings from the first evaluation to the last: what is chosen, when they end, and how they go on.
@Suite struct SignalTrainingTests {
  /// Days of 12 rows whose label is the first of two fields; from day `turn` on it is against it.
  private static func data(days: Int, train: String, valid: String, turn: Int) throws -> SignalData
  {
    let (train, valid) = (DaySpan(argument: train), DaySpan(argument: valid))
    let spans = [try #require(train), try #require(valid)]
    let table = SampleTable(
      try TableFields(nil, default: .features), label: "LABEL0", steps: 1, spans: spans)
    var random = RandomNumbers(3)
    for day in 0..<days {
      var rows = NpyTable(
        [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
          + ["A", "B", "LABEL0"].map { NpyField($0, .float32) })
      for instrument in 0..<12 {
        try rows.append("I\(10 + instrument)")
        rows.append(day: Int64(16_000 + day))
        let (one, other) = (random.spread(1), random.spread(1))
        for value in [one, other, day < turn ? one : -one] { rows.append([value]) }
      }
      try table.add(rows.array)
    }
    return try SignalData(table, train: spans[0], valid: spans[1])
  }

  /// 16,000 days from 1970 is 2013-10-22: five days to learn from, three to judge by.
  private static func data(turn: Int) throws -> SignalData {
    try data(days: 8, train: ":2013-10-26", valid: "2013-10-27:", turn: turn)
  }

  private static func recipe() -> SignalRecipe {
    var recipe = SignalRecipe(.mlp)
    (recipe.layers, recipe.batch, recipe.dropout) = ([4], 16, 0.25)
    (recipe.evaluateEvery, recipe.learningRate) = (2, 0.0625)
    return recipe
  }

  /// Evaluations until a training ends, at most 60.
  private static func run(_ training: SignalTraining, atMost most: Int = 60) throws
    -> [SeedTraining.Metrics]
  {
    var metrics: [SeedTraining.Metrics] = []
    while !training.isDone, metrics.count < most { metrics.append(try training.run {}) }
    return metrics
  }

  @Test("the figure of a choice is less where the scores are better, and NaN is the worst")
  func figures() {
    let infinity = Float.infinity
    let labels: [[Float]] = [[1, 2, 3, 10], [4, -1, infinity, 0]]
    func evaluation(_ days: [[Float]], _ loss: SeriesLoss = .mse) -> Evaluation {
      Evaluation(days, labels: labels, loss: loss)
    }
    // Ranks as those of the labels, but for two of the second day's three.
    let good = evaluation([[1, 2, 3, 4], [3, 1, 9, 2]])
    let bad = evaluation([[4, 3, 2, 1], [1, 3, 9, 2]])
    #expect(good.rankIC == 1 && bad.rankIC == -1)
    // Days about their means: -3, -2, -1, 6 with ±(-1.5, -0.5, 0.5, 1.5), and 3, -2, -1 with ±(1, -1, 0).
    let ic = (14 / (50.0 * 5).squareRoot() + 5 / (14.0 * 2).squareRoot()) / 2
    #expect(abs(good.ic - ic) < 1e-6 && abs(bad.ic + ic) < 1e-6)
    #expect(good.figure(.rankIC) == -1 && bad.figure(.rankIC) == 1)
    #expect(good.figure(.ic) == -good.ic && bad.figure(.ic) == -bad.ic)
    #expect(good.figure(.ic) < bad.figure(.ic))
    #expect(evaluation([[1, 2, 3, 4], [3, 1, 9, 2]], .ic).figure(.loss) == -good.ic)
    // A score that is none leaves its row out of the correlations; an infinite loss is the worst.
    for none in [Float.nan, infinity, -infinity] {
      let gap = evaluation([[1, none, 3, 10], [4, -1, none, 0]])
      #expect(abs(gap.ic - 1) < 1e-6 && gap.rankIC == 1)
      #expect(gap.figure(.loss) == .infinity)
    }
    // Equal scores have no correlation; another day's counts alone.
    let half = evaluation([[1, 2, 3, 4], [5, 5, 5, 5]])
    #expect(half.rankIC == 1)
    let none = evaluation([[2, 2, 2, 2], [5, 5, 5, 5]])
    #expect(none.ic.isNaN && none.figure(.ic) == .infinity && none.figure(.rankIC) == .infinity)
    let exact = Evaluation([[1, 2], [4]], labels: [[2, 4], [4.5]], loss: .mse)
    #expect(exact.loss == 5.25 / 3 && exact.figure(.loss) == exact.loss)
  }

  @Test(
    "the best by each choice is kept: the figure least of all, and the weights of that step",
    arguments: SignalRecipe.Choice.allCases, [5, 8])
  func best(_ choice: SignalRecipe.Choice, _ turn: Int) throws {
    var recipe = Self.recipe()
    (recipe.choice, recipe.maxSteps) = (choice, 24)
    let data = try Self.data(turn: turn)
    let training = try SignalTraining(recipe, data, workers: Workers(1))
    var (figures, steps, weights): ([Double], [Int], [[Float]]) = ([], [], [])
    while !training.isDone {
      let network = training.current.network
      let metrics = try training.run {}
      let valid = metrics.valid
      figures.append(
        choice == .loss ? valid.loss : choice == .ic ? -valid.ic : -valid.rankIC)
      #expect(metrics.isBest == (figures.dropLast().allSatisfy { $0 > figures[figures.count - 1] }))
      steps.append(metrics.step)
      weights.append(Array(network.values.values))
    }
    #expect(steps == Array(stride(from: 2, through: 24, by: 2)))
    let least = try #require(figures.min())
    let place = try #require(figures.firstIndex(of: least))
    #expect(figures.max() != least)
    #expect(Array(training.finished[0].values) == weights[place])
    #expect(training.results == ["seed 1: step \(steps[place]), \(choice.rawValue) \(least)"])
  }

  @Test("training ends with the last evaluation it waits for, and not before", arguments: 1...4)
  func earlyStop(_ wait: Int) throws {
    var recipe = Self.recipe()
    // Nothing moves, so the first is the best and no other is better.
    (recipe.learningRate, recipe.earlyStop) = (0, wait)
    let training = try SignalTraining(recipe, try Self.data(turn: 5), workers: Workers(1))
    let metrics = try Self.run(training)
    #expect(metrics.map(\.isBest) == [true] + [Bool](repeating: false, count: wait))
    #expect(metrics.last?.step == 2 * (wait + 1))
  }

  @Test("the last evaluation is at the last step, whole interval or not")
  func lastStep() throws {
    for (steps, expected) in [(5, [2, 4, 5]), (6, [2, 4, 6]), (7, [2, 4, 6, 7]), (1, [1])] {
      var recipe = Self.recipe()
      recipe.maxSteps = steps
      let training = try SignalTraining(recipe, try Self.data(turn: 8), workers: Workers(1))
      #expect(try Self.run(training).map(\.step) == expected)
    }
  }

  @Test("resumed anywhere while the rates fall twice, as if it had never stopped")
  func resumed() throws {
    var recipe = Self.recipe()
    // What is learned is wrong on the days that judge, so that nearly every evaluation is waited out.
    (recipe.earlyStop, recipe.seeds, recipe.maxSteps) = (26, 2, 60)
    let data = try Self.data(turn: 5)
    let whole = try SignalTraining(recipe, data, workers: Workers(1))
    let metrics = try Self.run(whole)
    let model = try whole.model(nil)
    let rates = metrics.filter { $0.seed == 1 }.map(\.learningRate)
    #expect(Set(rates) == [0.0625, 0.03125, 0.015625])
    #expect(metrics.map(\.seed).contains(2))
    try withFolder { folder in
      let path = "\(folder)/checkpoint"
      for stop in Array(stride(from: 2, to: metrics.count, by: 5)) + [metrics.count] {
        let first = try SignalTraining(recipe, data, workers: Workers(1))
        let before = try Self.run(first, atMost: stop)
        try first.checkpoint(to: path)
        let second = try SignalTraining(recipe, data, workers: Workers(1))
        try second.resume(from: path)
        if !first.isDone {
          #expect(second.totalStep == first.totalStep)
          #expect(second.current.standing.plateau == first.current.standing.plateau)
        }
        let after = try Self.run(second)
        // Texts, in which NaN equals itself.
        #expect(
          (before + after).map { "\($0)" } == metrics.map { "\($0)" }, "stopped after \(stop)")
        #expect(try second.model(nil) == model, "stopped after \(stop)")
      }
    }
  }

  @Test("a checkpoint with a bit turned, or with numbers that cannot be, is refused")
  func damage() throws {
    var recipe = Self.recipe()
    (recipe.seeds, recipe.maxSteps) = (2, 8)
    let data = try Self.data(turn: 5)
    let training = try SignalTraining(recipe, data, workers: Workers(1))
    _ = try Self.run(training, atMost: 6)
    func resumed(_ path: String) throws -> SignalTraining {
      let training = try SignalTraining(recipe, data, workers: Workers(1))
      try training.resume(from: path)
      return training
    }
    try withFolder { folder in
      let path = "\(folder)/checkpoint"
      try training.checkpoint(to: path)
      let file = try #require(contents(path))
      try expectFlipsRefused(file) { _ = try resumed($0) }
      var refused = 0
      for key in [
        "finished", "step", "best_step", "waited", "epoch", "shown", "plateau_waited", "best",
        "plateau_best", "rate",
      ] {
        for number in extremes {
          put(try changing(file, text: key, to: number), path)
          do {
            // What is possible goes on to a model, if to another one.
            #expect(try !Self.model(resumed(path)).isEmpty, "\(key) \(number)")
          } catch let failure as Failure {
            #expect(failure.status == .badData, "\(key) \(number): \(failure)")
            refused += 1
          }
        }
      }
      #expect(refused >= 80)
    }
  }

  private static func model(_ training: SignalTraining) throws -> [UInt8] {
    _ = try run(training)
    return try training.model(nil)
  }

  @Test("no bit of a model, nor of the state of its scoring, can be turned without notice")
  func scoring() throws {
    var recipe = Self.recipe()
    recipe.maxSteps = 2
    let training = try SignalTraining(recipe, try Self.data(turn: 5), workers: Workers(1))
    let bytes = try Self.model(training)
    try expectFlipsRefused(bytes) { _ = try SignalModel(path: $0) }
    try withFolder { folder in
      let path = "\(folder)/model"
      for number in extremes + ["2", "1001"] {
        put(try changing(bytes, text: "networks", to: number), path)
        #expect(throws: Failure.self, "networks \(number)") { try SignalModel(path: path) }
      }
      put(bytes, path)
      let model = try SignalModel(path: path)
      let scores = DayScores(model, isRaw: false, workers: Workers(1))
      var rows = NpyTable(
        [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
          + ["A", "B"].map { NpyField($0, .float32) })
      for instrument in 0..<5 {
        try rows.append("I\(instrument)")
        rows.append(day: 16_000)
        for value in 0..<2 { rows.append([Float(instrument + value)]) }
      }
      _ = try scores.push(rows.array)
      try scores.save(to: "\(folder)/state")
      let state = try #require(contents("\(folder)/state"))
      try expectFlipsRefused(state) {
        try DayScores(model, isRaw: false, workers: Workers(1)).resume(from: $0)
      }
    }
  }
}
