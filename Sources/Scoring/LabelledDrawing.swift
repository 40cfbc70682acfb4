import Alphabet
import Ink
import Mechanics
import Streams

/// What was written: the text of a drawing, and where its characters stand.
public struct LabelledDrawing: Sendable {
  /// A character that was written.
  public struct Character: Sendable {
    /// Its text, in the spelling of `Alphabet.spelled(_:)`.
    public let text: String
    /// The box around its strokes.
    public let box: Box
    /// Which strokes these are, as indices into the drawing; none where that is not told.
    public let strokes: [Int]

    /// A character in its box.
    public init(text: String, box: Box, strokes: [Int] = []) {
      self.text = text
      self.box = box
      self.strokes = strokes
    }
  }

  /// The drawing's id.
  public let id: String
  /// The writer; nil where it is not known.
  public let writer: String?
  /// The text that was written, in the spelling of `Alphabet.spelled(_:)`.
  public let text: String
  /// The same in LaTeX, in the spelling of `spelledLatex(_:)`; nil where a text says it all.
  public let latex: String?
  /// What it comes to.
  public let value: TrueValue
  /// What is in it, of `kinds`.
  public let kinds: [String]
  /// How many strokes it has.
  public let strokeCount: Int
  /// Its characters, in any order; none where they are not told.
  public let characters: [Character]

  /// What a drawing may have in it, in the order of reports.
  public static let kinds = ["fraction", "power", "root", "linear"]

  /// A drawing that is known.
  public init(id: String, writer: String? = nil, text: String, characters: [Character]) {
    self.id = id
    self.writer = writer
    self.text = Alphabet.spelled(text)
    self.characters = characters
    (latex, kinds, strokeCount) = (nil, [], 0)
    value = TrueValue(of: self.text)
  }

  /// Reads `{"id","truth","strokes","groups":[{"label","strokes":[indices]}],"writer"}`.
  ///
  /// Where there is `latex`, it is the text, and `value` what it comes to, `value_kind` how that is
  /// written, `kinds` what is in it; the characters may be called `symbols`. A missing id becomes the
  /// line's number, as in `segment`. Throws `badData` where the truth is missing or a group names a
  /// stroke that does not exist.
  public init(_ record: JSONValue, line: Int) throws {
    try self.init(record, of: try Drawing(record, line: line))
  }

  /// Reads what the record of a drawing says beyond its strokes.
  init(_ record: JSONValue, of drawing: Drawing) throws {
    id = drawing.id
    writer = try Drawing.writer(of: record)
    let truth = try record.require("truth")
    guard let text = truth.string else {
      throw truth.failure("truth must be a string, got \(truth.kindName)")
    }
    self.text = Alphabet.spelled(text)
    latex = record["latex"]?.string.map(spelledLatex)
    value = try latex == nil ? TrueValue(of: self.text) : TrueValue(record)
    kinds = record["kinds"]?.elements.compactMap(\.string) ?? []
    strokeCount = drawing.strokes.count
    characters =
      try (record["groups"] ?? record["symbols"])?.elements.compactMap { group in
        // Groups of a segmentation have no label: they are no truth.
        guard let label = group["label"]?.string else { return nil }
        let strokes = try group.require("strokes").elements.map { index in
          guard let number = index.int, drawing.strokes.indices.contains(number) else {
            throw index.failure(
              "group names a stroke that is not in 0 ..< \(drawing.strokes.count)")
          }
          return number
        }
        return Box(around: strokes.map { drawing.strokes[$0] }).map {
          Character(text: Alphabet.spelled(label), box: $0, strokes: strokes)
        }
      } ?? []
  }

  /// Whether the text has one of `+ - × ÷ / =`.
  public var hasOperator: Bool {
    text.contains { character in
      switch Alphabet.entry(of: character)?.kind {
      case .sign, .operation, .equals, .root, .factorial, .percent: true
      case .digit, .point, .comma, .open, .close, nil: false
      }
    }
  }
}

/// The drawings of a file, of which no two have the same id.
public struct LabelledDrawings {
  /// The file's name.
  let name: String
  /// The ids of all.
  let ids: Set<String>
  /// Those that are to be scored, in order.
  let kept: [LabelledDrawing]

  /// Reads a file; of its drawings those in `fold` are kept, all where it is nil.
  public init(_ path: String, keeping fold: HoldOut?, maxLine: Int) throws {
    try self.init(path, maxLine: maxLine) { fold?.contains($0.writer) ?? true }
  }

  /// Reads a file; its drawings are kept that are not in `fold`, all where it is nil.
  public init(_ path: String, leavingOut fold: HoldOut?, maxLine: Int) throws {
    try self.init(path, maxLine: maxLine) { !(fold?.contains($0.writer) ?? false) }
  }

  private init(_ path: String, maxLine: Int, keeping isKept: (LabelledDrawing) -> Bool) throws {
    var ids: Set<String> = []
    var kept: [LabelledDrawing] = []
    let reader = ByteReader([path])
    reader.limits.line = maxLine
    try reader.ndjson { record in
      let drawing = try LabelledDrawing(record, line: reader.lineNumber)
      guard ids.insert(drawing.id).inserted else {
        throw record.failure("second drawing with the id '\(drawing.id)'")
      }
      if isKept(drawing) { kept.append(drawing) }
    }
    (name, self.ids, self.kept) = (path, ids, kept)
  }
}
