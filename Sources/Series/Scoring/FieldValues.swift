import Days
import Streams

extension JSONWriter {
  /// Writes a field of a row as a key and its value; sub-arrays become flat arrays.
  mutating func write(_ array: NpyArray, _ field: NpyField, _ row: Int) throws {
    key(field.name)
    if case .bytes = field.scalar, field.shape.isEmpty {
      return value(try array.text(field, row: row))
    }
    let bytes = Array(array.bytes(field, row: row))
    if !field.shape.isEmpty { beginArray() }
    for place in stride(from: 0, to: bytes.count, by: max(1, field.scalar.size)) {
      bytes.withUnsafeBytes { bytes in
        switch field.scalar {
        case .uint8: value(Int(bytes[place]))
        case .int32: value(Int(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
        case .int64: value(Int(bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)))
        case .float32: value(bytes.loadUnaligned(fromByteOffset: place, as: Float.self))
        case .float64: value(bytes.loadUnaligned(fromByteOffset: place, as: Double.self))
        case .day:
          let number = bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)
          if let day = Day(stored: number) { value(day.description) } else { null() }
        case .bytes(let count):
          value(String(decoding: bytes[place..<place + count].prefix { $0 != 0 }, as: UTF8.self))
        }
      }
    }
    if !field.shape.isEmpty { endArray() }
  }
}
