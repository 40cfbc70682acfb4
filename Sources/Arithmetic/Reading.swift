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
    /// How many exponents it stands in, within its row.
    public var level = 0
  }
}
