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
  typealias Pointer = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>
  typealias Tile = @Sendable (Int, Pointer, Int, Pointer, Int, Target, Int, Bool) -> Void
  typealias Correlation =
    @Sendable (
      Int, Int, Int, Pointer, UnsafePointer<Int>, Pointer, Int, Target, Int, Bool
    ) -> Void
  typealias Pool = @Sendable (Int, Pointer, Pointer, Target, Float) -> Void
  typealias PoolBackward =
    @Sendable (Int, Pointer, Pointer, Pointer, Pointer, Float, Target, Target) -> Void
  typealias Copy =
    @Sendable (Int, UnsafePointer<Int>, Pointer, UnsafePointer<Int>, Target) -> Void

  let wide: Int
  let narrow: Int
  let tile6: Tile
  let narrowTile6: Tile
  let correlate6: Correlation
  let narrowCorrelate6: Correlation
  let copyRuns: Copy
  let maxPoolRow: Pool
  let maxPoolRowBackward: PoolBackward

  /// The kernels in use.
  public static let current = Kernels(.current)

  /// The kernels of an instruction set, which the processor must have.
  public init(_ cpu: CPU) {
    switch cpu {
    case .baseline:
      wide = KernelsBaseline.wideColumns
      narrow = KernelsBaseline.narrowColumns
      tile6 = KernelsBaseline.multiplyTile6
      narrowTile6 = KernelsBaseline.multiplyNarrowTile6
      correlate6 = KernelsBaseline.correlateTile6
      narrowCorrelate6 = KernelsBaseline.correlateNarrowTile6
      copyRuns = KernelsBaseline.copyRuns
      maxPoolRow = KernelsBaseline.maxPoolRow
      maxPoolRowBackward = KernelsBaseline.maxPoolRowBackward
    case .avx2:
      wide = KernelsAVX2.wideColumns
      narrow = KernelsAVX2.narrowColumns
      tile6 = KernelsAVX2.multiplyTile6
      narrowTile6 = KernelsAVX2.multiplyNarrowTile6
      correlate6 = KernelsAVX2.correlateTile6
      narrowCorrelate6 = KernelsAVX2.correlateNarrowTile6
      copyRuns = KernelsAVX2.copyRuns
      maxPoolRow = KernelsAVX2.maxPoolRow
      maxPoolRowBackward = KernelsAVX2.maxPoolRowBackward
    case .avx512:
      wide = KernelsAVX512.wideColumns
      narrow = KernelsAVX512.narrowColumns
      tile6 = KernelsAVX512.multiplyTile6
      narrowTile6 = KernelsAVX512.multiplyNarrowTile6
      correlate6 = KernelsAVX512.correlateTile6
      narrowCorrelate6 = KernelsAVX512.correlateNarrowTile6
      copyRuns = KernelsAVX512.copyRuns
      maxPoolRow = KernelsAVX512.maxPoolRow
      maxPoolRowBackward = KernelsAVX512.maxPoolRowBackward
    }
  }
}
