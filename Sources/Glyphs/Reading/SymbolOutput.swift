import NeuralNet
import Streams

/// Writes what glyphs could be, one line a drawing:
/// `{"id":"a1","symbols":[{"first":0,"last":2,"box":[...],"top":[["4",0.98],["9",0.01]]},...]}`.
public struct SymbolOutput {
  private let reader: GlyphReader
  private let top: Int
  private let output: ByteWriter
  private var json: JSONWriter

  /// Writes the `top` likeliest classes of each glyph.
  public init(_ reader: GlyphReader, top: Int, _ output: ByteWriter) {
    self.reader = reader
    self.top = top
    self.output = output
    json = JSONWriter(output)
  }

  /// One array: a table of one drawing or several, or a plain array that is one drawing.
  public mutating func write(_ array: NpyArray, number: Int) throws {
    let glyphs = try byteRows(array, trailing: reader.shape)
    guard case .structured = array.type else {
      try writePlain(glyphs, number)
      return
    }
    let id = try textField(array, "id")
    let first = try array.field("first", .int32)
    let last = try array.field("last", .int32)
    let box = try array.field("box", .float32, [4])
    let isSymbol = try (0..<array.count).map { row in
      let (start, end) = (array.int32(first, row: row), array.int32(last, row: row))
      guard 0 <= start, start <= end else {
        throw NetworkError.model("row \(row + 1) needs 0 <= first <= last: \(start), \(end)")
      }
      return start < end
    }
    let ids = try (0..<array.count).map { try array.text(id, row: $0) }
    // A row without strokes holds the place of an empty drawing and is not read.
    let size = reader.shape.reduce(1, *)
    var wanted: [UInt8] = []
    for row in 0..<array.count where isSymbol[row] {
      wanted += glyphs[row * size..<(row + 1) * size]
    }
    let probabilities = try reader.probabilities(wanted)
    let classes = reader.model.classes.count
    var (row, place) = (0, 0)
    repeat {
      let name = row < array.count ? ids[row] : String(number)
      begin(name)
      while row < array.count, ids[row] == name {
        if isSymbol[row] {
          json.beginObject()
          json.key("first")
          json.value(Int(array.int32(first, row: row)))
          json.key("last")
          json.value(Int(array.int32(last, row: row)))
          json.key("box")
          json.beginArray()
          for corner in 0..<4 { json.value(array.float(box, row: row, corner)) }
          json.endArray()
          writeTop(probabilities[place * classes..<(place + 1) * classes])
          json.endObject()
          place += 1
        }
        row += 1
      }
      end()
    } while row < array.count
  }

  /// Pictures that are a drawing each, of one character.
  public mutating func write(pictures glyphs: [UInt8], numbered drawings: inout Int) throws {
    let probabilities = try reader.probabilities(glyphs)
    let classes = reader.model.classes.count
    for start in stride(from: 0, to: probabilities.count, by: classes) {
      drawings += 1
      begin(String(drawings))
      writePlace(0, probabilities[start..<start + classes])
      end()
      try output.commit()
    }
  }

  private mutating func writePlain(_ glyphs: [UInt8], _ number: Int) throws {
    let probabilities = try reader.probabilities(glyphs)
    let classes = reader.model.classes.count
    begin(String(number))
    for place in 0..<probabilities.count / classes {
      writePlace(place, probabilities[place * classes..<(place + 1) * classes])
    }
    end()
  }

  private func textField(_ array: NpyArray, _ name: String) throws -> NpyField {
    guard let field = array.field(name), case .bytes = field.scalar, field.shape.isEmpty else {
      throw NetworkError.model("table has no field '\(name)' of type 'S'")
    }
    return field
  }

  private mutating func begin(_ id: String) {
    json.beginObject()
    json.key("id")
    json.value(id)
    json.key("symbols")
    json.beginArray()
  }

  private mutating func end() {
    json.endArray()
    json.endObject()
    json.endLine()
  }

  private mutating func writePlace(_ place: Int, _ probabilities: ArraySlice<Float>) {
    json.beginObject()
    json.key("first")
    json.value(place)
    json.key("last")
    json.value(place + 1)
    writeTop(probabilities)
    json.endObject()
  }

  private mutating func writeTop(_ probabilities: ArraySlice<Float>) {
    json.key("top")
    json.beginArray()
    for place in GlyphReader.top(top, of: probabilities) {
      json.beginArray()
      json.value(reader.model.classes[place])
      json.value(probabilities[probabilities.startIndex + place])
      json.endArray()
    }
    json.endArray()
  }
}
