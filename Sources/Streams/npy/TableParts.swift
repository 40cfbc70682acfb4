/// Rows of a table that follow each other: all of it, or a part where it is large.
public struct TablePart {
  /// The rows.
  public let rows: NpyArray
  /// How many rows of the table come before them.
  public let first: Int
  /// Whether the table ends with them.
  public let isLast: Bool
}

extension ByteReader {
  /// The tables of the current source in parts of whole rows, so that a large one need not be held.
  ///
  /// Tables that NumPy and pandas have written in types of their own become ours on the way: see
  /// `ForeignRow`. Throws `badData` where an array is no table, damaged or cut short.
  public func tableParts(of size: Int = 1 << 20, _ body: (TablePart) throws -> Void) throws {
    while try !peek(1).isEmpty {
      arrayNumber += 1
      let place = "\(name): array \(arrayNumber)"
      do {
        guard let header = try npyHeader(bridging: true) else { return }
        try tableParts(header, of: size, place, body)
      } catch let error as NpyError {
        throw Failure.badData(place, error.description)
      }
    }
    try endSeal()
  }

  /// The fields of the table that the current source begins with; nil where it has no table.
  public func fieldsOfFirstTable() throws -> [NpyField]? {
    arrayNumber += 1
    do {
      guard try !peek(1).isEmpty, let header = try npyHeader(bridging: true),
        case .structured(let fields) = header.type
      else { return nil }
      return fields
    } catch let error as NpyError {
      throw Failure.badData("\(name): array \(arrayNumber)", error.description)
    }
  }

  private func tableParts(
    _ header: NpyHeader, of size: Int, _ place: String, _ body: (TablePart) throws -> Void
  ) throws {
    guard case .structured = header.type, header.shape.count == 1 else {
      throw NpyError(
        "expected a table with named fields, got a plain array of shape \(pythonTuple(header.shape))"
      )
    }
    _ = try header.byteCount()
    let rowSize = header.foreign?.size ?? header.type.size
    let count = header.shape[0]
    guard let total = product(of: header.shape, times: rowSize) else {
      throw NpyError("shape \(pythonTuple(header.shape)) overflows")
    }
    let most = limits.array ?? ReadingLimits.usualArray
    guard total <= most else {
      throw NpyError("array is over \(most) bytes: \(total); see --max-array")
    }
    let step = max(1, size / rowSize)
    var first = 0
    repeat {
      let rows = min(step, count - first)
      var bytes = try bytes(upTo: rows * rowSize, place: place)
      guard bytes.count == rows * rowSize else {
        throw NpyError(
          "array is cut short: expected \(total) bytes of data, got \(first * rowSize + bytes.count)"
        )
      }
      try badRecords.attempt(place) {
        if let foreign = header.foreign { bytes = try foreign.rows(bytes, after: first) }
        try body(
          TablePart(
            rows: NpyArray(type: header.type, shape: [rows], bytes: bytes), first: first,
            isLast: first + rows == count))
      }
      first += rows
    } while first < count
  }
}
