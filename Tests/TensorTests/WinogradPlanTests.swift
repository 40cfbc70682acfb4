import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct WinogradPlanTests {
  /// What the last tile of a point writes lies inside its sums.
  @Test(arguments: CPU.available)
  func tilesEndInsideTheSums(cpu: CPU) {
    let squares = WinogradSquares(
      kernel: 3, batch: 1, channels: 8, height: 9, width: 9, padding: 1, outHeight: 9, outWidth: 9)
    let plan = WinogradPlan(squares, outChannels: 8, threads: 1, kernels: cpu.kernels)
    for count in 1...100 {
      for tile in (2...4).map({ cpu.kernels.tile($0) }) {
        #expect((count + tile.rows - 1) / tile.rows * tile.rows <= plan.padded(count))
      }
    }
  }

  /// What the last tile of each part reads lies inside, wherever the part begins.
  @Test(arguments: CPU.available)
  func tilesEndInsideThePoints(cpu: CPU) {
    var random = SplitMix64(seed: 7)
    let kernels = cpu.kernels
    for _ in 0..<300 {
      let (height, width) = (random.int(1...60), random.int(1...60))
      var squares = WinogradSquares(
        kernel: random.int(2...5), batch: random.int(1...12), channels: random.int(1...600),
        height: height, width: width, padding: 1, outHeight: height, outWidth: width)
      squares.span = squares.spans[random.int(0...squares.spans.count - 1)]
      let plan = WinogradPlan(
        squares, outChannels: random.int(1...600), threads: random.int(1...4),
        kernels: kernels)
      let channels = squares.padded(kernels.slot)
      let bands = min(squares.bands, plan.many)
      let pointStride = plan.pointStride(bands * squares.columns, channels)
      var furthest = 0
      for part in stride(from: 0, to: bands, by: plan.few) {
        let count = min(plan.few, bands - part) * squares.columns
        for tile in (2...4).map({ kernels.tile($0) }) {
          let rows = part * squares.columns + (count + tile.rows - 1) / tile.rows * tile.rows
          furthest = max(furthest, (squares.points - 1) * pointStride + rows * channels)
        }
      }
      #expect(furthest <= plan.pointFloats(squares, channels: channels), "\(squares)")
    }
  }

  /// Many weights are rather made in narrow blocks, which all squares meet at once, than kept in wide ones.
  @Test(arguments: CPU.available)
  func manyWeightsAreMadeInNarrowBlocks(cpu: CPU) {
    for (size, width) in [(56, 2), (28, 4), (112, 4)] {
      let squares = WinogradSquares(
        span: 9, kernel: 3, batch: 1, channels: 256, height: size, width: size, padding: 1,
        outHeight: size, outWidth: size)
      let plan = WinogradPlan(squares, outChannels: 256, threads: 1, kernels: cpu.kernels)
      #expect(plan.isHeavy)
      #expect((plan.few == squares.bands) == (size < 112), "\(cpu), \(size)")
      let vectors =
        WinogradPlan.blockWidth(squares, 256, threads: 1, cpu.kernels) / cpu.kernels.slot
      if cpu == .avx512 { #expect(vectors == width, "\(size)") }
    }
  }

  /// Where all squares meet each block, there are blocks enough for the threads.
  @Test(arguments: CPU.available, [2, 4, 16])
  func threadsHaveEnoughToDo(cpu: CPU, threads: Int) {
    for (channels, outs, batch, size) in [
      (320, 64, 8, 14), (256, 64, 1, 56), (256, 256, 1, 56), (512, 512, 8, 14),
    ] {
      let squares = WinogradSquares(
        span: 9, kernel: 3, batch: batch, channels: channels, height: size, width: size,
        padding: 1, outHeight: size, outWidth: size)
      let plan = WinogradPlan(
        squares, outChannels: outs, threads: threads, kernels: cpu.kernels)
      let width = WinogradPlan.blockWidth(squares, outs, threads: threads, cpu.kernels)
      let groups = ((outs + width - 1) / width + plan.blocksAtOnce - 1) / plan.blocksAtOnce
      let shares = (min(plan.many, squares.bands) + plan.few - 1) / plan.few
      #expect(groups * shares >= min(threads, 8), "\(cpu), \(channels) to \(outs)")
    }
  }
}
