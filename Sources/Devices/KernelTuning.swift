/// How the product of matrices is cut into tiles, by kind of device: the one table of tuning.
///
/// A tile is `rows × columns` numbers, an item of its group computes `itemRows × itemColumns` of them, and
/// `depth` steps of both sides lie in memory that the group shares. What a device can do with 64 numbers
/// an item in registers is near its peak; smaller tiles are for few rows, and for devices whose groups or
/// shared memory are small.
struct KernelTuning {
  /// A way to cut.
  struct Tile: Equatable {
    let rows, columns, itemRows, itemColumns, depth: Int

    /// Items of a group: a multiple of rows, columns and depth, so that each fetches whole runs.
    var items: Int { rows / itemRows * (columns / itemColumns) }
    /// Bytes that a group shares.
    var localBytes: Int { 4 * depth * (rows + columns + 8) }

    /// As the kernels' compiler is told.
    var definitions: [(name: String, value: Int)] {
      [
        ("ROWS", rows), ("COLUMNS", columns), ("ITEM_ROWS", itemRows),
        ("ITEM_COLUMNS", itemColumns), ("DEPTH", depth),
      ]
    }
  }

  /// Tiles that the device can have, from the largest.
  let tiles: [Tile]
  /// Items of a group that need not share anything.
  let plainGroup: Int
  /// Groups that keep the device busy.
  let wantedGroups: Int
  /// Items that sums of a channel have in a group.
  static let sumGroup = 64
  /// Depths of a product that are summed at a stretch: more would lose digits of a long sum.
  static let longestSum = 4096
}

extension KernelTuning {
  /// The tiles of a kind of device, from the largest.
  static func table(_ kind: Device.Kind) -> [Tile] {
    switch kind {
    case .gpu, .accelerator:
      [
        Tile(rows: 128, columns: 128, itemRows: 8, itemColumns: 8, depth: 8),
        Tile(rows: 64, columns: 128, itemRows: 4, itemColumns: 8, depth: 8),
        Tile(rows: 32, columns: 128, itemRows: 4, itemColumns: 4, depth: 8),
        Tile(rows: 64, columns: 64, itemRows: 8, itemColumns: 8, depth: 8),
        Tile(rows: 32, columns: 32, itemRows: 4, itemColumns: 4, depth: 8),
      ]
    // A processor runs the items of a group one after the other: their registers are memory.
    case .cpu:
      [
        Tile(rows: 32, columns: 32, itemRows: 4, itemColumns: 8, depth: 8),
        Tile(rows: 16, columns: 16, itemRows: 4, itemColumns: 4, depth: 8),
      ]
    }
  }

  /// The tuning of a device, of its kind's tiles or of others.
  init(_ device: Device, _ table: [Tile]? = nil) {
    let all = table ?? Self.table(device.kind)
    let fitting = all.filter {
      $0.items <= device.largestGroup && $0.localBytes <= device.localMemory
    }
    self.init(
      tiles: fitting.isEmpty ? [all[all.count - 1]] : fitting,
      plainGroup: min(device.kind == .cpu ? 32 : 256, max(1, device.largestGroup)),
      wantedGroups: 4 * max(1, device.units))
  }

  /// The items that every device must be able to have in a group.
  var leastGroup: Int { max(Self.sumGroup, tiles.map(\.items).min() ?? 1) }

  /// The tile for a product of so many rows and columns, `products` of them at once: the one with the
  /// least work that is thrown away, counting that a device wants many groups; of equals the largest.
  func tile(rows: Int, columns: Int, products: Int) -> Tile {
    func cost(_ tile: Tile) -> Double {
      let down = (rows + tile.rows - 1) / tile.rows
      let across = (columns + tile.columns - 1) / tile.columns
      let groups = Double(down * across * products)
      // Groups go in rounds; each has as many products as its tile, and loads both sides.
      let rounds = max(1, (groups / Double(wantedGroups)).rounded(.up))
      let loads = 24 * Double(tile.rows + tile.columns)
      return rounds * (Double(tile.rows * tile.columns) + loads)
    }
    var best = tiles[0]
    for tile in tiles.dropFirst() where cost(tile) < cost(best) { best = tile }
    return best
  }

  /// Parts that the depth of a product is cut into, and the depths of each.
  ///
  /// As many as keep the device busy, and no part longer than what a sum bears.
  func parts(depth: Int, groups: Int) -> (count: Int, depth: Int) {
    let wanted = (wantedGroups + groups - 1) / max(1, groups)
    // A part of fewer steps than this is not worth its sums.
    let most = max(1, depth / 256)
    let count = max(min(wanted, most), (depth + Self.longestSum - 1) / Self.longestSum)
    let length = (depth + count - 1) / count
    return ((depth + length - 1) / length, length)
  }
}
