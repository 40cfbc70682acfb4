import Streams

/// The forms in which JSON ink comes; the key that holds the strokes tells which it is.
///
/// The same numbers mean other points in other forms: `[[1,2,3],[4,5,6]]` is two points with pressure, or
/// three in QuickDraw's columns. So nothing is guessed from them: a record with two of the keys, or with
/// none, is refused.
enum InkForm: String, CaseIterable {
  /// Strokes of points, as arrays or objects; signature_pad's and MyScript's strokes too.
  case strokes
  /// Groups of strokes, as MyScript's batch requests have them.
  case strokeGroups
  /// QuickDraw's columns.
  case drawing

  /// The form of a record; nil of an array, which is strokes alone.
  static func of(_ record: JSONValue) throws -> InkForm? {
    if record.kind == .array { return nil }
    let forms = allCases.filter { form in
      // A text under `drawing` may be anything.
      record[form.rawValue].map { $0.kind == .array || form == .strokes } ?? false
    }
    guard let form = forms.first else {
      throw record.failure(
        "key 'strokes' is missing, and so are 'strokeGroups' (MyScript) and 'drawing' (QuickDraw)")
    }
    guard forms.count == 1 else {
      throw InkError.form("'\(form.rawValue)' and '\(forms[1].rawValue)' both hold strokes")
    }
    return form
  }

  /// The strokes of a record.
  static func read(_ record: JSONValue) throws -> [Stroke] {
    var reader = StrokeReader()
    switch try of(record) {
    case nil: try reader.addSignature(record)
    case .strokes: try reader.add(record.require("strokes"))
    case .strokeGroups: try reader.addStrokeGroups(record)
    case .drawing: try reader.addQuickDraw(record.require("drawing"))
    }
    return reader.strokes
  }

  /// Whether the strokes of a record are as `segment` writes them: arrays of `[x, y]`.
  static func isPlain(_ record: JSONValue) -> Bool {
    guard let strokes = record["strokes"] else { return false }
    return strokes.elements.allSatisfy { stroke in
      stroke.kind == .array && stroke.elements.allSatisfy { $0.kind == .array && $0.count == 2 }
    }
  }
}

/// Collects strokes within the limits of a drawing.
struct StrokeReader {
  private(set) var strokes: [Stroke] = []
  private var pointCount = 0

  /// The number of the stroke that comes next.
  var number: Int { strokes.count + 1 }

  /// Adds all strokes of an array.
  mutating func add(_ list: JSONValue) throws {
    guard list.kind == .array else { throw InkError.strokes(list.kindName) }
    guard strokes.count + list.count <= Drawing.strokeLimit else {
      throw Drawing.tooManyStrokes(strokes.count + list.count)
    }
    strokes.reserveCapacity(strokes.count + list.count)
    for value in list.elements {
      switch value.kind {
      case .array: try add(Self.points(of: value, stroke: number))
      case .object: try add(Self.points(ofObject: value, stroke: number))
      default:
        throw InkError.stroke(number, "is \(value.kindName), expected an array of points")
      }
    }
  }

  /// Adds a stroke through points.
  mutating func add(_ points: [Point]) throws {
    guard !points.isEmpty else { throw InkError.stroke(number, "has no points") }
    guard number <= Drawing.strokeLimit else { throw Drawing.tooManyStrokes(number) }
    pointCount += points.count
    guard pointCount <= Drawing.pointLimit else { throw Drawing.tooManyPoints }
    strokes.append(Stroke(points))
  }

  /// The points of an array: `[x, y]`, each with up to two numbers more, pressure and time, or objects
  /// with `x` and `y`.
  static func points(of value: JSONValue, stroke: Int) throws -> [Point] {
    var points: [Point] = []
    points.reserveCapacity(min(value.count, Drawing.pointLimit))
    var size = 0
    for element in value.elements {
      if element.kind == .object {
        points.append(try point(of: element, stroke: stroke))
        continue
      }
      guard element.kind == .array else {
        throw InkError.stroke(stroke, "point is \(element.kindName), expected [x, y]")
      }
      if size == 0 { size = element.count }
      guard (2...4).contains(element.count), element.count == size else {
        throw wrongSize(element.count, after: size, stroke: stroke)
      }
      var point = Point.zero
      var index = 0
      for number in element.elements {
        guard let coordinate = number.double else {
          throw InkError.stroke(stroke, "coordinate is \(number.kindName), expected a number")
        }
        if index < 2 { point[index] = coordinate }
        index += 1
      }
      try Drawing.check(point, stroke: stroke)
      points.append(point)
    }
    return points
  }

  private static func wrongSize(_ count: Int, after size: Int, stroke: Int) -> InkError {
    let noun = count == 1 ? "coordinate" : "coordinates"
    var rule = "point has \(count) \(noun), expected [x, y]"
    if (2...4).contains(count) { rule = "point has \(count) numbers, the first has \(size)" }
    if count > 4 { rule += "; columns of numbers are read under 'drawing'" }
    return .stroke(stroke, rule)
  }

  /// The numbers of columns of the same length: x and y.
  static func points(_ x: JSONValue, _ y: JSONValue, stroke: Int) throws -> [Point] {
    var columns: ([Double], [Double]) = ([], [])
    do {
      try x.doubles(into: &columns.0)
      try y.doubles(into: &columns.1)
    } catch { throw InkError.stroke(stroke, "x and y must be arrays of numbers") }
    guard columns.0.count == columns.1.count else {
      throw InkError.stroke(
        stroke, "x has \(columns.0.count) numbers, y has \(columns.1.count)")
    }
    return try zip(columns.0, columns.1).map { x, y in
      let point = Point(x, y)
      try Drawing.check(point, stroke: stroke)
      return point
    }
  }

  /// A point as an object.
  private static func point(of value: JSONValue, stroke: Int) throws -> Point {
    guard let x = value["x"]?.double, let y = value["y"]?.double else {
      throw InkError.stroke(stroke, "point has no numbers under 'x' and 'y'")
    }
    let point = Point(x, y)
    try Drawing.check(point, stroke: stroke)
    return point
  }

  /// A stroke as an object: signature_pad's has `points`, MyScript's `x` and `y`.
  private static func points(ofObject value: JSONValue, stroke: Int) throws -> [Point] {
    switch (value["points"], value["x"], value["y"]) {
    case (let points?, nil, nil): return try signaturePoints(points, stroke: stroke)
    case (nil, let x?, let y?): return try Self.points(x, y, stroke: stroke)
    case (nil, _, _): throw InkError.stroke(stroke, "object has neither 'points' nor 'x' and 'y'")
    default: throw InkError.stroke(stroke, "object has 'points' and 'x' or 'y': which is meant?")
    }
  }
}
