/// The element types of npy streams, all little-endian.
public enum NpyScalar: Equatable, Sendable {
  /// Unsigned 8-bit integer, `|u1`.
  case uint8
  /// Signed 32-bit integer, `<i4`.
  case int32
  /// Signed 64-bit integer, `<i8`.
  case int64
  /// 32-bit float, `<f4`.
  case float32
  /// 64-bit float, `<f8`.
  case float64
  /// A day, counted from 1970-01-01, `<M8[D]`.
  case day
  /// Bytes padded with NUL at the end, `|S16`.
  case bytes(Int)

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .uint8: 1
    case .int32, .float32: 4
    case .int64, .float64, .day: 8
    case .bytes(let count): count
    }
  }

  /// The type as NumPy's `dtype.str` writes it.
  public var description: String {
    switch self {
    case .uint8: "|u1"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float32: "<f4"
    case .float64: "<f8"
    case .day: "<M8[D]"
    case .bytes(let count): "|S\(count)"
    }
  }

  /// Reads NumPy's `dtype.str`; nil for types that no tool uses.
  public init?(_ text: String) {
    switch text {
    case "|u1", "<u1", "u1": self = .uint8
    case "<i4": self = .int32
    case "<i8": self = .int64
    case "<f4": self = .float32
    case "<f8": self = .float64
    case "<M8[D]": self = .day
    default:
      guard text.hasPrefix("|S") || text.hasPrefix("S"),
        let count = Int(text.drop { $0 == "|" }.dropFirst()), (0...1 << 20).contains(count)
      else { return nil }
      self = .bytes(count)
    }
  }
}

/// A named field of a structured array: a scalar, or a sub-array such as `('image','u1',(28,28))`.
public struct NpyField: Equatable, Sendable {
  /// The field's name.
  public let name: String
  /// What its elements are.
  public let scalar: NpyScalar
  /// The dimensions of a sub-array; empty for a scalar.
  public let shape: [Int]
  /// Where it starts in a row, in bytes.
  public internal(set) var offset = 0

  /// A field; its offset is given by its place among the others.
  public init(_ name: String, _ scalar: NpyScalar, _ shape: [Int] = []) {
    self.name = name
    self.scalar = scalar
    self.shape = shape
  }

  /// The size of the field in a row, in bytes.
  public var size: Int { shape.reduce(scalar.size, *) }
}

/// What one element of an array is: a scalar, or a row of named fields without gaps, in the order of their
/// places.
public enum NpyType: Equatable, Sendable {
  /// A plain array.
  case plain(NpyScalar)
  /// A table.
  case structured([NpyField])

  /// A row of fields in order, each behind the one before.
  public static func table(_ fields: [NpyField]) -> NpyType {
    var offset = 0
    return .structured(
      fields.map { field in
        var placed = field
        placed.offset = offset
        offset += field.size
        return placed
      })
  }

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .plain(let scalar): scalar.size
    case .structured(let fields): fields.last.map { $0.offset + $0.size } ?? 0
    }
  }

  /// The `descr` of a header, as NumPy writes it.
  public var description: String {
    switch self {
    case .plain(let scalar): return "'\(scalar.description)'"
    case .structured(let fields):
      let items = fields.map { field in
        let shape = field.shape.isEmpty ? "" : ", \(pythonTuple(field.shape))"
        // Names come from literals without escapes, so none has both kinds of quotes.
        let quote = field.name.contains("'") ? "\"" : "'"
        return "(\(quote)\(field.name)\(quote), '\(field.scalar.description)'\(shape))"
      }
      return "[\(items.joined(separator: ", "))]"
    }
  }
}

/// A tuple of integers as Python prints it: `()`, `(3,)`, `(3, 4)`.
func pythonTuple(_ values: [Int]) -> String {
  values.count == 1 ? "(\(values[0]),)" : "(\(values.map(String.init).joined(separator: ", ")))"
}
