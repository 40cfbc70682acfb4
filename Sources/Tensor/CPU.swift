import CPUFeatures
import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The instruction sets that the kernels are compiled for.
public enum CPU: String, CaseIterable, Sendable, Comparable {
  /// What every machine of the architecture has.
  case baseline
  /// AVX2 and FMA, x86-64-v3.
  case avx2
  /// AVX-512, x86-64-v4.
  case avx512

  /// The best that this processor has.
  public static let best: CPU = cpu_has_avx512() ? .avx512 : cpu_has_avx2() ? .avx2 : .baseline

  /// The one in use: the best, or a lesser one that `CONVOY_CPU` names.
  public static let current: CPU = {
    guard let name = getenv("CONVOY_CPU"), let wanted = CPU(rawValue: String(cString: name)) else {
      return best
    }
    return min(wanted, best)
  }()

  /// Sets with fewer instructions come first.
  public static func < (one: CPU, other: CPU) -> Bool {
    let order = CPU.allCases
    return order.firstIndex(of: one) ?? 0 < order.firstIndex(of: other) ?? 0
  }
}

/// The leaf kernels of one instruction set; `Sources/KernelsBaseline` says what each does.
public struct Kernels: Sendable {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>
  typealias Places = UnsafePointer<Int>
  typealias Multiply =
    @Sendable (
      Int, Source, Int, Int, Source, Places, Places, Source?, Source?, Target, Places, Int
    ) -> Void
  typealias Correlate =
    @Sendable (Int, Source, Places, Places, Source, Int, Target, Int, Bool) -> Void
  typealias Rows = @Sendable (Int, Int, Source, Int, Target, Int) -> Void

  /// The shape of a register tile and its kernel.
  struct Tile: Sendable {
    /// Vectors of a row.
    let slots: Int
    let rows: Int
    let multiply: Multiply
  }

  /// Winograd's transforms for a size of kernel.
  struct Winograd: Sendable {
    let output: @Sendable (Int, Source, Int, Int, Source, Target, Int, Target) -> Void
    let weight: @Sendable (Int, Source, Bool, Target, Int, Int, Target) -> Void
    let gradient: @Sendable (Int, Source, Int, Target, Int, Int, Target) -> Void
    let kernel: @Sendable (Int, Source, Int, Int, Target, Target) -> Void
  }

  /// Floats of a vector.
  let slot: Int
  /// Tiles of two, three and four slots.
  let tiles: [Tile]
  let correlate2: Correlate
  let correlate4: Correlate
  let dotRowsA: Int
  let dotRowsB: Int
  let dot: @Sendable (Int, Source, Places, Source, Places, Target) -> Void
  let packMoves: @Sendable (Int, Int, Places, Places, Int, Places, Source, Target, Int) -> Void
  let copyRows: Rows
  let addRows: Rows
  let sum: @Sendable (Int, Source) -> Float
  let transpose: Rows
  let winogradInput: @Sendable (Int, Int, Source, Int, Target, Int, Int, Target) -> Void
  /// F(4×4, 3×3).
  let winograd3: Winograd
  /// F(2×2, 5×5).
  let winograd5: Winograd

  /// The kernels in use.
  public static let current = Kernels(.current)

  /// The kernels of an instruction set, which the processor must have.
  public init(_ cpu: CPU) {
    switch cpu {
    case .baseline:
      slot = KernelsBaseline.slotColumns
      tiles = [
        Tile(slots: 2, rows: KernelsBaseline.tileRows2, multiply: KernelsBaseline.multiplyTile2),
        Tile(slots: 3, rows: KernelsBaseline.tileRows3, multiply: KernelsBaseline.multiplyTile3),
        Tile(slots: 4, rows: KernelsBaseline.tileRows4, multiply: KernelsBaseline.multiplyTile4),
      ]
      correlate2 = KernelsBaseline.correlateTile2
      correlate4 = KernelsBaseline.correlateTile4
      dotRowsA = KernelsBaseline.dotRowsA
      dotRowsB = KernelsBaseline.dotRowsB
      dot = KernelsBaseline.dotTile
      packMoves = KernelsBaseline.packMoves
      copyRows = KernelsBaseline.copyRows
      addRows = KernelsBaseline.addRows
      sum = KernelsBaseline.sumOf
      transpose = KernelsBaseline.transposeMatrix
      winogradInput = KernelsBaseline.winogradInput
      winograd3 = Winograd(
        output: KernelsBaseline.winogradOutput3, weight: KernelsBaseline.winogradWeight3,
        gradient: KernelsBaseline.winogradGradient3, kernel: KernelsBaseline.winogradKernel3)
      winograd5 = Winograd(
        output: KernelsBaseline.winogradOutput5, weight: KernelsBaseline.winogradWeight5,
        gradient: KernelsBaseline.winogradGradient5, kernel: KernelsBaseline.winogradKernel5)
    case .avx2:
      slot = KernelsAVX2.slotColumns
      tiles = [
        Tile(slots: 2, rows: KernelsAVX2.tileRows2, multiply: KernelsAVX2.multiplyTile2),
        Tile(slots: 3, rows: KernelsAVX2.tileRows3, multiply: KernelsAVX2.multiplyTile3),
        Tile(slots: 4, rows: KernelsAVX2.tileRows4, multiply: KernelsAVX2.multiplyTile4),
      ]
      correlate2 = KernelsAVX2.correlateTile2
      correlate4 = KernelsAVX2.correlateTile4
      dotRowsA = KernelsAVX2.dotRowsA
      dotRowsB = KernelsAVX2.dotRowsB
      dot = KernelsAVX2.dotTile
      packMoves = KernelsAVX2.packMoves
      copyRows = KernelsAVX2.copyRows
      addRows = KernelsAVX2.addRows
      sum = KernelsAVX2.sumOf
      transpose = KernelsAVX2.transposeMatrix
      winogradInput = KernelsAVX2.winogradInput
      winograd3 = Winograd(
        output: KernelsAVX2.winogradOutput3, weight: KernelsAVX2.winogradWeight3,
        gradient: KernelsAVX2.winogradGradient3, kernel: KernelsAVX2.winogradKernel3)
      winograd5 = Winograd(
        output: KernelsAVX2.winogradOutput5, weight: KernelsAVX2.winogradWeight5,
        gradient: KernelsAVX2.winogradGradient5, kernel: KernelsAVX2.winogradKernel5)
    case .avx512:
      slot = KernelsAVX512.slotColumns
      tiles = [
        Tile(slots: 2, rows: KernelsAVX512.tileRows2, multiply: KernelsAVX512.multiplyTile2),
        Tile(slots: 3, rows: KernelsAVX512.tileRows3, multiply: KernelsAVX512.multiplyTile3),
        Tile(slots: 4, rows: KernelsAVX512.tileRows4, multiply: KernelsAVX512.multiplyTile4),
      ]
      correlate2 = KernelsAVX512.correlateTile2
      correlate4 = KernelsAVX512.correlateTile4
      dotRowsA = KernelsAVX512.dotRowsA
      dotRowsB = KernelsAVX512.dotRowsB
      dot = KernelsAVX512.dotTile
      packMoves = KernelsAVX512.packMoves
      copyRows = KernelsAVX512.copyRows
      addRows = KernelsAVX512.addRows
      sum = KernelsAVX512.sumOf
      transpose = KernelsAVX512.transposeMatrix
      winogradInput = KernelsAVX512.winogradInput
      winograd3 = Winograd(
        output: KernelsAVX512.winogradOutput3, weight: KernelsAVX512.winogradWeight3,
        gradient: KernelsAVX512.winogradGradient3, kernel: KernelsAVX512.winogradKernel3)
      winograd5 = Winograd(
        output: KernelsAVX512.winogradOutput5, weight: KernelsAVX512.winogradWeight5,
        gradient: KernelsAVX512.winogradGradient5, kernel: KernelsAVX512.winogradKernel5)
    }
  }
}
