import Streams

/// How the values of a field are called where each has a column: `close`, `box[0]`, `image[0,0]`.
enum CSVColumns {
  /// The names of a field's columns.
  static func names(_ field: NpyField) -> [String] {
    guard !field.shape.isEmpty else { return [field.name] }
    var indices: [[Int]] = [[]]
    for size in field.shape {
      indices = indices.flatMap { start in (0..<size).map { start + [$0] } }
    }
    return indices.map { "\(field.name)[\($0.map(String.init).joined(separator: ","))]" }
  }

  /// The fields of columns that so are called, of the first column's type each.
  static func fields(_ names: [String], _ scalars: [NpyScalar]) -> [NpyField] {
    var fields: [NpyField] = []
    var place = 0
    while place < names.count {
      let field = several(names[place...], scalars[place]) ?? NpyField(names[place], scalars[place])
      fields.append(field)
      place += field.shape.reduce(1, *)
    }
    return fields
  }

  /// The field whose columns begin here, all in their order; nil where there are none.
  private static func several(_ names: ArraySlice<String>, _ scalar: NpyScalar) -> NpyField? {
    guard let first = names.first, first.hasSuffix("]"), let bracket = first.lastIndex(of: "["),
      bracket > first.startIndex
    else { return nil }
    let name = first[..<bracket]
    let own = names.prefix { $0.hasPrefix(first[...bracket]) && $0.hasSuffix("]") }
    guard let last = own.last else { return nil }
    let indices = last[last.index(after: bracket)...].dropLast().split(separator: ",").map {
      Int($0)
    }
    let sizes = indices.compactMap { $0.flatMap { (0..<1 << 20).contains($0) ? $0 + 1 : nil } }
    guard sizes.count == indices.count, !sizes.isEmpty,
      sizes.reduce(1.0, { $0 * Double($1) }) == Double(own.count)
    else { return nil }
    let field = NpyField(String(name), scalar, sizes)
    return Array(own) == Self.names(field) ? field : nil
  }
}
