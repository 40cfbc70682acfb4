/// The characters that the calculator reads, each with all that is known of it.
///
/// The grammar, the habits of writing, the classes of the network, the labels of training ink, the
/// scores and the page of the pad are made from this list: docs/adding-a-character.md.
public enum Alphabet {
  /// The characters, in the order of the network's classes.
  public static let entries: [Entry] =
    zip("0123456789", "０１２３４５６７８９").map { Entry($0, .digit, spellings: String($1)) } + [
      Entry("+", .sign(.add), spellings: "＋"),
      Entry(
        "-", .sign(.subtract), spellings: "−–—‒―－", labels: ["−"], shown: "−", tellsScale: false),
      Entry("×", .operation(.multiply), spellings: "*·⋅∙✕✖＊", labels: ["*", "\\times"]),
      Entry("÷", .operation(.divide), spellings: "∶:：", labels: ["\\div"]),
      Entry("(", .open, spellings: "（"),
      Entry(")", .close, spellings: "）"),
      Entry("=", .equals, spellings: "＝", isInImageSets: false),
      // A raised dot looks the same: its place on the line makes it a ×.
      Entry(
        ".", .point, spellings: "．", labels: ["·", "\\cdot"], isInImageSets: false,
        tellsScale: false),
      Entry("/", .operation(.divide), spellings: "∕⁄／", isInImageSets: false),
      Entry("√", .root, labels: ["\\sqrt"], isInImageSets: false, tellsScale: false),
      Entry(",", .comma, spellings: "，", isInImageSets: false, tellsScale: false),
      Entry("!", .factorial, spellings: "！", isInImageSets: false),
      Entry("%", .percent, spellings: "％", labels: ["\\%"], isInImageSets: false),
    ]

  /// Foreign symbols that no shape tells from ours: they teach neither what ours look like nor what
  /// does not, and training leaves them out.
  public static let lookAlikes: Set<String> = [
    "x", "X", "l", "I", "|", "i", "\\prime", "o", "O", "z", "Z", "s", "S", "b", "q", "g", "t",
    "c", "C", "y", "j", "\\int", "\\beta", "B", "G", "\\sigma", "\\theta", "\\lt", "\\gt", "\\{",
    "\\}", "[", "]", "\\leq", "\\geq", "T", "Y", "\\gamma",
  ]

  /// What a character does in an expression.
  public enum Kind: Hashable, Sendable {
    /// A digit of a number.
    case digit
    /// The decimal point.
    case point
    /// Opens a parenthesis.
    case open
    /// Closes one.
    case close
    /// An operation between two operands, or a sign before one.
    case sign(Operation)
    /// An operation between two operands.
    case operation(Operation)
    /// Separates the sides of an equation, or asks at the end.
    case equals
    /// The square root of what stands under it.
    case root
    /// Groups the digits of a number by threes, or stands before its decimals.
    case comma
    /// The product of all whole numbers up to what stands before it.
    case factorial
    /// A hundredth of what stands before it.
    case percent
  }

  /// What is done with two numbers.
  public enum Operation: Hashable, CaseIterable, Sendable {
    /// The sum.
    case add
    /// The difference.
    case subtract
    /// The product.
    case multiply
    /// The quotient.
    case divide

    /// How tightly it binds: the larger first.
    public var precedence: Int {
      switch self {
      case .add, .subtract: 1
      case .multiply, .divide: 2
      }
    }
  }

  /// A character of the list.
  public struct Entry: Sendable {
    /// The character, in the spelling of answers.
    public let character: Character
    /// What it does.
    public let kind: Kind
    /// Other characters that mean it in a text.
    public let spellings: [Character]
    /// Other names of what is drawn so, as labels of ink have them.
    public let labels: [String]
    /// The character as the page prints it.
    public let shown: Character
    /// Whether the image sets have pictures of it: these are the first classes.
    public let isInImageSets: Bool
    /// Whether its size tells how large the writing is; that of a dash or a dot does not.
    public let tellsScale: Bool

    init(
      _ character: Character, _ kind: Kind, spellings: String = "", labels: [String] = [],
      shown: Character? = nil, isInImageSets: Bool = true, tellsScale: Bool = true
    ) {
      self.character = character
      self.kind = kind
      self.spellings = Array(spellings)
      self.labels = labels
      self.shown = shown ?? character
      self.isInImageSets = isInImageSets
      self.tellsScale = tellsScale
    }

    /// The character as a text.
    public var text: String { String(character) }
  }
}

extension Alphabet {
  /// The class of what is no character.
  public static let none = "none"
  /// The network's classes: the characters, then `none`.
  public static let classes = entries.map(\.text) + [none]

  private static let places: [Character: Int] = Dictionary(
    uniqueKeysWithValues: entries.enumerated().flatMap { place, entry in
      ([entry.character] + entry.spellings).map { ($0, place) }
    })

  /// The entry that a character of a text means, in any of its spellings; nil where it is foreign.
  public static func entry(of character: Character) -> Entry? {
    places[character].map { entries[$0] }
  }

  /// The entry of a text of one character in the spelling of answers; nil of anything else.
  public static func entry(of text: String) -> Entry? {
    guard text.count == 1, let character = text.first, let entry = entry(of: character),
      entry.character == character
    else { return nil }
    return entry
  }

  /// A text without blanks, with one spelling for each character.
  public static func spelled(_ text: String) -> String {
    String(text.filter { !$0.isWhitespace }.map { entry(of: $0)?.character ?? $0 })
  }
}
