import NeuralNet
import Streams
import Tensor

/// All that a training needs to go on as if it had never stopped.
public struct Checkpoint {
  /// Epochs done.
  public let epoch: Int
  /// A line that says what is being trained, and on what: only the same may be resumed.
  public let fingerprint: String
  /// The curves up to here, where they were drawn.
  let curves: String?

  /// Writes the state of a trainer after `epoch` epochs; the file appears whole or not at all.
  public static func write(
    _ trainer: Trainer, epoch: Int, fingerprint: String, curves: String? = nil, to path: String
  ) throws {
    var writer = SafetensorsWriter()
    writer.add("architecture", trainer.network.architecture.description)
    writer.add("epoch", String(epoch))
    writer.add("steps", String(trainer.optimiser.steps))
    writer.add("fingerprint", fingerprint)
    if let curves { writer.add("curves", curves) }
    for (prefix, buffer) in buffers(trainer) {
      writer.add(trainer.network.parameters, of: buffer, prefix: prefix)
    }
    try writer.bytes().withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }

  /// Puts a trainer into the state of a file; throws where that is of another training.
  ///
  /// The training has so many epochs, each of so many steps.
  public init(
    path: String, into trainer: Trainer, fingerprint: String, epochs: Int, stepsPerEpoch: Int
  ) throws {
    (epoch, self.fingerprint, curves) = try Safetensors.load(path) { file, _ in
      guard let epoch = file.metadata["epoch"].flatMap(Int.init),
        let steps = file.metadata["steps"].flatMap(Int.init),
        let found = file.metadata["fingerprint"]
      else { throw NetworkError.model("not a checkpoint: it lacks epoch, steps or fingerprint") }
      guard found == fingerprint else {
        throw NetworkError.model(
          "checkpoint is of another training: '\(found)', expected '\(fingerprint)'")
      }
      guard (0...epochs).contains(epoch) else {
        throw NetworkError.model("checkpoint's epoch must be in 0...\(epochs): \(epoch)")
      }
      guard steps == epoch * stepsPerEpoch else {
        throw NetworkError.model(
          "checkpoint of epoch \(epoch) must have \(epoch * stepsPerEpoch) steps: \(steps)")
      }
      for (prefix, buffer) in Self.buffers(trainer) {
        for parameter in trainer.network.parameters {
          try trainer.network.read(
            parameter, named: prefix + parameter.name, of: file, into: buffer)
        }
      }
      trainer.optimiser.steps = steps
      return (epoch, found, file.metadata["curves"])
    }
  }

  private static func buffers(_ trainer: Trainer) -> [(String, FloatBuffer)] {
    var buffers = [("", trainer.network.values), ("first.", trainer.optimiser.first)]
    if let second = trainer.optimiser.second { buffers.append(("second.", second)) }
    if let average = trainer.average { buffers.append(("average.", average)) }
    return buffers
  }
}
