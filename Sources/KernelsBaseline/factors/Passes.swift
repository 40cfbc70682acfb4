import FactorCatalogue
import KernelTable

extension CompiledKernels {
  static func pass(_ pass: FactorPass) -> FactorKernel {
    switch pass {
    case .bar: todayFactors
    case .closes: closeWindows
    case .rises: riseWindows
    case .steps: stepWindows
    case .ranges: rangeWindows
    case .quantiles: quantiles
    case .lags: lags
    }
  }
}
