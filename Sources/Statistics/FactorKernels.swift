import CPUFeatures
import FactorKernelsAVX2
import FactorKernelsAVX512
import FactorKernelsBaseline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The leaf kernels of one instruction set; `Sources/FactorKernelsBaseline` says what each does.
public struct FactorKernels: Sendable {
  public typealias Lanes = UnsafeMutablePointer<Float>
  public typealias Pass = @Sendable (Lanes, Int, Lanes) -> Void
  public typealias Scatter =
    @Sendable (
      UnsafePointer<UnsafePointer<Float>?>, Int, UnsafePointer<UnsafeMutablePointer<Float>?>
    ) -> Void

  public let pushDay: @Sendable (Lanes, Int) -> Void
  public let todayFactors: Pass
  public let closeWindows: Pass
  public let riseWindows: Pass
  public let stepWindows: Pass
  public let rangeWindows: Pass
  public let quantiles: @Sendable (Lanes, Lanes) -> Void
  public let lags: Pass
  public let scatterRows: Scatter
  public let bins: BinKernels

  /// The sets by name, the plainest first.
  public static let names = ["baseline", "avx2", "avx512"]

  /// The place in `names` of the best that this processor has.
  public static let best = cpu_has_avx512() ? 2 : cpu_has_avx2() ? 1 : 0

  /// The best set, or a lesser one that `CONVOY_CPU` asks for.
  public static let current: FactorKernels = {
    let wanted = getenv("CONVOY_CPU").flatMap { names.firstIndex(of: String(cString: $0)) }
    return FactorKernels(names[min(wanted ?? best, best)])
  }()

  /// The kernels of a set, which the processor must have.
  public init(_ name: String) {
    switch name {
    case "avx512":
      pushDay = FactorKernelsAVX512.pushDay
      todayFactors = FactorKernelsAVX512.todayFactors
      closeWindows = FactorKernelsAVX512.closeWindows
      riseWindows = FactorKernelsAVX512.riseWindows
      stepWindows = FactorKernelsAVX512.stepWindows
      rangeWindows = FactorKernelsAVX512.rangeWindows
      quantiles = FactorKernelsAVX512.quantiles
      lags = FactorKernelsAVX512.lags
      scatterRows = FactorKernelsAVX512.scatterRows
      bins = BinKernels(count: FactorKernelsAVX512.countBins, take: FactorKernelsAVX512.takeBins)
    case "avx2":
      pushDay = FactorKernelsAVX2.pushDay
      todayFactors = FactorKernelsAVX2.todayFactors
      closeWindows = FactorKernelsAVX2.closeWindows
      riseWindows = FactorKernelsAVX2.riseWindows
      stepWindows = FactorKernelsAVX2.stepWindows
      rangeWindows = FactorKernelsAVX2.rangeWindows
      quantiles = FactorKernelsAVX2.quantiles
      lags = FactorKernelsAVX2.lags
      scatterRows = FactorKernelsAVX2.scatterRows
      bins = BinKernels(count: FactorKernelsAVX2.countBins, take: FactorKernelsAVX2.takeBins)
    default:
      pushDay = FactorKernelsBaseline.pushDay
      todayFactors = FactorKernelsBaseline.todayFactors
      closeWindows = FactorKernelsBaseline.closeWindows
      riseWindows = FactorKernelsBaseline.riseWindows
      stepWindows = FactorKernelsBaseline.stepWindows
      rangeWindows = FactorKernelsBaseline.rangeWindows
      quantiles = FactorKernelsBaseline.quantiles
      lags = FactorKernelsBaseline.lags
      scatterRows = FactorKernelsBaseline.scatterRows
      bins = BinKernels(
        count: FactorKernelsBaseline.countBins, take: FactorKernelsBaseline.takeBins)
    }
  }
}

/// The kernels that sort numbers of columns into bins.
public struct BinKernels: Sendable {
  public typealias Numbers = UnsafePointer<Float>

  let count:
    @Sendable (
      Numbers, Int, Int, Range<Int>, Numbers, Numbers, Float, UnsafeMutablePointer<UInt32>
    ) -> Void
  let take:
    @Sendable (
      Numbers, Int, Int, Range<Int>, Numbers, Numbers, Float, UnsafePointer<UInt8>,
      UnsafeMutablePointer<UInt64>
    ) -> Int
}
