import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct TilingTests {
  /// Panels cover all slots, none of them twice but by the last panel, with the fewest tiles.
  @Test(arguments: CPU.available)
  func panelsCoverAllSlots(cpu: CPU) {
    let kernels = cpu.kernels
    let widths = kernels.slot == 16 ? [2, 3, 4] : kernels.slot == 8 ? [2, 3] : [2]
    for rows in [1, 6, 7, 8, 12, 13, 24, 32, 33, 64, 100, 128, 130] {
      let tiling = Tiling(rows: rows, depth: 3, kernels)
      let tiles = Dictionary(
        uniqueKeysWithValues: widths.map {
          ($0, (rows + kernels.tile($0).rows - 1) / kernels.tile($0).rows)
        })
      for slots in 1...40 {
        let plan = tiling.panels(slots)
        var next = 0
        var cost = 0
        for panel in 0..<plan.count {
          #expect(plan.firstSlot(panel) == next, "\(rows) rows, \(slots) slots")
          #expect(next < slots, "\(rows) rows, \(slots) slots: a panel of nothing")
          next += plan.rows(panel).tile.slots
          cost += tiles[plan.rows(panel).tile.slots] ?? 0
        }
        #expect(next >= slots, "\(rows) rows, \(slots) slots")
        let main = plan.main.tile.slots
        let plain = (slots + main - 1) / main * (tiles[main] ?? 0)
        #expect(cost <= plain, "\(rows) rows, \(slots) slots: \(plain) tiles without others")
      }
    }
  }

  /// Pictures cut into bands give the bytes of pictures laid out as a whole.
  @Test(arguments: CPU.available)
  func bandsAreWholePictures(cpu: CPU) throws {
    var random = SplitMix64(seed: 21)
    var banded = 0
    for trial in 0..<60 {
      let groups = random.int(1...3) == 3 ? 2 : 1
      let stride = random.int(1...4) == 1 ? 3 : random.int(1...2)
      let shape = try ConvolutionShape(
        batch: random.int(1...3), inChannels: groups * random.int(60...140),
        height: random.int(7...19), width: random.int(7...33), outChannels: groups * 40,
        kernelHeight: random.int(1...3), kernelWidth: random.int(1...3),
        stride: PerAxis(rows: stride, columns: random.int(1...4) == 1 ? 1 : stride),
        padding: PerAxis(rows: random.int(0...2), columns: random.int(0...2)),
        dilation: PerAxis(rows: random.int(1...2), columns: 1), groups: groups)
      let input = random.floats(shape.inputCount)
      let weight = random.floats(shape.weightCount)
      let outputs = [0, Int.max].map { largest in
        let output = Guarded(shape.outputCount)
        let taps = GroupedTaps(
          TapGeometry(shape), rows: shape.outGroup, batch: shape.batch, groups: groups,
          workers: Workers(1 + trial % 2), kernels: cpu.kernels, largestWhole: largest)
        banded += taps.isBanded ? 1 : 0
        weight.withUnsafeBufferPointer { weight in
          guard let start = weight.baseAddress else { return }
          taps.run(input: input, output: output.start, preparation: nil) { group in
            (start + group * shape.outGroup * shape.window, shape.window, 1, nil)
          }
        }
        #expect(output.isIntact, "\(shape)")
        return output.values
      }
      #expect(outputs[0] == outputs[1], "\(shape)")
    }
    #expect(banded > 10)
  }
}
