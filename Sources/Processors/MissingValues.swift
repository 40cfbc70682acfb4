import Streams

/// qlib's Fillna: a number in place of NaN.
public struct MissingValueFill {
  private let fields: TableFields
  private let value: Double
  private var known: (type: NpyType, runs: [FieldRun])?

  /// Fills these fields with this number.
  public init(_ fields: TableFields, value: Double) {
    self.fields = fields
    self.value = value
  }

  /// Fills a table in place.
  public mutating func fill(_ array: inout NpyArray) throws {
    if known?.type != array.type {
      known = (array.type, FieldRun.runs(try fields.find(in: array)))
    }
    let (wide, narrow) = (value, Float(value))
    array.edit(
      known?.runs ?? [],
      narrow: { numbers, _ in
        for place in numbers.indices {
          let number = numbers[place]
          numbers[place] = number == number ? number : narrow
        }
      },
      wide: { numbers, _ in
        for place in numbers.indices where numbers[place].isNaN { numbers[place] = wide }
      })
  }
}

/// qlib's DropnaLabel: leaves out the rows that lack a label.
public struct MissingLabelDrop {
  private let fields: TableFields
  /// How many rows were left out.
  public private(set) var dropped = 0

  /// Drops the rows where one of these fields is NaN.
  public init(_ fields: TableFields) { self.fields = fields }

  /// Drops rows of a table in place; one without rows is left where all go.
  public mutating func drop(_ array: inout NpyArray) throws {
    let fields = try fields.find(in: array)
    let (rows, size) = (array.count, array.type.size)
    var kept = 0
    array.bytes.withUnsafeMutableBytes { bytes in
      for row in 0..<rows {
        let lacks = fields.contains { field in
          let place = row * size + field.offset
          return field.scalar == .float32
            ? bytes.loadUnaligned(fromByteOffset: place, as: Float.self).isNaN
            : bytes.loadUnaligned(fromByteOffset: place, as: Double.self).isNaN
        }
        if lacks { continue }
        if kept < row, let start = bytes.baseAddress {
          (start + kept * size).copyMemory(from: start + row * size, byteCount: size)
        }
        kept += 1
      }
    }
    guard kept < rows else { return }
    dropped += rows - kept
    array.bytes.removeLast((rows - kept) * size)
    array.shape = [kept]
  }
}
