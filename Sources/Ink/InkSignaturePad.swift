import Streams

/// Ink as signature_pad's `toData()` gives it: an array a drawing, an object a stroke,
/// `[{"penColor":"black","points":[{"x":1,"y":2,"time":3,"pressure":0.5},...]},...]`; before version 3
/// the strokes were the arrays of points themselves. y points down. Colour, width, time and pressure are
/// left out.
///
/// Source: https://github.com/szimek/signature_pad, `PointGroup` of version 5.
extension StrokeReader {
  /// Adds the strokes of an array that stands alone.
  mutating func addSignature(_ list: JSONValue) throws {
    for value in list.elements {
      if value["strokes"] != nil || value["drawing"] != nil {
        throw InkError.form("array of drawings, expected strokes: one drawing a line, jq -c '.[]'")
      }
      // Numbers without a key could be points or columns.
      if value.elements.contains(where: { $0.kind != .object }) {
        throw InkError.form(
          "array of numbers without a key: 'strokes' holds points, 'drawing' columns")
      }
    }
    try add(list)
  }

  /// The points of a stroke: objects with `x` and `y`.
  static func signaturePoints(_ value: JSONValue, stroke: Int) throws -> [Point] {
    guard value.kind == .array else {
      throw InkError.stroke(stroke, "'points' is \(value.kindName), expected an array of points")
    }
    return try points(of: value, stroke: stroke)
  }
}
