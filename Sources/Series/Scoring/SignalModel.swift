import Mechanics
import NeuralNet
import Processors
import Streams
import Tensor

/// Trained networks with what they read, as a safetensors file keeps them.
///
/// Texts: `architecture`, `fields` (separated by commas), `label`, `networks`, and what the training adds.
/// Tensors: `0.conv.0.weight` and so on, the number of the network first; where the model carries a
/// normalisation, `normalisation` of [fields, 2], median and scale of each.
public struct SignalModel {
  /// The networks, all of one architecture; their scores are averaged.
  public let networks: [SeriesNetwork]
  /// The fields that they read, in order.
  public let fields: [String]
  /// The normalisation of raw factors, where the model carries one.
  public let normalisation: RobustZScore?
  /// A number that tells one model from another.
  public let fingerprint: UInt64

  /// Reads a model; throws a `Failure` that names the file.
  public init(path: String) throws {
    (networks, fields, normalisation, fingerprint) = try Safetensors.load(path) { file, bytes in
      guard let text = file.metadata["architecture"], let names = file.metadata["fields"],
        let count = file.metadata["networks"].flatMap({ Int($0) }), (1...1000).contains(count)
      else {
        throw NetworkError.model(
          "not a model of cnn1d-train: it lacks architecture, fields or networks")
      }
      let architecture = try SeriesArchitecture(text)
      let fields = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == architecture.inputs, Set(fields).count == fields.count else {
        throw NetworkError.model(
          "model reads \(architecture.inputs) fields, but names \(fields.count)")
      }
      let networks = try (0..<count).map { number in
        let network = try SeriesNetwork(architecture)
        try network.read(file, prefix: "\(number).", into: network.values)
        return network
      }
      let normalisation =
        file.entries["normalisation"] == nil
        ? nil
        : RobustZScore(
          names: fields, pairs: try file.floats("normalisation", shape: [fields.count, 2]))
      return (networks, fields, normalisation, fnv1a(bytes))
    }
  }

  /// The file of such networks.
  ///
  /// A normalisation must know all fields; throws where it does not.
  static func bytes(
    _ network: SeriesNetwork, values: [FloatBuffer], fields: [String],
    normalisation: RobustZScore?, texts: [(key: String, text: String)]
  ) throws -> [UInt8] {
    var writer = SafetensorsWriter()
    writer.add("architecture", network.architecture.description)
    writer.add("fields", fields.joined(separator: ","))
    writer.add("networks", String(values.count))
    for (key, text) in texts { writer.add(key, text) }
    for (number, values) in values.enumerated() {
      writer.add(network.parameters, of: values, prefix: "\(number).")
    }
    if let normalisation {
      try normalisation.pairs(fields).withUnsafeBufferPointer {
        writer.add("normalisation", shape: [fields.count, 2], $0)
      }
    }
    return writer.bytes()
  }
}
