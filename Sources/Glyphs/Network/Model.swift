import NeuralNet
import Streams
import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A trained network with the names of its classes, as a safetensors file keeps it.
public struct Model {
  /// The layers and their weights.
  public let network: Network
  /// The classes' texts, in the order of the logits.
  public let classes: [String]
  /// All texts of the file.
  public let metadata: [String: String]

  /// Reads a model with one `read`.
  ///
  /// Throws `inputMissing` where there is none, with the remedy, and `badData` where it breaks a rule.
  public init(path: String) throws {
    (network, classes, metadata) = try Safetensors.load(path) { file, _ in
      guard let text = file.metadata["architecture"], let names = file.metadata["classes"] else {
        throw NetworkError.model("model has no 'architecture' or no 'classes' in its metadata")
      }
      let network = try Network(Architecture(text))
      try network.load(file)
      let classes = names.split(separator: " ").map(String.init)
      guard classes.count == network.architecture.classes else {
        throw NetworkError.model(
          "model has \(network.architecture.classes) outputs, but names \(classes.count) classes")
      }
      return (network, classes, file.metadata)
    }
  }

  /// The file of a network, its weights as 16-bit floats; throws where one does not fit them.
  public static func bytes(
    of network: Network, values: FloatBuffer, classes: [String],
    metadata: [(key: String, text: String)]
  ) throws -> [UInt8] {
    var writer = SafetensorsWriter()
    writer.add("architecture", network.architecture.description)
    writer.add("classes", classes.joined(separator: " "))
    for (key, text) in metadata { writer.add(key, text) }
    for parameter in network.parameters {
      let halves = (0..<parameter.count).map { half(values.start[parameter.offset + $0]) }
      // An exponent of ones is infinity or no number.
      guard halves.allSatisfy({ $0 & 0x7c00 != 0x7c00 }) else {
        throw NetworkError.model("tensor '\(parameter.name)' has numbers beyond ±65504")
      }
      writer.addHalves(parameter.name, shape: parameter.shape, halves)
    }
    return writer.bytes()
  }
}

extension Model {
  /// Reads the model at `path` or, where that is nil, the one that came with this program:
  /// `../models/NAME` or `../share/convoy/NAME`, seen from the folder of the executable.
  public init(path: String?, orDefault name: String) throws {
    if let path {
      try self.init(existing: path)
      return
    }
    let bin = executableFolder
    let places = ["\(bin)/../models/\(name)", "\(bin)/../share/convoy/\(name)"]
    try self.init(existing: places.first { access($0, F_OK) == 0 } ?? places[0])
  }

  private init(existing path: String) throws {
    do {
      try self.init(path: path)
    } catch let failure as Failure where failure.status == .inputMissing {
      throw Failure(
        .inputMissing,
        "\(failure.description) (name a model with --model, or train one: lenet-train)")
    }
  }
}

extension Network {
  /// Takes the weights of a file; throws where a tensor is missing, of another shape or not finite.
  public func load(_ file: Safetensors) throws {
    for parameter in parameters {
      try read(parameter, named: parameter.name, of: file, into: values)
    }
    guard file.entries.count == parameters.count else {
      let known = Set(parameters.map(\.name))
      let extra = file.entries.keys.filter { !known.contains($0) }.sorted().first ?? ""
      throw NetworkError.model("tensor '\(extra)' has no place in '\(architecture)'")
    }
  }

  /// Reads one tensor of a parameter's shape.
  func read(
    _ parameter: Parameter, named name: String, of file: Safetensors, into values: FloatBuffer
  ) throws {
    guard let entry = file.entries[name] else {
      throw NetworkError.model("tensor '\(name)' is missing")
    }
    guard entry.shape == parameter.shape else {
      throw NetworkError.model(
        "tensor '\(name)' has shape \(entry.shape), expected \(parameter.shape)")
    }
    let target = values.start + parameter.offset
    let finite = file.withBytes(entry) { bytes in
      switch entry.type {
      case .float32:
        UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyMemory(from: bytes)
        return (0..<parameter.count).allSatisfy { target[$0].isFinite }
      case .float16:
        // The data of other writers may start anywhere.
        if Int(bitPattern: bytes.baseAddress) % 2 == 0 {
          let halves = bytes.assumingMemoryBound(to: UInt16.self)
          guard let start = halves.baseAddress else { return true }
          return widenHalves(start, count: parameter.count, to: target)
        }
        let halves = (0..<parameter.count).map {
          bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)
        }
        return widenHalves(halves, count: parameter.count, to: target)
      }
    }
    guard finite else {
      throw NetworkError.model("tensor '\(name)' has numbers that are not finite")
    }
  }
}
