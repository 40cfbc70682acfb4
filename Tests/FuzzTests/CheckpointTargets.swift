import NeuralNet
import Streams
import Tensor

@testable import Days
@testable import Glyphs
@testable import Series

let checkpointTargets = [
  FuzzTarget(
    "lenet-checkpoint",
    words: tensorWords + [
      "\"epoch\":\"1\"", "\"steps\":\"1\"", "\"fingerprint\":\"fuzz\"", "9223372036854775807",
    ],
    seeds: {
      let trainer = try glyphTrainer()
      try step(trainer)
      return [
        try saved { try Checkpoint.write(trainer, epoch: 1, fingerprint: "fuzz", to: $0) }
      ]
    }
  ) { bytes in
    let trainer = try glyphTrainer()
    let checkpoint = try resealed(bytes).withUnsafeBytes { try read($0, into: trainer) }
    let once = try saved {
      try Checkpoint.write(trainer, epoch: checkpoint.epoch, fingerprint: "fuzz", to: $0)
    }
    let other = try glyphTrainer()
    let again = try mustSucceed("what was written") {
      try once.withUnsafeBytes { try read($0, into: other) }
    }
    try hold(again.epoch == checkpoint.epoch, "it is of another epoch")
    let twice = try saved {
      try Checkpoint.write(other, epoch: again.epoch, fingerprint: "fuzz", to: $0)
    }
    try hold(once == twice, "written again, it is another checkpoint")
    try step(trainer)
  },
  FuzzTarget(
    "cnn1d-checkpoint",
    words: tensorWords + [
      "\"finished\":\"1\"", "\"step\":\"2\"", "\"best_step\":\"", "\"waited\":\"", "\"epoch\":\"",
      "\"shown\":\"", "\"plateau_waited\":\"", "\"rate\":\"", "9223372036854775807", "nan", "inf",
    ],
    seeds: {
      let (one, two) = (try signalTraining(), try signalTraining())
      _ = try one.run {}
      for _ in 0..<4 { _ = try two.run {} }
      return [try saved { try one.checkpoint(to: $0) }, try saved { try two.checkpoint(to: $0) }]
    }
  ) { bytes in
    let training = try signalTraining()
    try resealed(bytes).withUnsafeBytes { try withFile($0) { try training.resume(from: $0) } }
    let once = try saved { try training.checkpoint(to: $0) }
    let other = try signalTraining()
    try mustSucceed("what was written") {
      try once.withUnsafeBytes { try withFile($0) { try other.resume(from: $0) } }
    }
    try hold(
      try saved { try other.checkpoint(to: $0) } == once, "written again, it is another checkpoint")
    if !training.isDone { _ = try training.run {} }
  },
]

private func glyphTrainer() throws -> Trainer {
  let network = try Network(Architecture("input 4x4, fc 3, relu, fc 2"))
  network.initialise(seed: 1)
  return Trainer(
    network, Optimiser(.adam(decoupled: true), network) { _ in 0.01 }, batch: 2,
    loss: CrossEntropy(), averaging: 0.5, seed: 1, workers: Workers(1))
}

private func read(_ bytes: UnsafeRawBufferPointer, into trainer: Trainer) throws -> Checkpoint {
  try withFile(bytes) {
    try Checkpoint(path: $0, into: trainer, fingerprint: "fuzz", epochs: 9, stepsPerEpoch: 1)
  }
}

private func step(_ trainer: Trainer) throws {
  _ = try trainer.step(learningRate: 0.1) { position, pixels in
    for place in 0..<16 { pixels[place] = Float(position) }
    return position % 2
  }
}

/// A training of two networks on a few rows.
private func signalTraining() throws -> SignalTraining {
  var recipe = SignalRecipe(.mlp)
  (recipe.layers, recipe.batch, recipe.dropout) = ([2], 4, 0)
  (recipe.evaluateEvery, recipe.maxSteps, recipe.seeds) = (2, 4, 2)
  return try SignalTraining(recipe, try signalData(), workers: Workers(1))
}

private func signalData() throws -> SignalData {
  let spans = [
    try DaySpan(from: nil, to: Day(number: 3002)), try DaySpan(from: Day(number: 3003), to: nil),
  ]
  let table = SampleTable(
    try TableFields(nil, default: .features), label: "LABEL0", steps: 1, spans: spans)
  for day in 0..<5 {
    var rows = NpyTable([
      NpyField("instrument", .bytes(16)), NpyField("date", .day), NpyField("A", .float32),
      NpyField("LABEL0", .float32),
    ])
    for number in 0..<4 {
      try rows.append("I\(number)")
      rows.append(day: Int64(3000 + day))
      rows.append([Float((day * 7 + number * 3) % 5)])
      rows.append([Float((day * 5 + number) % 4)])
    }
    try table.add(rows.array)
  }
  return try SignalData(table, train: spans[0], valid: spans[1])
}
