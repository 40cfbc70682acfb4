import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The numbers of many rows, to be walked over again and again: in memory up to a limit, beyond it in
/// a temporary file.
///
/// They are kept in pieces of up to 1,024 rows, column after column, so that a walk over one column
/// of a piece is a walk along memory.
final class ColumnStore {
  /// Rows of a whole piece.
  static let pieceRows = 1024

  /// Numbers in a row.
  let columns: Int
  /// Rows so far.
  private(set) var rows = 0
  /// Whether they went to a file.
  var isSpooled: Bool { descriptor >= 0 }

  private let limit: Int
  private var pieces: [UnsafeMutablePointer<Float>] = []
  private var pieceCount = 0
  private var current: UnsafeMutablePointer<Float>
  private var currentRows = 0
  private var file: TemporaryFile?
  private var descriptor: Int32 = -1
  private var pieceSize: Int { columns * Self.pieceRows }

  /// An empty store of rows of so many numbers, that holds at most so many bytes in memory.
  init(columns: Int, limit: Int) {
    self.columns = columns
    self.limit = limit
    current = .allocate(capacity: max(1, columns) * Self.pieceRows)
  }

  deinit {
    for piece in pieces { piece.deallocate() }
    current.deallocate()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds the rows of a table: of each the numbers of these fields, as floats.
  func add(_ array: NpyArray, _ fields: [NpyField]) throws {
    let (count, size) = (array.count, array.type.size)
    try array.bytes.withUnsafeBytes { bytes in
      var row = 0
      while row < count {
        // Sixteen rows stay in the first cache while their columns are taken out.
        let taken = min(16, count - row, Self.pieceRows - currentRows)
        for (column, field) in fields.enumerated() {
          let target = current + (column * Self.pieceRows + currentRows)
          var place = row * size + field.offset
          if field.scalar == .float32 {
            for index in 0..<taken {
              target[index] = bytes.loadUnaligned(fromByteOffset: place, as: Float.self)
              place += size
            }
          } else {
            for index in 0..<taken {
              target[index] = Float(bytes.loadUnaligned(fromByteOffset: place, as: Double.self))
              place += size
            }
          }
        }
        row += taken
        rows += taken
        currentRows += taken
        if currentRows == Self.pieceRows { try closePiece() }
      }
    }
  }

  private func closePiece() throws {
    if descriptor < 0, (pieces.count + 2) * pieceSize * 4 > limit { try spool() }
    if descriptor >= 0 {
      try write(current, at: pieceCount)
    } else {
      pieces.append(current)
      current = .allocate(capacity: pieceSize)
    }
    pieceCount += 1
    currentRows = 0
  }

  /// Moves all pieces into a file that no name leads to any more.
  private func spool() throws {
    let file = try TemporaryFile()
    descriptor = open(file.path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(.inputOutput, "\(file.path): \(String(cString: strerror(errno)))")
    }
    self.file = file
    for (place, piece) in pieces.enumerated() {
      try write(piece, at: place)
      piece.deallocate()
    }
    pieces = []
  }

  private func write(_ piece: UnsafeMutablePointer<Float>, at place: Int) throws {
    var done = 0
    let size = pieceSize * 4
    while done < size {
      let count = pwrite(
        descriptor, UnsafeRawPointer(piece) + done, size - done, off_t(place * size + done))
      if count > 0 { done += count } else if errno != EINTR { throw spoolFailure() }
    }
  }

  private func spoolFailure() -> Failure {
    Failure(.inputOutput, "\(file?.path ?? "spool"): \(String(cString: strerror(errno)))")
  }

  /// Walks over all pieces: `body(numbers, rows)`, where column c begins at `numbers + 1024 * c`.
  func forEachPiece(_ body: (UnsafePointer<Float>, Int) throws -> Void) throws {
    if descriptor >= 0 {
      let piece = UnsafeMutablePointer<Float>.allocate(capacity: pieceSize)
      defer { piece.deallocate() }
      let size = pieceSize * 4
      for place in 0..<pieceCount {
        var done = 0
        while done < size {
          let count = pread(
            descriptor, UnsafeMutableRawPointer(piece) + done, size - done,
            off_t(place * size + done))
          if count > 0 {
            done += count
          } else if count == 0 || errno != EINTR {
            throw spoolFailure()
          }
        }
        try body(piece, Self.pieceRows)
      }
    } else {
      for piece in pieces { try body(piece, Self.pieceRows) }
    }
    if currentRows > 0 { try body(current, currentRows) }
  }
}
