import KernelChoice
import KernelTable

/// How a matrix of some rows is cut into register tiles, and the columns beside it into panels.
///
/// Panels are as wide as the tile that wastes the fewest rows. Where they leave over a few columns, the
/// last ones are as wide as other tiles, so that a tile is not computed for one slot of it.
final class Tiling {
  /// The rows of A as tiles of one kind have them.
  ///
  /// Plain pointers: threads that count references to one object write the same line of the cache, and take
  /// turns with it, for each tile.
  struct Rows {
    let tile: Tile
    /// Columns of its panels.
    let columns: Int
    /// Tiles that cover the matrix.
    let tiles: Int
    /// The last rows, filled up to a whole tile, where they are fewer.
    let edge: UnsafePointer<Float>
    /// Slots and depths of a packed panel.
    let slots, depths: UnsafePointer<Int>
  }

  /// What the pointers of rows point to.
  private final class Memory {
    let rows: Rows
    let edge: FloatBuffer
    private let tables: [IndexTable]

    init(_ tile: Tile, rows: Int, depth: Int, slot: Int) {
      edge = FloatBuffer(rows % tile.rows == 0 ? 0 : tile.rows * depth)
      tables = [
        IndexTable((0..<4).map { $0 * slot }),
        IndexTable((0..<depth).map { $0 * tile.slots * slot }),
      ]
      self.rows = Rows(
        tile: tile, columns: tile.slots * slot, tiles: (rows + tile.rows - 1) / tile.rows,
        edge: UnsafePointer(edge.start), slots: UnsafePointer(tables[0].start),
        depths: UnsafePointer(tables[1].start))
    }
  }

  /// Panels over some slots: those of the main tile, then a few others.
  struct Panels {
    let main: Rows
    fileprivate let mainCount: Int
    fileprivate let others: [Rows]

    var count: Int { mainCount + others.count }

    /// The rows of A as a panel's tile has them.
    func rows(_ panel: Int) -> Rows { panel < mainCount ? main : others[panel - mainCount] }

    /// The slot where a panel starts.
    func firstSlot(_ panel: Int) -> Int {
      min(panel, mainCount) * main.tile.slots
        + others.prefix(max(0, panel - mainCount)).reduce(0) { $0 + $1.tile.slots }
    }
  }

  private let rows, depth: Int
  private let memory: [Memory]
  /// By the width of their panels; the first is the main one.
  private let kinds: [Rows]

  /// Rows of the main tiles.
  let paddedRows: Int
  /// Rows of the tiles that have most.
  let mostRows: Int
  /// Columns of the widest panel.
  let mostColumns: Int
  /// Floats of a panel of C, and of a tile.
  let mostFloats, tileFloats: Int

  init(rows: Int, depth: Int, _ kernels: Kernels) {
    self.rows = rows
    self.depth = depth
    // Where registers are few, wider tiles have no room in them.
    let widths = kernels.slot == 16 ? [3, 4, 2] : kernels.slot == 8 ? [3, 2] : [2]
    memory = widths.map {
      Memory(kernels.tile($0), rows: rows, depth: depth, slot: kernels.slot)
    }
    let kinds = memory.map(\.rows)
    // Among equals the one of three slots, which reads least.
    let main = kinds.min { $0.tiles * $0.tile.rows < $1.tiles * $1.tile.rows } ?? kinds[0]
    self.kinds = [main] + kinds.filter { $0.columns != main.columns }
    paddedRows = main.tiles * main.tile.rows
    mostRows = kinds.map { $0.tiles * $0.tile.rows }.max() ?? 0
    mostColumns = kinds.map(\.columns).max() ?? 0
    mostFloats = kinds.map { $0.tiles * $0.tile.rows * $0.columns }.max() ?? 0
    tileFloats = kinds.map { $0.tile.rows * $0.columns }.max() ?? 0
  }

  /// The panels that cover some slots with the fewest tiles.
  func panels(_ slots: Int) -> Panels {
    let main = kinds[0]
    func plan(_ others: [Rows]) -> Panels {
      let left = slots - others.reduce(0) { $0 + $1.tile.slots }
      return Panels(
        main: main, mainCount: max(0, (left + main.tile.slots - 1) / main.tile.slots),
        others: others)
    }
    func tiles(_ plan: Panels) -> Int {
      plan.mainCount * main.tiles + plan.others.reduce(0) { $0 + $1.tiles }
    }
    var best = plan([])
    for kind in kinds.dropFirst() {
      for others in [[kind], [kind, kind]] {
        let other = plan(others)
        if other.firstSlot(other.count) < slots + kind.tile.slots, tiles(other) < tiles(best) {
          best = other
        }
      }
    }
    return best
  }

  /// Copies the last rows of A where they do not fill a tile.
  func copyEdges(_ a: UnsafePointer<Float>, row: Int, step: Int) {
    for kind in memory where kind.edge.count > 0 {
      let first = (kind.rows.tiles - 1) * kind.rows.tile.rows
      for r in first..<rows {
        let to = kind.edge.start + (r - first) * depth
        for d in 0..<depth { to[d] = a[r * row + d * step] }
      }
    }
  }
}
