extension NpyArray {
  /// The field of that name, of one number a row; throws where it is missing or none.
  public func number(_ name: String) throws -> NpyField {
    guard let field = field(name) else { throw NpyError("table has no field '\(name)'") }
    guard field.scalar == .float32 || field.scalar == .float64, field.shape.isEmpty else {
      throw NpyError("field '\(name)' must be <f4 or <f8: '\(field.scalar.description)'")
    }
    return field
  }

  /// The numbers of a field, a row after the other.
  public func numbers(_ field: NpyField) -> [Float] {
    let size = type.size
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { row in
        let place = row * size + field.offset
        return field.scalar == .float32
          ? bytes.loadUnaligned(fromByteOffset: place, as: Float.self)
          : Float(bytes.loadUnaligned(fromByteOffset: place, as: Double.self))
      }
    }
  }

  /// The numbers of a field, a row after the other, in doubles.
  public func doubles(_ field: NpyField) -> [Double] {
    let size = type.size
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { row in
        let place = row * size + field.offset
        return field.scalar == .float32
          ? Double(bytes.loadUnaligned(fromByteOffset: place, as: Float.self))
          : bytes.loadUnaligned(fromByteOffset: place, as: Double.self)
      }
    }
  }
}

/// Fields of one type that follow each other in a row: as an array of numbers.
public struct FieldRun: Sendable {
  /// What the numbers are.
  public let scalar: NpyScalar
  /// Where the first lies in a row, in bytes.
  public let offset: Int
  /// Where the first stands among all fields.
  public let start: Int
  /// How many there are.
  public private(set) var count: Int

  /// The runs of fields that are in their order.
  public static func runs(_ fields: [NpyField]) -> [FieldRun] {
    var runs: [FieldRun] = []
    for (place, field) in fields.enumerated() {
      if let last = runs.last, last.scalar == field.scalar,
        last.offset + last.count * last.scalar.size == field.offset
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(
          FieldRun(scalar: field.scalar, offset: field.offset, start: place, count: 1))
      }
    }
    return runs
  }
}

extension NpyArray {
  /// Changes the numbers of fields in place, a run of a row at a time.
  ///
  /// `body` gets the numbers and the place of the first among the fields.
  public mutating func edit(
    _ runs: [FieldRun], narrow: (UnsafeMutableBufferPointer<Float>, Int) -> Void,
    wide: (UnsafeMutableBufferPointer<Double>, Int) -> Void
  ) {
    let (rows, size) = (count, type.size)
    bytes.withUnsafeMutableBytes { bytes in
      for row in 0..<rows {
        for run in runs {
          let place = UnsafeMutableRawBufferPointer(
            rebasing: bytes[(row * size + run.offset)...].prefix(run.count * run.scalar.size))
          if run.scalar == .float32 {
            withAligned(place, Float.self) { narrow($0, run.start) }
          } else {
            withAligned(place, Double.self) { wide($0, run.start) }
          }
        }
      }
    }
  }
}

/// Numbers at a place that need not be aligned: worked on in a copy if it is not.
@inline(__always)
private func withAligned<Number: BitwiseCopyable>(
  _ bytes: UnsafeMutableRawBufferPointer, _ type: Number.Type,
  _ body: (UnsafeMutableBufferPointer<Number>) -> Void
) {
  if Int(bitPattern: bytes.baseAddress) % MemoryLayout<Number>.alignment == 0 {
    return body(bytes.assumingMemoryBound(to: Number.self))
  }
  withUnsafeTemporaryAllocation(
    of: Number.self, capacity: bytes.count / MemoryLayout<Number>.stride
  ) { copy in
    let copyBytes = UnsafeMutableRawBufferPointer(copy)
    copyBytes.copyMemory(from: UnsafeRawBufferPointer(bytes))
    body(copy)
    bytes.copyMemory(from: UnsafeRawBufferPointer(copyBytes))
  }
}
