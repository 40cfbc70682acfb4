/// Which points of a line are drawn, where more lie in a column of pixels than can be seen.
///
/// Source: U. Jugel and others, "M4: a visualization-oriented time series data aggregation", 2014: of each column the
/// first, the last, the lowest and the highest point make the same picture as all of them.
enum PlotThinning {
  /// A point of the picture; x ascends.
  struct Point: Equatable {
    let x, y: Int
  }

  /// The width of a picture.
  private static let width = 2000

  /// The points of a line that make its picture.
  static func thinned(_ points: [Point], columns: Int) -> [Point] {
    guard points.count > 2 * columns else { return points }
    var result: [Point] = []
    each(points, columns) { column in
      let places = column.indices
      guard let first = places.first, let last = places.last else { return }
      let low = places.min { column[$0].y < column[$1].y } ?? first
      let high = places.max { column[$0].y < column[$1].y } ?? first
      var before = -1
      for place in [first, min(low, high), max(low, high), last] where place > before {
        result.append(column[place])
        before = place
      }
    }
    return result
  }

  /// The lowest and the highest point of each column, where there are many.
  static func extremes(_ points: [Point], columns: Int) -> [Point] {
    guard points.count > 2 * columns else { return points }
    var result: [Point] = []
    each(points, columns) { column in
      guard let low = column.min(by: { $0.y < $1.y }), let high = column.max(by: { $0.y < $1.y })
      else { return }
      result += low == high ? [low] : [low, high]
    }
    return result
  }

  private static func each(
    _ points: [Point], _ columns: Int, _ body: (ArraySlice<Point>) -> Void
  ) {
    func column(_ point: Point) -> Int { min(max(point.x, 0), width) * columns / width }
    var start = 0
    for place in points.indices
    where place + 1 == points.count || column(points[place + 1]) != column(points[start]) {
      body(points[start...place])
      start = place + 1
    }
  }
}

/// The text of a path, as short as it can be: whole numbers, and steps from the last point.
struct PathText {
  private var bytes: [UInt8] = []
  private var (x, y) = (0, 0)
  /// What the last command was; numbers alone go on with a line.
  private var last: UInt8 = 0

  /// The path so far; the next one begins.
  mutating func take() -> String {
    defer {
      bytes.removeAll(keepingCapacity: true)
      last = 0
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Goes to a point without a line.
  mutating func move(_ x: Int, _ y: Int) {
    command(UInt8(ascii: "M"))
    number(x)
    number(y)
    (self.x, self.y) = (x, y)
  }

  /// A line to a point.
  mutating func line(_ x: Int, _ y: Int) {
    if last != UInt8(ascii: "l") { command(UInt8(ascii: "l")) }
    number(x - self.x)
    number(y - self.y)
    (self.x, self.y) = (x, y)
  }

  /// A line up or down.
  mutating func vertical(_ y: Int) {
    command(UInt8(ascii: "V"))
    number(y)
    self.y = y
  }

  /// A line to the left or right.
  mutating func horizontal(_ x: Int) {
    command(UInt8(ascii: "H"))
    number(x)
    self.x = x
  }

  /// A line back to where the last move went.
  mutating func close() { command(UInt8(ascii: "z")) }

  private mutating func command(_ letter: UInt8) {
    bytes.append(letter)
    last = letter
  }

  private mutating func number(_ value: Int) {
    if value >= 0, let end = bytes.last, end < 0x41 { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: String(value).utf8)
  }
}
