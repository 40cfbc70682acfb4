import InstructionSets
import KernelChoice
import KernelTable

/// Rows times a matrix that is packed into panels, as wide as a register tile.
///
/// output[row] = bias + Σ over runs of left[row, stretch] · matrix[rows of the run]. A row of the left
/// side is read where it lies: a convolution over a series whose steps follow each other in memory is
/// this product, one run of neighbours for each position, with nothing copied.
///
/// Kernels work on whole tiles: buffers hold `rowMultiple` rows, or a multiple of that, and rows behind
/// the last may be read and overwritten.
public final class RowProduct: @unchecked Sendable {
  /// Depths that lie side by side in a row of the left side, and as rows of the matrix.
  public struct Run: Equatable, Sendable {
    /// Where they start in the row, in floats.
    public let left: Int
    /// How many there are.
    public var depth: Int
    /// The row of the matrix for the first.
    public let matrixRow: Int

    /// Depths from a place of the row on.
    public init(left: Int, depth: Int, matrixRow: Int) {
      self.left = left
      self.depth = depth
      self.matrixRow = matrixRow
    }
  }

  /// What the rows of a buffer must be a multiple of.
  public static let rowMultiple = 24
  /// Rows of the matrix.
  public let depth: Int
  /// Columns of a row of the output: those of the matrix, and zeros up to whole vectors.
  public let width: Int
  private let tile: Tile
  private let panelWidth: Int
  private let slots, depths: IndexTable

  /// A product with matrices of that size.
  public init(depth: Int, columns: Int, kernels: Kernels = CPU.current.kernels) {
    self.depth = depth
    width = Self.width(columns, kernels)
    // With 16 registers a tile of two slots has the most rows.
    var count = kernels.slot == 16 ? 4 : 2
    while width % (count * kernels.slot) != 0 { count -= 1 }
    tile = kernels.tile(count)
    let panelWidth = count * kernels.slot
    self.panelWidth = panelWidth
    slots = IndexTable((0..<4).map { $0 * kernels.slot })
    depths = IndexTable((0..<depth).map { $0 * panelWidth })
  }

  /// The floats that a row of so many columns takes.
  public static func width(_ columns: Int, _ kernels: Kernels = CPU.current.kernels) -> Int {
    // Few columns take a tile of one slot, if that has sums enough: with 32 registers.
    let unit = kernels.slot == 16 && columns <= 16 ? 16 : 2 * kernels.slot
    return (columns + unit - 1) / unit * unit
  }

  /// The floats of a packed matrix.
  public var packedCount: Int { depth * width }
  /// The floats of a packed bias.
  public var biasCount: Int { tile.rows * width }

  /// Where an element of the matrix is packed.
  @inline(__always)
  public func place(row: Int, column: Int) -> Int {
    let (panel, rest) = column.quotientAndRemainder(dividingBy: panelWidth)
    return (panel * depth + row) * panelWidth + rest
  }

  /// Packs a bias: once for each row of a tile.
  public func packBias(
    _ bias: UnsafePointer<Float>, columns: Int, _ packed: UnsafeMutablePointer<Float>
  ) {
    for column in 0..<columns {
      let (panel, rest) = column.quotientAndRemainder(dividingBy: panelWidth)
      for row in 0..<tile.rows {
        packed[(panel * tile.rows + row) * panelWidth + rest] = bias[column]
      }
    }
  }

  /// output[row] = bias + the product with the runs' stretches of a row.
  public func multiply(
    rows: Int, left: UnsafePointer<Float>, leftRow: Int, runs: [Run],
    matrix: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, outputRow: Int
  ) {
    let area = tile.rows * panelWidth
    withUnsafeTemporaryAllocation(of: Float.self, capacity: area) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      for panel in 0..<width / panelWidth {
        let packed = matrix + panel * depth * panelWidth
        for row in stride(from: 0, to: rows, by: tile.rows) {
          var from = bias.map { $0 + panel * area }
          for (number, run) in runs.enumerated() {
            let isLast = number == runs.count - 1
            tile.multiply(
              run.depth, left + row * leftRow + run.left, leftRow, 1,
              packed + run.matrixRow * panelWidth, slots.start, depths.start, from, nil,
              isLast ? output + row * outputRow + panel * panelWidth : scratch, slots.start,
              isLast ? outputRow : panelWidth)
            from = UnsafePointer(scratch)
          }
        }
      }
    }
  }

  /// sums += leftᵀ · right over the rows: the gradient of the packed matrix.
  ///
  /// `right` holds the gradients of the output, a row of `width` floats every `places.row` floats.
  public func correlate(
    rows: Int, left: UnsafePointer<Float>, leftRow: Int, runs: [Run],
    right: UnsafePointer<Float>, places: RowPlaces, sums: UnsafeMutablePointer<Float>
  ) {
    let area = tile.rows * panelWidth
    withUnsafeTemporaryAllocation(of: Float.self, capacity: area) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      for panel in 0..<width / panelWidth {
        for run in runs {
          let target = sums + (panel * depth + run.matrixRow) * panelWidth
          for first in stride(from: 0, to: run.depth, by: tile.rows) {
            let height = min(tile.rows, run.depth - first)
            let there = target + first * panelWidth
            let isWhole = height == tile.rows
            if !isWhole { scratch.update(from: there, count: height * panelWidth) }
            let sum = isWhole ? there : scratch
            tile.multiply(
              rows, left + run.left + first, 1, leftRow, right + panel * panelWidth, slots.start,
              places.table.start, UnsafePointer(sum), nil, sum, slots.start, panelWidth)
            if !isWhole { there.update(from: scratch, count: height * panelWidth) }
          }
        }
      }
    }
  }
}

/// Where rows of a buffer start.
public final class RowPlaces: Sendable {
  let table: IndexTable

  /// So many rows, `row` floats apart.
  public init(_ count: Int, row: Int) { table = IndexTable((0..<count).map { $0 * row }) }
}
