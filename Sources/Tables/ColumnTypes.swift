import Streams

/// The columns of a table as a line of text: `instrument=S16,date=M8[D],score=f4,image=u1[28,28]`.
public struct ColumnTypes: Sendable {
  /// The columns in their order.
  public let fields: [NpyField]
  /// Those of them that a header of CSV may lack.
  let optional: Set<String>

  /// Columns that are known, some of which may be missing.
  public init(_ fields: [NpyField], optional: Set<String> = []) {
    (self.fields, self.optional) = (fields, optional)
  }

  /// Refuses columns that no stream can hold: those without values, of which any number costs nothing in an
  /// array and much in a text, and names that npy's header has no way to write.
  static func require(_ fields: [NpyField]) throws {
    var names: Set<String> = []
    for field in fields {
      let (name, letters) = (field.name, field.name.unicodeScalars)
      guard field.scalar.size > 0, !field.shape.contains(0) else {
        throw NpyError(
          "field '\(name)' holds no values: \(NpyType.structured([field]).description)")
      }
      guard names.insert(name).inserted else { throw NpyError("column comes twice: '\(name)'") }
      let isPlain = !letters.contains {
        $0 == "\\" || $0.value < 0x20 || (0x7f...0x9f).contains($0.value)
      }
      guard !name.isEmpty, isPlain, !(name.contains("'") && name.contains("\"")) else {
        throw NpyError(
          "column's name must be a text without control characters, backslash, or both kinds of quotes: "
            + "'\(name)'")
      }
    }
  }

  /// Reads the line; throws what of it is no column.
  public init(parsing text: String) throws {
    var fields: [NpyField] = []
    for item in Self.items(text) {
      guard let equals = item.lastIndex(of: "="), equals > item.startIndex else {
        throw NpyError("a column must be name=type, such as close=f4: '\(item)'")
      }
      let name = String(item[..<equals])
      let field = try Self.field(name, String(item[item.index(after: equals)...]))
      guard !fields.contains(where: { $0.name == name }) else {
        throw NpyError("a column comes twice: '\(name)'")
      }
      fields.append(field)
    }
    guard !fields.isEmpty else { throw NpyError("there must be a column: ''") }
    self.init(fields)
  }

  /// The parts between commas that are in no brackets.
  private static func items(_ text: String) -> [Substring] {
    var depth = 0
    let items = text.split(omittingEmptySubsequences: false) { character in
      depth += character == "[" ? 1 : character == "]" ? -1 : 0
      return character == "," && depth <= 0
    }
    return items == [""] ? [] : items
  }

  /// The columns of the first table of an npy file.
  public init(ofTable path: String) throws {
    let input = ByteReader([path])
    guard try input.nextSource(), let fields = try input.fieldsOfFirstTable() else {
      throw Failure.badData(path, "there is no table in it")
    }
    try Self.require(fields)
    self.init(fields)
  }

  private static func field(_ name: String, _ text: String) throws -> NpyField {
    let isDay = text.hasSuffix("M8[D]") || text.contains("M8[D][")
    let bracket = isDay ? text.ranges(of: "[").dropFirst().first : text.ranges(of: "[").first
    let type = bracket.map { String(text[..<$0.lowerBound]) } ?? text
    var sizes: [Int] = []
    if let bracket {
      guard text.hasSuffix("]") else {
        throw NpyError("a type ends in sizes or in none: '\(text)'")
      }
      for size in text[bracket.upperBound...].dropLast().split(
        separator: ",", omittingEmptySubsequences: false)
      {
        guard let size = Int(size), (1...1 << 24).contains(size) else {
          throw NpyError("the sizes of a type must be in 1...16777216: '\(text)'")
        }
        sizes.append(size)
      }
    }
    let starts = ["", "<", "|"]
    guard let scalar = starts.lazy.compactMap({ NpyScalar($0 + type) }).first, scalar.size > 0,
      sizes.reduce(Double(scalar.size), { $0 * Double($1) }) <= 0x1p30
    else { throw NpyError("type of '\(name)' is none of u1 i4 i8 f4 f8 M8[D] S16: '\(text)'") }
    return NpyField(name, scalar, sizes)
  }

  /// The line, as it is read.
  public var text: String {
    fields.map { field in
      let type = field.scalar.description.drop { "<|".contains($0) }
      let sizes = field.shape.map(String.init).joined(separator: ",")
      return "\(field.name)=\(type)" + (field.shape.isEmpty ? "" : "[\(sizes)]")
    }.joined(separator: ",")
  }
}

extension ColumnTypes {
  /// Columns that hold texts whatever these look like: codes such as 000001 are no numbers.
  static let texts = ["instrument": 16, "id": 64, "symbol": 16, "code": 16, "ticker": 16]

  /// How many bytes a column of texts has, of which one is known.
  static func width(_ name: String, _ text: Int) -> Int {
    if let usual = texts[name], text <= usual { return usual }
    return max(1, (text + 15) / 16) * 16
  }
}
