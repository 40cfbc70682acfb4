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
    self.top = min(top, reader.possible)
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
    let strokes = strokesField(array)
    let isSymbol = try (0..<array.count).map { row in
      let (start, end) = (array.int32(first, row: row), array.int32(last, row: row))
      guard 0 <= start, start <= end else {
        throw NetworkError.model("row \(row + 1) needs 0 <= first <= last: \(start), \(end)")
      }
      return start < end
    }
    let ids = try (0..<array.count).map { try array.text(id, row: $0) }
    let record = array.field("record") == nil ? nil : try textField(array, "record")
    // A row without strokes holds the place of an empty drawing and is not read.
    let size = reader.shape.reduce(1, *)
    var wanted: [UInt8] = []
    for row in 0..<array.count where isSymbol[row] {
      wanted += glyphs[row * size..<(row + 1) * size]
    }
    let readings = try Readings(reader, wanted)
    var (row, place) = (0, 0)
    repeat {
      let name = row < array.count ? ids[row] : String(number)
      try begin(name, beside: row < array.count ? record.map { try array.text($0, row: row) } : nil)
      while row < array.count, ids[row] == name {
        if isSymbol[row] {
          json.beginObject()
          json.key("first")
          json.value(Int(array.int32(first, row: row)))
          json.key("last")
          json.value(Int(array.int32(last, row: row)))
          if let strokes {
            json.key("strokes")
            json.beginArray()
            for place in 0..<strokes.shape[0] {
              let stroke = array.int32(strokes, row: row, place)
              if stroke >= 0 { json.value(Int(stroke)) }
            }
            json.endArray()
          }
          json.key("box")
          json.beginArray()
          for corner in 0..<4 { json.value(array.float(box, row: row, corner)) }
          json.endArray()
          writeTop(readings[place])
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
    let readings = try Readings(reader, glyphs)
    for place in 0..<readings.count {
      drawings += 1
      try begin(String(drawings))
      writePlace(0, readings[place])
      end()
      try output.commit()
    }
  }

  private mutating func writePlain(_ glyphs: [UInt8], _ number: Int) throws {
    let readings = try Readings(reader, glyphs)
    try begin(String(number))
    for place in 0..<readings.count { writePlace(place, readings[place]) }
    end()
  }

  private func textField(_ array: NpyArray, _ name: String) throws -> NpyField {
    guard let field = array.field(name), case .bytes = field.scalar, field.shape.isEmpty else {
      throw NetworkError.model("table has no field '\(name)' of type 'S'")
    }
    return field
  }

  /// The strokes of each glyph; tables of older releases have none.
  private func strokesField(_ array: NpyArray) -> NpyField? {
    guard let field = array.field("strokes"), case .int32 = field.scalar, field.shape.count == 1
    else { return nil }
    return field
  }

  /// Begins an object: the id, and what else came with the drawing, a JSON object.
  private mutating func begin(_ id: String, beside record: String? = nil) throws {
    json.beginObject()
    json.key("id")
    json.value(id)
    if var record, !record.isEmpty {
      try record.withUTF8 { bytes in
        try withJSON(UnsafeRawBufferPointer(bytes), name: "record of '\(id)'") { record in
          guard record.kind == .object else {
            throw record.failure("expected an object, got \(record.kindName)")
          }
          for (key, value) in record.members where key != "id" && key != "symbols" {
            json.key(key)
            json.copy(value)
          }
        }
      }
    }
    json.key("symbols")
    json.beginArray()
  }

  private mutating func end() {
    json.endArray()
    json.endObject()
    json.endLine()
  }

  private mutating func writePlace(_ place: Int, _ probabilities: ArraySlice<Float>?) {
    json.beginObject()
    json.key("first")
    json.value(place)
    json.key("last")
    json.value(place + 1)
    writeTop(probabilities)
    json.endObject()
  }

  /// The likeliest classes, or what is known of a glyph without ink.
  private mutating func writeTop(_ probabilities: ArraySlice<Float>?) {
    json.key("top")
    json.beginArray()
    guard let probabilities else {
      write(Characters.all[Characters.none], 1)
      return json.endArray()
    }
    for place in GlyphReader.top(top, of: probabilities) {
      write(reader.model.classes[place], probabilities[probabilities.startIndex + place])
    }
    json.endArray()
  }

  private mutating func write(_ text: String, _ probability: Float) {
    json.beginArray()
    json.value(text)
    json.value(probability)
    json.endArray()
  }
}

/// What each of some glyphs could be.
private struct Readings {
  private let probabilities: [Float]
  private let classes: Int
  private let isBlank: [Bool]

  init(_ reader: GlyphReader, _ glyphs: [UInt8]) throws {
    probabilities = try reader.probabilities(glyphs)
    classes = reader.model.classes.count
    let size = reader.shape.reduce(1, *)
    isBlank = stride(from: 0, to: glyphs.count, by: size).map { start in
      glyphs[start..<start + size].allSatisfy { $0 == 0 }
    }
  }

  var count: Int { isBlank.count }

  /// The probabilities of a glyph; nil where there is no ink, of which no network need say anything.
  subscript(place: Int) -> ArraySlice<Float>? {
    isBlank[place] ? nil : probabilities[place * classes..<(place + 1) * classes]
  }
}
