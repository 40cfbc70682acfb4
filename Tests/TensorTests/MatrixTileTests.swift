import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct MatrixTileTests {
  /// Tiles of every shape do what the textbook does, from whatever they start, and write their own rows alone.
  @Test(arguments: CPU.available)
  func tilesAgreeWithTheTextbook(cpu: CPU) {
    var random = SplitMix64(seed: 11)
    let kernels = cpu.kernels
    let slot = kernels.slot
    for slots in 1...4 {
      for wanted in 1...13 {
        let tile = kernels.tile(slots, rows: wanted)
        let depth = random.int(1...70)
        let (row, step) = wanted % 2 == 0 ? (depth + 3, 1) : (1, tile.rows + 2)
        let left = random.floats(tile.rows * (depth + 3) + depth * (tile.rows + 2))
        // The slots of a row of B stand apart, as do those of C.
        let gap = 2 * slot
        let right = random.floats((depth + 1) * slots * gap)
        let spread = IndexTable((0..<4).map { $0 * gap })
        let depths = IndexTable((0..<max(depth, 16)).map { $0 * slots * gap })
        let start = random.floats(tile.rows * slots * slot)
        let bias = random.floats(tile.rows)
        for beginning in 0..<3 {
          let size = (tile.rows + 1) * slots * gap
          var (plain, asking) = (
            [Float](repeating: 7, count: size), [Float](repeating: 7, count: size)
          )
          left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
              start.withUnsafeBufferPointer { start in
                bias.withUnsafeBufferPointer { bias in
                  guard let a = left.baseAddress, let b = right.baseAddress else { return }
                  let from = beginning == 1 ? start.baseAddress : nil
                  let bias = beginning == 2 ? bias.baseAddress : nil
                  plain.withUnsafeMutableBufferPointer { c in
                    guard let c = c.baseAddress else { return }
                    tile.multiply(
                      depth, a, row, step, b, spread.start, depths.start, from, bias, c,
                      spread.start, slots * gap)
                  }
                  asking.withUnsafeMutableBufferPointer { c in
                    guard let c = c.baseAddress else { return }
                    tile.asking(
                      depth, a, row, step, b, spread.start, depths.start, from, bias, c,
                      spread.start, slots * gap, b, depths.start, min(depth, 9))
                  }
                }
              }
            }
          }
          #expect(plain == asking, "\(slots) slots, \(tile.rows) rows")
          for index in plain.indices {
            let (i, place) = index.quotientAndRemainder(dividingBy: slots * gap)
            let (s, column) = place.quotientAndRemainder(dividingBy: gap)
            guard i < tile.rows, column < slot else {
              #expect(plain[index] == 7, "\(slots) slots, \(tile.rows) rows: wrote elsewhere")
              continue
            }
            var sum =
              beginning == 1
              ? Double(start[(i * slots + s) * slot + column])
              : beginning == 2 ? Double(bias[i]) : 0
            for d in 0..<depth {
              sum +=
                Double(left[i * row + d * step]) * Double(right[d * slots * gap + s * gap + column])
            }
            #expect(
              abs(Double(plain[index]) - sum) < 2e-5 * Double(depth + 1),
              "\(slots) slots, \(tile.rows) rows, row \(i)")
          }
        }
      }
    }
  }

  /// The last rows of a matrix get the lowest tile that holds them, of the same width.
  @Test(arguments: CPU.available, 1...4)
  func lastRowsGetTheLowestTile(cpu: CPU, slots: Int) {
    let kernels = cpu.kernels
    let whole = kernels.tile(slots)
    let heights = Set((1...whole.rows).map { kernels.tile(slots, rows: $0).rows })
    for rows in 1...whole.rows {
      let tile = kernels.tile(slots, rows: rows)
      #expect(tile.slots == slots)
      #expect(tile.rows == heights.filter { $0 >= rows }.min())
    }
    #expect(heights.max() == whole.rows)
    #expect(slots == 1 || heights.count == 3)
    #expect(kernels.tile(slots, rows: whole.rows + 1).rows == whole.rows)
  }
}
