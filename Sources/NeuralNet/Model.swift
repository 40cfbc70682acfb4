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
    let bytes = try Self.contents(path)
    do {
      let file = try Safetensors(bytes, name: path)
      guard let text = file.metadata["architecture"], let names = file.metadata["classes"] else {
        throw NetworkError.model("model has no 'architecture' or no 'classes' in its metadata")
      }
      let network = try Network(Architecture(text))
      try network.load(file)
      classes = names.split(separator: " ").map(String.init)
      guard classes.count == network.architecture.classes else {
        throw NetworkError.model(
          "model has \(network.architecture.classes) outputs, but names \(classes.count) classes")
      }
      self.network = network
      metadata = file.metadata
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure.badData(path, "\(error)")
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

  /// A file's bytes; a model is a plain file of at most 256 MiB.
  public static func contents(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.system(.inputMissing, path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure.system(.inputMissing, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw isFolder
        ? Failure.system(.inputMissing, path, EISDIR)
        : Failure.badData(path, "model must be a plain file")
    }
    let size = Int(status.st_size)
    guard size <= 256 << 20 else {
      throw Failure.badData(path, "model must have at most 256 MiB: \(size) bytes")
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      filled = try readAll(
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size]),
        from: descriptor, name: path)
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
