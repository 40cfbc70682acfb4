/// One array of an npy stream: a plain one, or a table of named fields.
public struct NpyArray: Sendable {
  /// What one element is.
  public var type: NpyType
  /// The size of each dimension, outermost first.
  public var shape: [Int]
  /// The elements in C order, little-endian.
  public var bytes: [UInt8]

  /// An array over existing bytes; their count must fit type and shape.
  public init(type: NpyType, shape: [Int], bytes: [UInt8]) {
    precondition(shape.reduce(type.size, *) == bytes.count)
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of 32-bit floats.
  public init(_ values: [Float], shape: [Int]) {
    self.init(
      type: .plain(.float32), shape: shape, bytes: values.withUnsafeBytes { Array($0) })
  }

  /// The number of rows of a table, or of elements of a plain array.
  public var count: Int { shape.reduce(1, *) }

  /// The field of that name; nil where the array is plain or has none.
  public func field(_ name: String) -> NpyField? {
    guard case .structured(let fields) = type else { return nil }
    return fields.first { $0.name == name }
  }

  /// The field of that name and type; throws what is missing or different.
  public func field(_ name: String, _ scalar: NpyScalar, _ shape: [Int] = []) throws -> NpyField {
    guard let field = field(name) else { throw NpyError("table has no field '\(name)'") }
    guard field.scalar == scalar, field.shape == shape else {
      let found = NpyType.structured([field]).description
      let wanted = NpyType.structured([NpyField(name, scalar, shape)]).description
      throw NpyError("field is \(found), expected \(wanted)")
    }
    return field
  }

  /// The bytes of one field of one row.
  public func bytes(_ field: NpyField, row: Int) -> ArraySlice<UInt8> {
    let start = row * type.size + field.offset
    return bytes[start..<start + field.size]
  }

  /// The text of an `S` field, without its padding; throws where it is not UTF-8.
  public func text(_ field: NpyField, row: Int) throws -> String {
    let content = bytes(field, row: row)
    let end = content.lastIndex { $0 != 0 }.map { $0 + 1 } ?? content.startIndex
    guard let text = String(validating: content[..<end], as: UTF8.self) else {
      throw NpyError("field '\(field.name)' of row \(row + 1) is not UTF-8")
    }
    return text
  }

  /// The value of an `i4` field.
  public func int32(_ field: NpyField, row: Int, _ index: Int = 0) -> Int32 {
    load(at: row * type.size + field.offset + 4 * index, as: Int32.self)
  }

  /// One value of an `f4` field.
  public func float(_ field: NpyField, row: Int, _ index: Int = 0) -> Float {
    load(at: row * type.size + field.offset + 4 * index, as: Float.self)
  }

  /// All elements of a plain numeric array, as floats; throws for days and bytes.
  public func floats() throws -> [Float] {
    guard case .plain(let scalar) = type else {
      throw NpyError("expected a plain array, got a table")
    }
    let count = self.count
    switch scalar {
    case .uint8: return bytes.map(Float.init)
    case .int32: return (0..<count).map { Float(load(at: 4 * $0, as: Int32.self)) }
    case .int64: return (0..<count).map { Float(load(at: 8 * $0, as: Int64.self)) }
    case .float64: return (0..<count).map { Float(load(at: 8 * $0, as: Double.self)) }
    case .float32:
      return [Float](unsafeUninitializedCapacity: count) { target, filled in
        bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
        filled = count
      }
    case .day, .bytes: throw NpyError("expected numbers, got '\(scalar.description)'")
    }
  }

  private func load<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
    // Fields of a row need not be aligned.
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
  }
}
