import Streams

/// Ink of MyScript's iink: a stroke is an object of columns, `{"x":[...],"y":[...],"t":[...],"p":[...]}`, in
/// `strokes` or, in a batch request, in `{"strokeGroups":[{"strokes":[...]},...],"xDPI":96,"yDPI":96}`.
///
/// Times and pressures are left out. Where the dots of an inch differ across and down, y is scaled to x.
///
/// Source: MyScript developer documentation, "REST architecture", batch recognition.
extension StrokeReader {
  /// Adds the strokes of all groups of a request.
  mutating func addStrokeGroups(_ record: JSONValue) throws {
    let stretch = try Self.stretch(record)
    var number = 0
    for group in try record.require("strokeGroups").elements {
      number += 1
      guard let list = group["strokes"] else {
        throw InkError.form("group \(number) of 'strokeGroups' has no 'strokes'")
      }
      var inner = StrokeReader()
      try inner.add(list)
      for stroke in inner.strokes {
        let points = stroke.points.map { Point($0.x, $0.y * stretch) }
        for point in points { try Drawing.check(point, stroke: self.number) }
        try add(points)
      }
    }
  }

  /// How many dots of x one of y is.
  private static func stretch(_ record: JSONValue) throws -> Double {
    let dots = try ["xDPI", "yDPI"].map { key in
      try record[key].map { value in
        guard let dots = value.double, dots > 0, dots <= 1e6 else {
          throw value.failure("\(key) must be a positive number of dots an inch")
        }
        return dots
      }
    }
    guard let across = dots[0], let down = dots[1] else { return 1 }
    return across == down ? 1 : across / down
  }
}
