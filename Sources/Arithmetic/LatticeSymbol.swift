import Alphabet
import Streams

/// A candidate character of a drawing: where it is and what it could be.
public struct LatticeSymbol: Equatable, Sendable {
  /// The first position covered: strokes are counted from left to right.
  public let first: Int
  /// One past the last position covered.
  public let last: Int
  /// Which strokes it covers, ascending: those at its positions, where nothing else is said.
  public let strokes: [Int]
  /// Its box in the units of the ink, y down.
  public let box: Box
  /// What it could be, the likeliest first; `none` says that it is no character at all.
  public let top: [(text: String, probability: Double)]

  /// The corners of a box.
  public struct Box: Equatable, Sendable {
    /// Left, top, right and bottom.
    public let x0, y0, x1, y1: Double

    /// A box from its corners.
    public init(x0: Double, y0: Double, x1: Double, y1: Double) {
      (self.x0, self.y0, self.x1, self.y1) = (x0, y0, x1, y1)
    }

    var width: Double { x1 - x0 }
    var height: Double { y1 - y0 }
    var middle: Double { (y0 + y1) / 2 }
  }

  /// A candidate that covers the positions `first ..< last`, which are its strokes unless these are named.
  public init(
    first: Int, last: Int, strokes: [Int]? = nil, box: Box,
    top: [(text: String, probability: Double)]
  ) {
    self.first = first
    self.last = last
    self.strokes = strokes ?? Array(first..<last)
    self.box = box
    self.top = top
  }

  /// Whether place, box and alternatives are the same.
  public static func == (one: LatticeSymbol, other: LatticeSymbol) -> Bool {
    one.first == other.first && one.last == other.last && one.strokes == other.strokes
      && one.box == other.box
      && one.top.elementsEqual(other.top) { $0 == $1 }
  }
}

extension LatticeSymbol {
  /// The candidates of a drawing, as `lenet-infer` writes them under `symbols`.
  ///
  /// Each has its `strokes`; or none has, and they are a chain of positions. Throws `badData` where one
  /// is malformed, or where no chain of them covers all positions.
  public static func lattice(_ value: JSONValue) throws -> [LatticeSymbol] {
    guard value.kind == .array else {
      throw value.failure("symbols: expected an array, got \(value.kindName)")
    }
    let symbols = try value.elements.map(LatticeSymbol.init)
    let named = value.elements.count { $0["strokes"] != nil }
    guard named == 0 || named == symbols.count else {
      throw value.failure(
        "symbols: \(named) of \(symbols.count) have strokes, expected all or none")
    }
    if named == 0, let gap = gap(in: symbols) {
      throw value.failure("symbols: no chain of candidates leads beyond position \(gap)")
    }
    return symbols
  }

  private init(_ value: JSONValue) throws {
    let first = try Self.position(value.require("first"))
    let last = try Self.position(value.require("last"))
    guard first < last else {
      throw value.failure("first must be less than last: \(first), \(last)")
    }
    self.init(
      first: first, last: last, strokes: try value["strokes"].map(Self.strokes),
      box: try Self.box(value.require("box")), top: try Self.top(value.require("top")))
  }

  /// The most strokes of a lattice: as many as a drawing has, and some.
  static let positionLimit = 2048

  private static func position(_ value: JSONValue) throws -> Int {
    guard let position = value.int, (0...positionLimit).contains(position) else {
      throw value.failure("expected a position in 0...\(positionLimit)")
    }
    return position
  }

  /// Numbers of strokes, ascending.
  static func strokes(_ value: JSONValue) throws -> [Int] {
    let strokes = try value.elements.map(position)
    guard !strokes.isEmpty, zip(strokes, strokes.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw value.failure("strokes must be numbers of strokes, ascending")
    }
    return strokes
  }

  private static func box(_ value: JSONValue) throws -> Box {
    var corners: [Double] = []
    try value.doubles(into: &corners)
    guard corners.count == 4 else {
      throw value.failure("box has \(corners.count) numbers, expected [x0, y0, x1, y1]")
    }
    guard corners[0] <= corners[2], corners[1] <= corners[3],
      corners.allSatisfy({ abs($0) <= 1e12 })
    else { throw value.failure("box must have x0 <= x1 and y0 <= y1, all within 1e12") }
    return Box(x0: corners[0], y0: corners[1], x1: corners[2], y1: corners[3])
  }

  /// The most alternatives of a candidate: more than there are characters.
  static let topLimit = 256

  private static func top(_ value: JSONValue) throws -> [(text: String, probability: Double)] {
    guard value.kind == .array, value.count > 0 else {
      throw value.failure("top: expected pairs [text, probability]")
    }
    guard value.count <= topLimit else {
      throw value.failure("top: expected at most \(topLimit) pairs, got \(value.count)")
    }
    return try value.elements.map { pair in
      let parts = Array(pair.elements)
      guard parts.count == 2, let text = parts[0].string, let probability = parts[1].double else {
        throw pair.failure("top: expected a pair [text, probability]")
      }
      guard text == Alphabet.none || text.count == 1 else {
        throw parts[0].failure("top: expected one character or none, got '\(text)'")
      }
      guard (0...1).contains(probability) else {
        throw parts[1].failure("probability must be in 0...1: \(probability)")
      }
      return (text, probability)
    }
  }

  /// Where every chain that starts at 0 ends too early; nil where one reaches the end.
  private static func gap(in symbols: [LatticeSymbol]) -> Int? {
    let end = symbols.reduce(0) { max($0, $1.last) }
    var reached: Set<Int> = [0]
    for symbol in symbols.sorted(by: { $0.first < $1.first }) where reached.contains(symbol.first) {
      reached.insert(symbol.last)
    }
    return reached.contains(end) ? nil : reached.max()
  }
}
