import Days
import Statistics
import Streams

/// qlib's CSRankNorm: the rank among the day's rows, from 0 to 1, less 0.5, times 3.46.
///
/// Equal values share their mean rank; NaN stays NaN and does not count. The results are doubles, as
/// qlib's are, so a field of <f4 becomes one of <f8.
public struct CrossSectionRank {
  private let fields: TableFields
  private var sorter = RankSorter()
  private var memory: [UInt8] = []
  private var order = DayOrder()

  /// Ranks these fields.
  public init(_ fields: TableFields) { self.fields = fields }

  /// Gives the same table with ranks to `body`, as its type, its shape and its bytes.
  public mutating func rank(
    _ array: NpyArray, _ body: (NpyType, [Int], UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let ranked = try fields.find(in: array)
    let day = try array.day()
    if let day { try order.check(day) }
    guard case .structured(let fields) = array.type else { return }
    let names = Set(ranked.map(\.name))
    let type = NpyType.table(
      fields.map { NpyField($0.name, names.contains($0.name) ? .float64 : $0.scalar, $0.shape) })
    guard case .structured(let targets) = type else { return }
    let (rows, size, targetSize) = (array.count, array.type.size, type.size)
    // Memory that is there already costs no faults of pages.
    var bytes: [UInt8] = []
    swap(&bytes, &memory)
    defer { swap(&bytes, &memory) }
    if bytes.count < rows * targetSize {
      bytes = [UInt8](repeating: 0, count: rows * targetSize * 5 / 4)
    }
    try bytes.withUnsafeMutableBytes { target in
      array.bytes.withUnsafeBytes { source in
        for (field, place) in zip(fields, targets) {
          if names.contains(field.name) {
            rank(source, field, size, rows) { row, value in
              target.storeBytes(
                of: value, toByteOffset: row * targetSize + place.offset, as: Double.self)
            }
          }
        }
        // Fields between ranked ones keep their bytes, in pieces as long as can be.
        for run in Self.pieces(fields, targets, names) {
          for row in 0..<rows {
            UnsafeMutableRawBufferPointer(rebasing: target[(row * targetSize + run.to)...])
              .copyMemory(
                from: UnsafeRawBufferPointer(
                  rebasing: source[(row * size + run.from)...].prefix(run.count)))
          }
        }
      }
      try body(
        type, array.shape, UnsafeRawBufferPointer(rebasing: target[..<(rows * targetSize)]))
    }
    if let day { order = DayOrder(after: day) }
  }

  private static func pieces(
    _ fields: [NpyField], _ targets: [NpyField], _ names: Set<String>
  ) -> [(from: Int, to: Int, count: Int)] {
    var pieces: [(from: Int, to: Int, count: Int)] = []
    for (field, target) in zip(fields, targets) where !names.contains(field.name) {
      // What is side by side there is so here, as tables have no gaps.
      if let last = pieces.last, last.to + last.count == target.offset {
        pieces[pieces.count - 1].count += field.size
      } else {
        pieces.append((field.offset, target.offset, field.size))
      }
    }
    return pieces
  }

  private mutating func rank(
    _ source: UnsafeRawBufferPointer, _ field: NpyField, _ size: Int, _ rows: Int,
    _ store: (Int, Double) -> Void
  ) {
    var valid: [Int] = []
    var values: [Double] = []
    for row in 0..<rows {
      let place = row * size + field.offset
      let value =
        field.scalar == .float32
        ? Double(source.loadUnaligned(fromByteOffset: place, as: Float.self))
        : source.loadUnaligned(fromByteOffset: place, as: Double.self)
      if value.isNaN {
        store(row, .nan)
      } else {
        valid.append(row)
        values.append(value)
      }
    }
    let ranks = sorter.ranks(values)
    for (row, rank) in zip(valid, ranks) {
      store(row, (rank / Double(valid.count) - 0.5) * 3.46)
    }
  }
}
