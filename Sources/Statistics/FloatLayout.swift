import Streams

/// How the wanted numbers stand in a row of a table.
final class FloatLayout {
  private let fields: [NpyField]
  /// Where they begin in a row, if all are floats in a row and aligned.
  private let start: Int?
  private let rowSize: Int
  private var copy: [Float] = []

  /// The layout of these fields in rows of so many bytes.
  init(_ fields: [NpyField], rowSize: Int) {
    self.fields = fields
    self.rowSize = rowSize
    let runs = FieldRun.runs(fields)
    let isPlain = runs.count == 1 && runs[0].scalar == .float32 && rowSize % 4 == 0
    start = isPlain && runs[0].offset % 4 == 0 ? runs[0].offset : nil
  }

  /// Gives the numbers of a table as floats, where they are if that can be, and copied otherwise.
  ///
  /// `body` gets the first number of the first row, how many rows there are, and how many numbers one
  /// is from the next.
  func withFloats(
    _ array: NpyArray, _ body: (UnsafePointer<Float>, Int, Int) throws -> Void
  ) rethrows {
    let rows = array.count
    guard rows > 0 else { return }
    try array.bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      if let start, Int(bitPattern: base) % 4 == 0 {
        let numbers = (base + start).assumingMemoryBound(to: Float.self)
        return try body(numbers, rows, rowSize / 4)
      }
      copy.removeAll(keepingCapacity: true)
      for row in 0..<rows {
        for field in fields {
          let place = row * rowSize + field.offset
          copy.append(
            field.scalar == .float32
              ? bytes.loadUnaligned(fromByteOffset: place, as: Float.self)
              : Float(bytes.loadUnaligned(fromByteOffset: place, as: Double.self)))
        }
      }
      try copy.withUnsafeBufferPointer { copy in
        guard let start = copy.baseAddress else { return }
        try body(start, rows, fields.count)
      }
    }
  }
}
