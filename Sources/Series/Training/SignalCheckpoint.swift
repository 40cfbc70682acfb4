import NeuralNet
import Streams
import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// All that a training needs to go on as if it had never stopped, as a safetensors file.
extension SignalTraining {
  /// Writes where the training stands, with its curves if they are drawn; only between evaluations.
  public func checkpoint(to path: String, _ curves: TrainingCurves? = nil) throws {
    var writer = SafetensorsWriter()
    writer.add("fingerprint", fingerprint)
    writer.add("finished", String(finished.count))
    writer.add("results", results.joined(separator: "; "))
    if let curves { writer.add("curves", curves.text) }
    for (number, values) in finished.enumerated() {
      writer.add(current.network.parameters, of: values, prefix: "\(number).")
    }
    if !isDone { current.write(to: &writer) }
    try writer.bytes().withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }

  /// Goes on from a checkpoint of this very training, if it is there, and with the curves that it has.
  public func resume(from path: String, _ curves: TrainingCurves? = nil) throws {
    guard access(path, F_OK) == 0 else { return }
    try Safetensors.load(path) { file, _ in
      guard let found = file.metadata["fingerprint"],
        let count = file.metadata["finished"].flatMap({ Int($0) })
      else { throw NetworkError.model("not a checkpoint of cnn1d-train") }
      guard found == fingerprint else {
        throw NetworkError.model(Self.difference(found, fingerprint))
      }
      guard (0...recipe.seeds).contains(count) else {
        throw NetworkError.model("checkpoint has \(count) networks of \(recipe.seeds)")
      }
      for number in 0..<count {
        let values = FloatBuffer(current.network.values.count)
        try current.network.read(file, prefix: "\(number).", into: values)
        finished.append(values)
      }
      results = (file.metadata["results"] ?? "").split(separator: "; ").map(String.init)
      guard results.count == count else {
        throw NetworkError.model(
          "checkpoint has the results of \(results.count) networks, and \(count) networks")
      }
      if !isDone {
        try begin()
        try current.read(file)
      }
      try curves?.resume(file.metadata["curves"], at: totalStep)
    }
  }

  /// Says in which of their parts two fingerprints differ.
  private static func difference(_ found: String, _ expected: String) -> String {
    let (one, other) = (found.split(separator: ", "), expected.split(separator: ", "))
    let pairs = one.count == other.count ? zip(one, other).filter { $0 != $1 } : []
    return "checkpoint is of another training: "
      + (pairs.isEmpty ? [(found[...], expected[...])] : pairs)
      .map { "'\($0)', expected '\($1)'" }.joined(separator: "; ")
  }
}

extension SeedTraining {
  private var buffers: [(prefix: String, buffer: FloatBuffer)] {
    let moments = trainer.optimiser
    return [("values.", network.values), ("best.", best), ("first.", moments.first)]
      + (moments.second.map { [("second.", $0)] } ?? [])
  }

  func write(to writer: inout SafetensorsWriter) {
    let plateau = standing.plateau
    for (key, number) in [
      ("step", standing.step), ("best_step", standing.bestStep), ("waited", standing.waited),
      ("epoch", order.epoch), ("shown", order.shown), ("plateau_waited", plateau.waited),
    ] { writer.add(key, String(number)) }
    writer.add("best", "\(standing.best)")
    writer.add("plateau_best", "\(plateau.best)")
    writer.add("rate", "\(plateau.rate)")
    for (prefix, buffer) in buffers { writer.add(network.parameters, of: buffer, prefix: prefix) }
  }

  func read(_ file: Safetensors) throws {
    func number<Number: LosslessStringConvertible>(_ key: String) throws -> Number {
      guard let number = file.metadata[key].flatMap({ Number($0) }) else {
        throw NetworkError.model("not a checkpoint of cnn1d-train: it lacks '\(key)'")
      }
      return number
    }
    func count(_ key: String, _ range: Range<Int>) throws -> Int {
      let count: Int = try number(key)
      guard range.contains(count) else {
        throw NetworkError.model(
          "checkpoint's '\(key)' must be in \(range.lowerBound)...\(range.upperBound - 1): \(count)"
        )
      }
      return count
    }
    func figure(_ key: String) throws -> Double {
      let figure: Double = try number(key)
      guard figure > -.infinity else {
        throw NetworkError.model("checkpoint's '\(key)' must be a number: \(figure)")
      }
      return figure
    }
    // What is kept is of a training that goes on.
    standing.step = try count("step", 0..<maxSteps)
    standing.bestStep = try count("best_step", 0..<standing.step + 1)
    standing.waited = try count("waited", 0..<recipe.earlyStop)
    standing.best = try figure("best")
    let rate: Float = try number("rate")
    guard (0...recipe.learningRate).contains(rate) else {
      throw NetworkError.model(
        "checkpoint's 'rate' must be in 0...\(recipe.learningRate): \(rate)")
    }
    standing.plateau = Plateau(
      rate: rate, best: try figure("plateau_best"),
      waited: try count("plateau_waited", 0..<Plateau.patience + 1))
    order.move(
      epoch: try count("epoch", 0..<standing.step + 1),
      shown: try count("shown", 0..<order.unitCount + 1))
    trainer.optimiser.steps = standing.step
    for (prefix, buffer) in buffers { try network.read(file, prefix: prefix, into: buffer) }
  }
}
