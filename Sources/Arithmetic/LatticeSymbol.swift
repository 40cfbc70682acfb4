/// A candidate character of a drawing: where it is and what it could be.
public struct LatticeSymbol: Equatable, Sendable {
  /// The first position covered: strokes are counted from left to right.
  public let first: Int
  /// One past the last position covered.
  public let last: Int
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

  /// A candidate that covers the positions `first ..< last`.
  public init(first: Int, last: Int, box: Box, top: [(text: String, probability: Double)]) {
    self.first = first
    self.last = last
    self.box = box
    self.top = top
  }

  /// Whether place, box and alternatives are the same.
  public static func == (one: LatticeSymbol, other: LatticeSymbol) -> Bool {
    one.first == other.first && one.last == other.last && one.box == other.box
      && one.top.elementsEqual(other.top) { $0 == $1 }
  }
}

/// One way to read a drawing.
public struct Reading: Equatable, Sendable {
  /// The characters, from left to right.
  public var text: String
  /// How likely this reading is among all that were weighed.
  public var probability: Double
  /// The candidates it is made of.
  public var symbols: [Symbol]

  /// A reading of its text.
  public init(text: String, probability: Double, symbols: [Symbol]) {
    self.text = text
    self.probability = probability
    self.symbols = symbols
  }

  /// A character of a reading.
  public struct Symbol: Equatable, Sendable {
    /// What it is read as.
    public let text: String
    /// How likely that is, by its picture and its place.
    public let probability: Double
    /// The candidate that was read.
    public let candidate: LatticeSymbol
  }
}
