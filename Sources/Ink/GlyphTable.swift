import Streams

/// Collects the glyphs of a drawing from a stream of pictures into a table of rows
/// `(id S64, first <i4, last <i4, strokes <i4[5], box <f4[4], image u1[28,28])`, where -1 is no stroke;
/// behind which a `record` of bytes stands where something else came with the drawing: in its first row,
/// as a JSON object.
///
/// The texts that `strokes2png --each-group` writes tell which pictures are one drawing: its last is
/// `group` N/N. A picture without `group` is a drawing of its own: id, if it has none, is its number in
/// the stream, first 0, last 1, box its pixels.
public struct GlyphTable {
  private let boxSide: Int
  private var pictures = 0
  private var rows: [Row] = []
  private var id = ""
  private var record = ""
  private var expected = 0

  private struct Row {
    var first: Int32
    var last: Int32
    var strokes: [Int32]
    var box: [Float]
    var image: [UInt8]
  }

  /// An empty table; `box` is the side of the square that the ink is scaled into, 1...28.
  public init(box: Int = Glyph.box) { boxSide = box }

  /// What is missing of the drawing at hand if `picture` comes next, or if nothing more does; the
  /// drawing is forgotten.
  public mutating func gap(before picture: Picture?) -> InkError? {
    guard !rows.isEmpty else { return nil }
    if let picture, picture.text("id") == id,
      picture.text("group") == "\(rows.count + 1)/\(expected)"
    {
      return nil
    }
    defer { rows = [] }
    return .cutShort("drawing '\(id)' is cut short: expected \(expected) groups, got \(rows.count)")
  }

  /// Adds a picture; returns the table when the drawing is complete.
  ///
  /// Throws `InkError` for texts that are not what `strokes2png` writes.
  public mutating func add(_ picture: Picture) throws -> NpyArray? {
    pictures += 1
    if rows.isEmpty { record = picture.text("record") ?? "" }
    guard let group = picture.text("group") else {
      id = picture.text("id") ?? String(pictures)
      try Drawing.check(id: id)
      let box = [0, 0, Float(picture.width), Float(picture.height)]
      let image = Glyph.ofPicture(
        picture.samples, width: picture.width, height: picture.height, box: boxSide)
      rows = [Row(first: 0, last: 1, strokes: [0], box: box, image: image)]
      return try complete()
    }
    let parts = group.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
      1 <= number, number <= count
    else { throw InkError.text("text 'group' is no k/N: '\(group)'") }
    id = try text("id", of: picture)
    try Drawing.check(id: id)
    guard number == rows.count + 1 else {
      throw InkError.cutShort("drawing '\(id)' starts with group \(group)")
    }
    expected = count
    guard let first = Int32(try text("first", of: picture)), first >= 0,
      let last = Int32(try text("last", of: picture)), first <= last
    else { throw InkError.text("texts 'first' and 'last' are no positions in order") }
    let box = try text("box", of: picture).split(separator: " ").compactMap { Float($0) }
    guard box.count == 4, box.allSatisfy(\.isFinite) else {
      throw InkError.text("text 'box' is not x0 y0 x1 y1: '\(try text("box", of: picture))'")
    }
    let image = Glyph.normalise(
      picture.samples, width: picture.width, height: picture.height, box: boxSide)
    rows.append(
      Row(
        first: first, last: last, strokes: try strokes(of: picture, first..<last), box: box,
        image: image))
    return number == count ? try complete() : nil
  }

  /// The strokes that a picture names; of one that names none, as many as its positions.
  private func strokes(of picture: Picture, _ positions: Range<Int32>) throws -> [Int32] {
    guard let text = picture.text("strokes") else { return Array(positions.prefix(1 << 14)) }
    let words = text.split(separator: " ")
    let strokes = words.compactMap { Int32($0) }
    guard strokes.count == words.count, strokes.allSatisfy({ $0 >= 0 }), strokes.count <= 1 << 14,
      zip(strokes, strokes.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw InkError.text("text 'strokes' is no list of strokes, ascending: '\(text)'") }
    return strokes
  }

  private func text(_ key: String, of picture: Picture) throws -> String {
    guard let text = picture.text(key) else {
      throw InkError.text("picture has a text 'group' but no '\(key)'")
    }
    return text
  }

  private mutating func complete() throws -> NpyArray {
    defer { rows = [] }
    // Longer ids and larger groups widen their fields.
    let width = rows.reduce(Lattice.longest) { max($0, $1.strokes.count) }
    var fields = [
      NpyField("id", .bytes(max(64, id.utf8.count))), NpyField("first", .int32),
      NpyField("last", .int32), NpyField("strokes", .int32, [width]),
      NpyField("box", .float32, [4]),
      NpyField("image", .uint8, [Glyph.side, Glyph.side]),
    ]
    let record = record.utf8.count
    guard record <= Drawing.recordLimit else {
      throw InkError.text("text 'record' is over \(Drawing.recordLimit) bytes: \(record)")
    }
    if record > 0 { fields.append(NpyField("record", .bytes(record))) }
    var table = NpyTable(fields, rows: rows.count)
    for (number, row) in rows.enumerated() {
      try table.append(id)
      table.append(row.first)
      table.append(row.last)
      table.append(row.strokes + repeatElement(-1, count: width - row.strokes.count))
      table.append(row.box)
      table.append(row.image)
      if record > 0 { try table.append(number == 0 ? self.record : "") }
    }
    return table.array
  }
}
