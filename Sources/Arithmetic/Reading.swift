/// One way to read a drawing.
public struct Reading: Equatable, Sendable {
  /// The characters, from left to right.
  public var text: String
  /// How likely this reading is among all that were weighed.
  public var probability: Double
  /// The candidates it is made of.
  public var symbols: [Symbol]

  /// What its score is the sum of, before weights; nil of a text, which is not weighed.
  var terms: Weights.Terms?
  /// What tells how sure it is; nil of all but the best reading of ink.
  var measures: Confidence.Measures?
  /// The weights by which it was compared with others.
  var weights = Weights.standard

  /// A reading of its text.
  public init(text: String, probability: Double, symbols: [Symbol]) {
    self.text = text
    self.probability = probability
    self.symbols = symbols
  }

  /// Why a character is read as it is, in natural logarithms: what can be compared with other readings of
  /// the same strokes.
  public struct Reasons: Equatable, Sendable {
    /// The probability of its picture.
    let picture: Double
    /// The likelihood of its size, and of its place on the line, less those of what is no character.
    let size, place: Double
    /// How usual it is behind what stands before it.
    let usage: Double
    /// How much likelier its line is than all lines it could stand on.
    let line: Double
  }

  /// A character of a reading.
  public struct Symbol: Equatable, Sendable {
    /// What it is read as.
    public let text: String
    /// How likely that is, by its picture and its place.
    public let probability: Double
    /// The candidate that was read.
    public let candidate: LatticeSymbol
    /// How many exponents it stands in, within its row.
    public var level = 0
    /// Why it is read so.
    var reasons: Reasons?
  }
}
