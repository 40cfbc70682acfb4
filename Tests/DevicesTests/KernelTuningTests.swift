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
}
