/// Named tensors and texts in one file: the safetensors format.
///
/// Source: github.com/huggingface/safetensors, "Format": the header's length as a little-endian 64-bit
/// integer, a JSON object `{"name":{"dtype","shape","data_offsets":[begin,end]},...}` with texts under
/// `__metadata__`, then the data without holes. Read are F32 and F16.
public struct Safetensors {
  /// The element types.
  public enum ElementType: String, Sendable {
    /// 32-bit floats.
    case float32 = "F32"
    /// 16-bit floats, IEEE 754 binary16.
    case float16 = "F16"

    /// Bytes of one element.
    public var size: Int { self == .float32 ? 4 : 2 }
  }

  /// A tensor's type, shape and place.
  public struct Entry: Equatable, Sendable {
    /// What its elements are.
    public let type: ElementType
    /// The size of each dimension, outermost first.
    public let shape: [Int]
    /// Its bytes, counted from the start of the data.
    public let range: Range<Int>
  }

  /// The texts under `__metadata__`, but for the checksum.
  public let metadata: [String: String]
  /// The tensors by name.
  public let entries: [String: Entry]
  /// Whether the file has a checksum, which then was found to be right.
  public let isChecked: Bool
  private let data: ArraySlice<UInt8>
  private static let headerLimit = 1 << 20

  /// Checks a whole file; throws a `SafetensorsError` or a `Failure` that names the rule.
  ///
  /// `name` is the file's, for the errors of its JSON.
  public init(_ bytes: [UInt8], name: String) throws {
    guard bytes.count >= 8 else {
      throw Self.broken("file is cut short: expected 8 bytes of length, got \(bytes.count)")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.headerLimit else {
      throw Self.broken("header is over 1 MiB: \(length) bytes (is this a safetensors file?)")
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw Self.broken("header is cut short: expected \(length) bytes, got \(bytes.count - 8)")
    }
    data = bytes[start...]
    let size = data.count
    var (texts, tensors) = try bytes.withUnsafeBytes { bytes in
      try withJSON(UnsafeRawBufferPointer(rebasing: bytes[8..<start]), name: name) { header in
        try Self.read(header, dataSize: size)
      }
    }
    isChecked = try SafetensorsChecksum.check(bytes, texts)
    texts[SafetensorsChecksum.key] = nil
    (metadata, entries) = (texts, tensors)
  }

  private static func broken(_ rule: String) -> SafetensorsError {
    SafetensorsError(description: "safetensors: \(rule)")
  }

  private static func read(
    _ header: JSONValue, dataSize: Int
  ) throws -> ([String: String], [String: Entry]) {
    guard header.kind == .object else {
      throw broken("header is \(header.kindName), expected an object")
    }
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]
    for (name, value) in header.members {
      if name == "__metadata__" {
        for (key, text) in value.members {
          guard let text = text.string else { throw text.failure("metadata must be strings") }
          metadata[key] = text
        }
      } else {
        let entry = try entry(value, name)
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw broken("tensor '\(name)' is there twice")
        }
      }
    }
    var end = 0
    for (name, entry) in entries.sorted(by: {
      $0.value.range.lowerBound < $1.value.range.lowerBound
    })
    where !entry.range.isEmpty {
      guard entry.range.lowerBound >= end else {
        throw broken("tensor '\(name)' overlaps another: it begins at \(entry.range.lowerBound)")
      }
      guard entry.range.lowerBound == end else {
        throw broken("data has a hole of \(entry.range.lowerBound - end) bytes before '\(name)'")
      }
      end = entry.range.upperBound
    }
    guard end == dataSize else {
      throw broken("data: expected \(end) bytes, got \(dataSize)")
    }
    return (metadata, entries)
  }

  private static func entry(_ value: JSONValue, _ name: String) throws -> Entry {
    let typeValue = try value.require("dtype")
    guard let type = typeValue.string.flatMap(ElementType.init) else {
      throw typeValue.failure("tensor '\(name)': dtype must be F32 or F16")
    }
    let shape = try integers(try value.require("shape"), name)
    let offsets = try integers(try value.require("data_offsets"), name)
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw broken("tensor '\(name)': data_offsets must be [begin, end]: \(offsets)")
    }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw broken("tensor '\(name)': shape \(shape) overflows") }
      size = product
    }
    guard offsets[1] - offsets[0] == size else {
      throw broken(
        "tensor '\(name)': shape \(shape) takes \(size) bytes, data_offsets \(offsets[1] - offsets[0])"
      )
    }
    return Entry(type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func integers(_ value: JSONValue, _ name: String) throws -> [Int] {
    guard value.kind == .array else {
      throw value.failure("tensor '\(name)': expected an array of integers, got \(value.kindName)")
    }
    return try value.elements.map { element in
      guard let integer = element.int, integer >= 0 else {
        throw element.failure("tensor '\(name)': expected an integer from 0 up")
      }
      return integer
    }
  }

  /// Calls `body` with a tensor's bytes.
  public func withBytes<Result>(
    _ entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[entry.range])) }
  }
}

/// A rule of the format that a file breaks.
public struct SafetensorsError: Error, CustomStringConvertible, Sendable {
  /// The rule, then the value.
  public let description: String
}

/// Puts a safetensors file together.
public struct SafetensorsWriter {
  private var metadata: [(String, String)] = []
  private var header: [String] = []
  private var data: [UInt8] = []

  /// An empty file.
  public init() {}

  /// Adds a text.
  public mutating func add(_ key: String, _ text: String) { metadata.append((key, text)) }

  /// Adds a tensor of 32-bit floats.
  public mutating func add(_ name: String, shape: [Int], _ values: UnsafeBufferPointer<Float>) {
    let begin = data.count
    data.append(contentsOf: UnsafeRawBufferPointer(values))
    describe(name, .float32, shape, begin)
  }

  /// Adds a tensor rounded to 16-bit floats.
  public mutating func addHalves(_ name: String, shape: [Int], _ halves: [UInt16]) {
    let begin = data.count
    halves.withUnsafeBytes { data.append(contentsOf: $0) }
    describe(name, .float16, shape, begin)
  }

  private mutating func describe(
    _ name: String, _ type: Safetensors.ElementType, _ shape: [Int], _ begin: Int
  ) {
    header.append(
      "\(quoted(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":"
        + "[\(shape.map(String.init).joined(separator: ","))],"
        + "\"data_offsets\":[\(begin),\(data.count)]}")
  }

  /// The whole file, with its checksum; its data starts at a multiple of 8 bytes.
  public func bytes() -> [UInt8] {
    let checksum = (
      SafetensorsChecksum.key, String(decoding: SafetensorsChecksum.zeros, as: UTF8.self)
    )
    let texts = ([checksum] + metadata).map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(
      separator: ",")
    var text = "{" + (["\"__metadata__\":{\(texts)}"] + header).joined(separator: ",") + "}"
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    let length = UInt64(text.utf8.count).littleEndian
    var file = withUnsafeBytes(of: length) { Array($0) } + Array(text.utf8) + data
    SafetensorsChecksum.seal(&file)
    return file
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
