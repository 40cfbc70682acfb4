import Streams

/// One drawing: the unit of work of the ink tools.
public struct Drawing: Equatable, Sendable {
  /// The id that it keeps through a pipeline.
  public var id: String
  /// The strokes in the order they were given.
  public var strokes: [Stroke]
  /// Candidates for characters, from a segmentation; nil where there was none.
  public var groups: [Group]?
  /// What else came with it, as a JSON object, which travels in its pictures; empty where there is
  /// nothing.
  var record = ""

  /// A drawing.
  public init(id: String, strokes: [Stroke], groups: [Group]? = nil) {
    self.id = id
    self.strokes = strokes
    self.groups = groups
  }

  /// The most strokes of a drawing: as many as are read within two seconds.
  ///
  /// A page full of sums has some hundred.
  public static let strokeLimit = 2000
  /// The most points of a drawing.
  public static let pointLimit = 1_000_000
  /// The most bytes of what else comes with a drawing that travel with its pictures.
  public static let recordLimit = 1 << 14
  /// The largest coordinate, whatever its sign.
  public static let coordinateLimit = 1e9
}

/// Strokes that are one character, or could be: positions `first ..< last` of the strokes in reading
/// order, from left to right, or some of these.
public struct Group: Equatable, Sendable {
  /// Position of the first stroke.
  public var first: Int
  /// The position behind the last stroke.
  public var last: Int
  /// Which strokes these are, as indices into the drawing, ascending.
  public var strokes: [Int]
  /// The box around them, in the ink's unit, without the pen's width.
  public var box: Box

  /// A group.
  public init(first: Int, last: Int, strokes: [Int], box: Box) {
    self.first = first
    self.last = last
    self.strokes = strokes
    self.box = box
  }

  /// The strokes at `positions` of an order, ascending; there must be one at least.
  init(_ positions: some BidirectionalCollection<Int>, of order: [Int], _ strokes: [Stroke]) {
    first = positions.first ?? 0
    last = (positions.last ?? 0) + 1
    self.strokes = positions.map { order[$0] }.sorted()
    box = positions.dropFirst().reduce(strokes[order[first]].box) {
      $0.union(strokes[order[$1]].box)
    }
  }
}

/// What is wrong with ink; strokes, points and groups are counted from 1.
public enum InkError: Error, CustomStringConvertible {
  /// The id is no string, or one that no PNG and no table can carry.
  case id(String)
  /// The strokes are something else than an array.
  case strokes(String)
  /// The strokes are in no form that is read, or in two.
  case form(String)
  /// A stroke breaks a rule.
  case stroke(Int, String)
  /// A group breaks a rule.
  case group(Int, String)
  /// There are no groups where groups are needed.
  case noGroups
  /// A drawing is over a limit.
  case limit(String)
  /// A text in a picture is not what the ink tools write.
  case text(String)
  /// Pictures of a drawing are missing.
  case cutShort(String)

  /// The rule and the value found.
  public var description: String {
    switch self {
    case .id(let rule): "id \(rule)"
    case .strokes(let found): "'strokes' is \(found), expected an array of strokes"
    case .form(let rule): rule
    case .stroke(let number, let rule): "stroke \(number): \(rule)"
    case .group(let number, let rule): "group \(number): \(rule)"
    case .noGroups: "key 'groups' is missing; run segment first"
    case .limit(let rule): rule
    case .text(let rule): rule
    case .cutShort(let rule): rule
    }
  }
}
