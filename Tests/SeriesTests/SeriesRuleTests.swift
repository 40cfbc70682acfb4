import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Days
@testable import Series

/// Rules of networks over days at their boundaries, and by another account of them.
@Suite struct SeriesRuleTests {
  @Test("a kernel lies about its position, an even one with one tap more behind it")
  func kernels() throws {
    func seen(_ kernel: Int, by kind: SeriesArchitecture.Kind, layers: [Int] = [2]) throws
      -> [[Int]]
    {
      let plan = SeriesPlan(
        try SeriesArchitecture(
          kind, inputs: 3, steps: 20, layers: layers, kernel: kernel, dropout: 0), steps: 20)
      return plan.convolutions.map { $0.taps(10, steps: 20).map(\.position) }
    }
    #expect(try seen(1, by: .cnn) == [[10]])
    #expect(try seen(2, by: .cnn) == [[10, 11]])
    #expect(try seen(3, by: .cnn) == [[9, 10, 11]])
    #expect(try seen(4, by: .cnn) == [[9, 10, 11, 12]])
    // A causal one sees the past only; each level twice as far as the one below.
    let levels = try seen(2, by: .tcn, layers: [3, 3, 3, 3])
    #expect(
      levels == [[9, 10], [9, 10], [8, 10], [8, 10], [6, 10], [6, 10], [2, 10], [2, 10]])
  }

  @Test("a day of equal answers or equal targets has no correlation to learn from")
  func constants() {
    func loss(_ answers: [Float], _ targets: [Float], _ groups: [Int]) -> (Double, [Float]) {
      var slopes = [Float](repeating: 9, count: answers.count)
      return (SeriesLoss.ic.evaluate(answers, targets, groups: groups, slopes: &slopes), slopes)
    }
    // Thirds are rounded, so that they vary a little about their mean.
    let third = Float(1) / 3
    for (answers, targets) in [
      ([third, third, third], [1, 2, 3]), ([1, 2, 3], [third, third, third]),
      ([0, 0, 0], [0, 1, 0]),
    ] as [([Float], [Float])] {
      let (none, slopes) = loss(answers, targets, [3])
      #expect(none.isNaN && slopes == [0, 0, 0])
      // Beside a day that has one it does not count.
      let (one, both) = loss(answers + [1, 2, 4], targets + [1, 2, 4], [3, 3])
      #expect(abs(one + 1) < 1e-12 && both[..<3] == [0, 0, 0])
    }
  }

  @Test("batches of days are filled to their size, and not beyond")
  func batches() {
    let days: [[Int32]] = (0..<6).map { [2 * $0, 2 * $0 + 1] }
    for (size, counts) in [
      (4, [2, 2, 2]), (5, [2, 2, 2]), (6, [3, 3]), (1, [1, 1, 1, 1, 1, 1]),
    ] {
      var order = BatchOrder(days, size: size, isByDay: true, seed: 1)
      #expect(counts.map { _ in order.next().groups.count } == counts)
      #expect(order.epoch == 0)
    }
  }

  @Test("a network has sixteen layers at most, of sizes up to their limits")
  func sizes() throws {
    func architecture(
      layers: [Int] = [4], inputs: Int = 3, steps: Int = 9, kernel: Int = 3, dropout: Float = 0
    ) throws -> SeriesArchitecture {
      try SeriesArchitecture(
        .cnn, inputs: inputs, steps: steps, layers: layers, kernel: kernel, dropout: dropout)
    }
    #expect(try architecture(layers: Array(repeating: 4, count: 16)).layers.count == 16)
    #expect(try architecture(layers: [4096], kernel: 64).kernel == 64)
    #expect(try architecture(inputs: 65536, steps: 1024).steps == 1024)
    for make in [
      { try architecture(layers: Array(repeating: 4, count: 17)) },
      { try architecture(layers: []) },
      { try architecture(layers: [4097]) }, { try architecture(layers: [0]) },
      { try architecture(kernel: 65) }, { try architecture(steps: 1025) },
      { try architecture(inputs: 65537) }, { try architecture(dropout: 1) },
      { try architecture(dropout: -0.1) },
    ] {
      #expect(throws: NetworkError.self) { try make() }
    }
  }

  /// A day of instruments with two inputs and a label each.
  private static func array(_ day: Int, _ rows: [(Float, Float, label: Float)]) throws -> NpyArray {
    var table = NpyTable(
      [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
        + ["A", "B", "LABEL0"].map { NpyField($0, .float32) })
    for (place, row) in rows.enumerated() {
      try table.append("I\(10 + place)")
      table.append(day: Int64(16_000 + day))
      for value in [row.0, row.1, row.label] { table.append([value]) }
    }
    return table.array
  }

  private static func span(_ text: String) throws -> DaySpan {
    try #require(DaySpan(argument: text))
  }

  @Test("days after all spans are not kept, and what stands in them is not looked at")
  func days() throws {
    let table = SampleTable(
      try TableFields(nil, default: .features), label: "LABEL0", steps: 1,
      spans: [try Self.span(":2013-10-22"), try Self.span("2013-10-23:2013-10-24")])
    for day in 0..<5 {
      try table.add(try Self.array(day, [(day < 3 ? 1 : .nan, 2, label: 3)]))
    }
    #expect(table.days.map { "\($0)" } == ["2013-10-22", "2013-10-23", "2013-10-24"])
    #expect(table.labels == [3, 3, 3])
  }

  @Test("the loss of a batch that has one answer is that of all its rows")
  func batchwise() throws {
    let span = try Self.span(":")
    let table = SampleTable(
      try TableFields(nil, default: .features), label: "LABEL0", steps: 1, spans: [span])
    // Rows alike, so that their order does not matter.
    try table.add(try Self.array(0, [-3, 1, 2, 5, 0.5].map { (0.5, -1, label: $0) }))
    var recipe = SignalRecipe(.cnnBatchwise)
    (recipe.layers, recipe.batch, recipe.dropout, recipe.learningRate) = ([2], 5, 0, 1e-30)
    (recipe.evaluateEvery, recipe.maxSteps) = (1, 1)
    let data = try SignalData(table, train: span, valid: span)
    let metrics = try SignalTraining(recipe, data, workers: Workers(1)).run {}
    #expect(abs(metrics.trainLoss - metrics.valid.loss) < 1e-5 && metrics.valid.loss > 5)
  }

  @Test("a score is the mean of the networks; of raw rows what is missing is 0")
  func scores() throws {
    let architecture = try SeriesArchitecture(
      .mlp, inputs: 2, steps: 1, layers: [3], kernel: 1, dropout: 0)
    let networks = try (1...3).map { seed in
      let network = try SeriesNetwork(architecture)
      network.initialise(seed: UInt64(seed))
      return network
    }
    try withFolder { folder in
      func scores(_ networks: [SeriesNetwork], _ array: NpyArray, isRaw: Bool) throws -> [Float] {
        let bytes = try SignalModel.bytes(
          networks[0], values: networks.map(\.values), fields: ["A", "B"], normalisation: nil,
          texts: [])
        put(bytes, "\(folder)/model")
        let model = try SignalModel(path: "\(folder)/model")
        let scores = try DayScores(model, isRaw: isRaw, workers: Workers(1)).push(array)
        return try #require(scores).scores
      }
      let array = try Self.array(0, [(1, 2, label: 0), (-3, 0.5, label: 0)])
      let each = try networks.map { try scores([$0], array, isRaw: false) }
      let mean = try scores(networks, array, isRaw: false)
      for row in 0..<2 {
        let expected = each.reduce(0) { $0 + Double($1[row]) } / 3
        #expect(abs(Double(mean[row]) - expected) < 1e-6 * max(1, abs(expected)))
      }
      let gaps = try Self.array(0, [(.nan, 2, label: 0), (1, .nan, label: 0)])
      let zeros = try Self.array(0, [(0, 2, label: 0), (1, 0, label: 0)])
      #expect(try scores(networks, gaps, isRaw: true) == scores(networks, zeros, isRaw: true))
      #expect(throws: DayError.self) { try scores(networks, gaps, isRaw: false) }
    }
  }
}
