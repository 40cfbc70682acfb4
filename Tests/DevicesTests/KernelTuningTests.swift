import TestFolders
import Testing

@testable import Devices

/// The table of tiles.
@Suite struct KernelTuningTests {
  static let kinds: [Device.Kind] = [.gpu, .cpu, .accelerator]

  @Test("items of a tile fetch whole runs, and four numbers side by side", arguments: kinds)
  func tiles(_ kind: Device.Kind) {
    for tile in KernelTuning.table(kind) {
      #expect(tile.rows % tile.itemRows == 0 && tile.columns % tile.itemColumns == 0)
      #expect(tile.itemRows % 4 == 0 && tile.itemColumns % 4 == 0)
      for side in [tile.rows, tile.columns, tile.depth] { #expect(tile.items % side == 0) }
      // What every device of OpenCL 1.2 that is not embedded shares in a group.
      #expect(tile.localBytes <= 32 << 10)
    }
  }

  private let card = KernelTuning(
    tiles: KernelTuning.table(.gpu), plainGroup: 256, wantedGroups: 400)

  @Test("large products have the largest tiles, few rows flat ones, small products small ones")
  func choice() {
    func tile(_ rows: Int, _ columns: Int, _ products: Int = 1) -> [Int] {
      let tile = card.tile(rows: rows, columns: columns, products: products)
      return [tile.rows, tile.columns]
    }
    #expect(tile(512, 200_000) == [128, 128])
    #expect(tile(64, 200_000) == [64, 128])
    #expect(tile(32, 200_000) == [32, 128])
    #expect(tile(20, 30) == [32, 32])
    #expect(tile(64, 1024, 36) == [64, 128] || tile(64, 1024, 36) == [64, 64])
  }

  @Test("the parts of a depth cover it, are as many as keep a device busy, and none is too long")
  func parts() {
    for depth in [1, 7, 255, 256, 4096, 4097, 50_176, 200_704] {
      for groups in [1, 5, 400, 5000] {
        let parts = card.parts(depth: depth, groups: groups)
        #expect(parts.count * parts.depth >= depth && (parts.count - 1) * parts.depth < depth)
        #expect(parts.depth <= KernelTuning.longestSum)
        if groups >= 400, depth <= KernelTuning.longestSum { #expect(parts.count == 1) }
        if groups == 1, depth >= 50_176 { #expect(parts.count > 100) }
      }
    }
  }
}
