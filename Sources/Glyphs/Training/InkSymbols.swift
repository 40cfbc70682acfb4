import Alphabet
import Ink
import Mechanics
import NeuralNet
import Streams

/// Some strokes of a drawing, and what they are.
public struct InkSymbol: Sendable {
  /// The class.
  public var label: Int
  /// The strokes.
  public var strokes: [Stroke]
  /// The size of the writing that they come from.
  public var writingSize: Double
  /// The writer.
  public var writer: String
  /// Where they come from.
  public var origin = Origin.written

  /// Where a symbol comes from.
  public enum Origin: Sendable {
    /// It was written as what it is.
    case written
    /// It was written, but as parts of characters: a wrong grouping, which is none.
    case wrongGroup
    /// It is a character put together from others.
    case composed
    /// It was made as what is no character.
    case scribble
  }
}

/// Labelled ink, symbol by symbol or expression by expression.
public struct InkCollection {
  /// All symbols, wrongly grouped ink included.
  public internal(set) var symbols: [InkSymbol] = []
  /// Which symbols are of which drawing, where their ids tell.
  private var drawings: [String: [Int]] = [:]

  /// The most wrong groups that a layout adds.
  private static let mostOfALayout = 4

  /// An empty collection.
  public init() {}

  /// Reads NDJSON: `{"id","label","writer","strokes"}`, or expressions with
  /// `"groups":[{"label","strokes":[indices]}]` in place of `label`; of expressions with `symbols` in its
  /// place, as layouts have them, only what is no character is learnt.
  public mutating func read(_ input: ByteReader) throws {
    try input.ndjson { object in
      let drawing = try Drawing(object, line: input.lineNumber)
      let (id, strokes) = (drawing.id, drawing.strokes)
      let writer = try Drawing.writer(of: object) ?? id
      if let groups = object["groups"] {
        try addExpression(strokes, groups, writer)
      } else if let layout = object["symbols"] {
        // Their characters are in files of symbols as well; where layout and ink disagree, labels may be
        // wrong.
        let isDoubtful = ["ungrouped", "odd_relations", "truth_differs"].contains {
          object[$0] != nil
        }
        if !isDoubtful { try addExpression(strokes, layout, writer, wrongGroupsOf: id) }
      } else {
        let labelValue = try object.require("label")
        guard let label = labelValue.string else {
          throw labelValue.failure("label must be a string, got \(labelValue.kindName)")
        }
        guard !strokes.isEmpty else { throw object.failure("symbol has no strokes") }
        guard !Alphabet.lookAlikes.contains(label) else { return }
        if let end = id.firstIndex(of: "#") {
          drawings[String(id[..<end]), default: []].append(symbols.count)
        }
        // Some write a ÷ as a slash, and no shape tells it from one.
        let drawn = object["variant"]?.string == "slash" ? "/" : label
        symbols.append(
          InkSymbol(
            label: Characters.index(of: drawn), strokes: strokes,
            writingSize: Ink.writingSize(strokes), writer: writer))
      }
    }
  }

  /// Gives symbols whose ids agree up to `#` the size of all they were written with.
  public mutating func shareSizes() {
    for members in drawings.values {
      let size = writingSize(members.flatMap { symbols[$0].strokes })
      for member in members { symbols[member].writingSize = size }
    }
  }

  /// Leaves out what some writers wrote.
  public mutating func remove(of isOut: (_ writer: String) -> Bool) {
    symbols.removeAll { isOut($0.writer) }
    // They are told by their places, which are others now.
    drawings = [:]
  }

  private mutating func addExpression(
    _ strokes: [Stroke], _ groups: JSONValue, _ writer: String, wrongGroupsOf layout: String? = nil
  ) throws {
    guard groups.kind == .array else {
      throw groups.failure("groups must be an array, got \(groups.kindName)")
    }
    var labelled: [(label: Int, members: Set<Int>)] = []
    for group in groups.elements {
      guard let label = try group.require("label").string else {
        throw group.failure("label must be a string")
      }
      let members = try group.require("strokes").elements.map { member in
        guard let index = member.int, strokes.indices.contains(index) else {
          throw member.failure("group must name strokes in 0 ..< \(strokes.count)")
        }
        return index
      }
      guard !members.isEmpty else { throw group.failure("group has no strokes") }
      labelled.append((Characters.index(of: label), Set(members)))
    }
    let size = writingSize(strokes)
    func add(_ label: Int, _ members: some Sequence<Int>, _ origin: InkSymbol.Origin) {
      symbols.append(
        InkSymbol(
          label: label, strokes: members.sorted().map { strokes[$0] }, writingSize: size,
          writer: writer, origin: origin))
    }
    var wrong = WrongGroups.find(strokes, labelled, writingSize: size)
    if let layout {
      // There are thousands of layouts: a few of each are as many as teach.
      var random = RandomNumbers(fnv1a(layout))
      random.shuffle(&wrong)
      wrong.removeLast(max(0, wrong.count - Self.mostOfALayout))
    } else {
      for group in labelled { add(group.label, group.members, .written) }
    }
    for members in wrong { add(Characters.none, members, .wrongGroup) }
  }
}
