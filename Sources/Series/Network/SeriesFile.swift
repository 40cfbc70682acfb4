import NeuralNet
import Streams
import Tensor

extension SeriesNetwork {
  /// Reads the parameters, each under its name behind `prefix`; throws where one is missing, of another shape or not finite.
  public func read(_ file: Safetensors, prefix: String, into values: FloatBuffer) throws {
    for parameter in parameters {
      let numbers = try file.floats(prefix + parameter.name, shape: parameter.shape)
      (values.start + parameter.offset).update(from: numbers, count: parameter.count)
    }
  }
}

extension Safetensors {
  /// The numbers of a tensor of 32-bit floats; throws where it is missing, another or not finite.
  public func floats(_ name: String, shape: [Int]) throws -> [Float] {
    guard let entry = entries[name] else {
      throw NetworkError.model("tensor '\(name)' is missing")
    }
    guard entry.type == .float32, entry.shape == shape else {
      throw NetworkError.model(
        "tensor '\(name)' is \(entry.type.rawValue) \(entry.shape), expected F32 \(shape)")
    }
    let numbers = withBytes(entry) { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    guard numbers.allSatisfy(\.isFinite) else {
      throw NetworkError.model("tensor '\(name)' has numbers that are not finite")
    }
    return numbers
  }
}
