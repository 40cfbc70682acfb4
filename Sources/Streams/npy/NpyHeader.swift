/// The dictionary at the head of an npy array: `{'descr': ..., 'fortran_order': ..., 'shape': ...}`.
///
/// Source: NEP 1 and `numpy.lib.format`. The dictionary is a Python literal; this reads the part of
/// that language that NumPy writes: strings, integers, booleans, tuples, lists.
struct NpyHeader {
  /// What the elements are, or become.
  var type: NpyType
  /// How rows of NumPy's other types are made into ours; nil where they are ours.
  private(set) var foreign: ForeignRow?
  var shape: [Int]

  /// The header's text, padded with spaces so that magic, length and header fill whole 64 bytes.
  func bytes() -> [UInt8] { Self.bytes(type.description, shape) }

  /// The same for a type whose description is known.
  static func bytes(_ description: String, _ shape: [Int]) -> [UInt8] {
    var text =
      "{'descr': \(description), 'fortran_order': False, 'shape': \(pythonTuple(shape)), }"
    // As NumPy does, room for the first dimension to grow to 21 digits in place.
    if let first = shape.first {
      text += String(repeating: " ", count: max(0, 21 - String(first).utf8.count))
    }
    // Version 1.0 has a two-byte length; what does not fit takes version 2.0 and its four bytes.
    // Names beyond ASCII take version 3.0, which is UTF-8.
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    for (version, lengthSize) in isASCII ? [(1, 2), (2, 4)] : [(3, 4)] {
      let prefix = 8 + lengthSize
      // As NumPy does, a full 64 bytes are added where none were missing.
      let total = (prefix + text.utf8.count + 1) / 64 * 64 + 64
      let length = total - prefix
      guard length < 1 << (8 * lengthSize) else { continue }
      var bytes: [UInt8] = npyMagic + [UInt8(version), 0]
      for byte in 0..<lengthSize { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
      bytes.append(contentsOf: text.utf8)
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: total - bytes.count - 1))
      return bytes + [UInt8(ascii: "\n")]
    }
    preconditionFailure("an npy header of 4 GiB")
  }

  /// Reads the dictionary; throws a `NpyError` that names the rule.
  ///
  /// With `bridging` it takes tables of types that streams do not have, where there is a way to ours.
  init(parsing bytes: UnsafeRawBufferPointer, bridging: Bool = false) throws {
    var literal = PythonLiteral(bytes)
    guard case .dictionary(let entries) = try literal.parse() else {
      throw NpyError("header is not a dictionary")
    }
    guard let descr = entries["descr"], let order = entries["fortran_order"],
      let dimensions = entries["shape"], entries.count == 3
    else { throw NpyError("header needs the keys descr, fortran_order and shape, and no others") }
    guard case .boolean(let fortran) = order else { throw NpyError("fortran_order is no boolean") }
    do {
      type = try Self.type(descr)
    } catch let error {
      guard bridging, let row = try Self.foreignRow(descr) else { throw error }
      (type, foreign) = (row.type, row)
    }
    shape = try Self.shape(dimensions)
    // With at most one dimension of more than one element, both orders are the same.
    guard !fortran || shape.contains(0) || shape.filter({ $0 > 1 }).count <= 1 else {
      throw NpyError("Fortran order is not read; use numpy.ascontiguousarray")
    }
  }

  private static let shapeKey = Array(", 'fortran_order': False, 'shape': ".utf8)

  /// Where the shape begins in a header as NumPy writes it; nil in others.
  static func shapeStart(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let key = shapeKey
    guard bytes.count > key.count else { return nil }
    // The shape comes last, so it is searched for from the end.
    for start in (0...bytes.count - key.count).reversed() where bytes[start] == key[0] {
      if UnsafeRawBufferPointer(rebasing: bytes[start...]).starts(with: key) {
        return start + key.count
      }
    }
    return nil
  }

  /// Reads a header whose type is known from one before: only the shape differs.
  init(type: NpyType, parsingShape bytes: UnsafeRawBufferPointer) throws {
    if let count = Self.count(bytes) {
      (self.type, shape) = (type, [count])
      return
    }
    let text = Array("{'shape': ".utf8) + bytes
    let literal = try text.withUnsafeBytes { bytes in
      var literal = PythonLiteral(bytes)
      return try literal.parse()
    }
    guard case .dictionary(let entries) = literal, entries.count == 1,
      let dimensions = entries["shape"]
    else { throw NpyError("header needs the keys descr, fortran_order and shape, and no others") }
    self.type = type
    shape = try Self.shape(dimensions)
  }

  /// The one dimension of a shape as NumPy writes that of a table, `(12,), }`; nil of others.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.first == UInt8(ascii: "(") else { return nil }
    var (count, place) = (0, 1)
    while place < bytes.count, (0x30...0x39).contains(bytes[place]), place < 18 {
      count = 10 * count + Int(bytes[place] - 0x30)
      place += 1
    }
    let rest = bytes[place...]
    guard place > 1, bytes[1] != 0x30 || place == 2, rest.starts(with: ",), }".utf8),
      rest.dropFirst(5).allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0a })
    else { return nil }
    return count
  }

  init(type: NpyType, shape: [Int]) {
    self.type = type
    self.shape = shape
  }

  /// The number of bytes that follow; throws when that does not fit an `Int`.
  func byteCount() throws -> Int {
    // A header could claim any number of rows without bytes.
    guard type.size > 0 else { throw NpyError("elements have no bytes: \(type.description)") }
    guard let count = product(of: shape, times: type.size) else {
      throw NpyError("shape \(pythonTuple(shape)) overflows")
    }
    return count
  }

  private static func type(_ literal: PythonLiteral.Value) throws -> NpyType {
    if case .string(let text) = literal { return .plain(try scalar(text)) }
    guard case .list(let items) = literal, !items.isEmpty else {
      throw NpyError("descr is neither a type nor a list of fields")
    }
    var names: Set<String> = []
    let fields = try items.map { item in
      guard case .tuple(let parts) = item, (2...3).contains(parts.count),
        case .string(let name) = parts[0], case .string(let text) = parts[1]
      else { throw NpyError("a field of descr is not (name, type) or (name, type, shape)") }
      guard names.insert(name).inserted, !name.isEmpty else {
        throw NpyError("field name is empty or comes twice: '\(name)'")
      }
      guard !name.unicodeScalars.contains(where: \.isControl) else {
        throw NpyError("field name has a control character: '\(name)'")
      }
      let shape = parts.count == 3 ? try Self.shape(parts[2]) : []
      let field = NpyField(name, try scalar(text), shape)
      guard let size = product(of: shape, times: field.scalar.size), size < 1 << 40 else {
        throw NpyError("field '\(name)' of shape \(pythonTuple(shape)) overflows")
      }
      return field
    }
    guard fields.reduce(0.0, { $0 + Double($1.size) }) < 0x1p40 else {
      throw NpyError("the row of fields overflows")
    }
    return .table(fields)
  }

  /// The row of a table of any of NumPy's types; nil where it is no table.
  private static func foreignRow(_ literal: PythonLiteral.Value) throws -> ForeignRow? {
    guard case .list(let items) = literal else { return nil }
    var row = ForeignRow()
    for item in items {
      guard case .tuple(let parts) = item, (2...3).contains(parts.count),
        case .string(let name) = parts[0], case .string(let text) = parts[1]
      else { return nil }
      try row.add(name, text, parts.count == 3 ? try shape(parts[2]) : [])
    }
    guard case .structured(let fields) = row.type, !fields.isEmpty else { return nil }
    // Names and sizes keep the rules of ours.
    let own = fields.map { field in
      PythonLiteral.Value.tuple([
        .string(field.name), .string(field.scalar.description),
        .tuple(field.shape.map(PythonLiteral.Value.integer)),
      ])
    }
    _ = try type(.list(own))
    return row
  }

  private static func scalar(_ text: String) throws -> NpyScalar {
    guard let scalar = NpyScalar(text) else {
      if text.hasPrefix(">") { throw NpyError("big-endian data is not read: '\(text)'") }
      if text.hasSuffix("O") { throw NpyError("object arrays are not read: '\(text)'") }
      throw NpyError("dtype is none of u1 i4 i8 f4 f8 M8[D] S: '\(text)'")
    }
    return scalar
  }

  /// As many as an array of NumPy 2 can have.
  private static let mostDimensions = 64

  private static func shape(_ literal: PythonLiteral.Value) throws -> [Int] {
    let items: [PythonLiteral.Value]
    switch literal {
    case .tuple(let values): items = values
    case .integer: items = [literal]
    default: throw NpyError("shape is no tuple")
    }
    // What NumPy cannot hold would pass through all tools, to be refused at the end of the pipe.
    guard items.count <= mostDimensions else {
      throw NpyError("shape has more than \(mostDimensions) dimensions: \(items.count)")
    }
    return try items.map { item in
      guard case .integer(let size) = item else { throw NpyError("shape holds no integer") }
      guard size >= 0 else { throw NpyError("dimension is negative: \(size)") }
      return size
    }
  }
}

/// The product of dimensions and an element's size; nil where it overflows in any order.
func product(of shape: [Int], times size: Int) -> Int? {
  var product = max(size, 1)
  for dimension in shape {
    let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
    if overflow { return nil }
    product = next
  }
  return size == 0 || shape.contains(0) ? 0 : product
}

/// What is wrong with an npy array; the reader adds the place.
public struct NpyError: Error, CustomStringConvertible {
  /// The rule, then the value.
  public let description: String
  /// An error of this text.
  public init(_ description: String) { self.description = description }
}

/// `\x93NUMPY`.
let npyMagic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
