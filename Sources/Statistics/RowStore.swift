import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of numbers that are kept: in memory up to a limit, beyond it in a temporary file.
final class RowStore {
  /// Numbers in a row.
  let columns: Int
  /// Rows so far.
  private(set) var rows = 0
  /// Whether they went to a file.
  var isSpooled: Bool { file != nil }

  private let limit: Int
  private let pieceRows: Int
  private var pieces: [UnsafeMutablePointer<Float>] = []
  private var pieceCount = 0
  private var current: UnsafeMutablePointer<Float>
  private var currentRows = 0
  private var file: TemporaryFile?
  private var pieceBytes: Int { columns * pieceRows * 4 }

  /// An empty store of rows of so many numbers, that holds about so many bytes in memory.
  init(columns: Int, limit: Int) {
    self.columns = columns
    self.limit = limit
    // 4 MB, or less where there is little.
    pieceRows = max(16, min(1 << 22, limit / 8) / (4 * max(1, columns)))
    current = Self.allocate(columns * pieceRows * 4)
  }

  deinit {
    for piece in pieces { free(piece) }
    free(current)
  }

  /// Memory in large pages: a gigabyte in small ones takes a second of the system's time.
  private static func allocate(_ bytes: Int) -> UnsafeMutablePointer<Float> {
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 1 << 21, max(bytes, 4)) == 0, let memory else {
      return .allocate(capacity: bytes / 4)
    }
    #if os(Linux)
      madvise(memory, bytes, MADV_HUGEPAGE)
    #endif
    return memory.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  /// Adds rows that stand so many numbers apart.
  func add(_ numbers: UnsafePointer<Float>, _ count: Int, stride: Int) throws {
    for row in 0..<count {
      (current + currentRows * columns).update(from: numbers + row * stride, count: columns)
      currentRows += 1
      if currentRows == pieceRows { try closePiece() }
    }
    rows += count
  }

  private func closePiece() throws {
    if file == nil, (pieces.count + 2) * pieceBytes > limit { try spool() }
    if let file {
      try write(current, at: pieceCount, of: file)
    } else {
      pieces.append(current)
      current = Self.allocate(pieceBytes)
    }
    pieceCount += 1
    currentRows = 0
  }

  /// Moves all pieces into a file.
  private func spool() throws {
    let file = try TemporaryFile()
    for (place, piece) in pieces.enumerated() { try write(piece, at: place, of: file) }
    for piece in pieces { free(piece) }
    pieces = []
    self.file = file
  }

  private func write(
    _ piece: UnsafeMutablePointer<Float>, at place: Int, of file: TemporaryFile
  ) throws {
    try writeAll(
      UnsafeRawBufferPointer(start: piece, count: pieceBytes), to: file.descriptor,
      at: place * pieceBytes, name: file.name)
  }

  /// Walks over all rows, in order, many at a time: `body(numbers, rows)`.
  func walk(_ body: (UnsafePointer<Float>, Int) throws -> Void) throws {
    if let file {
      let piece = Self.allocate(pieceBytes)
      defer { free(piece) }
      for place in 0..<pieceCount {
        let count = try readAll(
          into: UnsafeMutableRawBufferPointer(start: piece, count: pieceBytes),
          from: file.descriptor, at: place * pieceBytes, name: file.name)
        guard count == pieceBytes else {
          throw Failure(.inputOutput, "\(file.name): is cut short")
        }
        try body(piece, pieceRows)
      }
    } else {
      for piece in pieces { try body(piece, pieceRows) }
    }
    if currentRows > 0 { try body(current, currentRows) }
  }
}
