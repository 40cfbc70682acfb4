import InstructionSets
import KernelChoice
import Mechanics
import NeuralNet
import Tensor

/// Inverted dropout of a stage in one step, drawn anew from its key each time it is wanted.
///
/// Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
/// 2014; whole channels as in PyTorch's `Dropout2d`.
struct Dropout {
  /// Floats that share their fate, and how many such units a picture has.
  let unit, units: Int
  private let rate: Float
  private let key0, key1: UInt32

  /// The dropout of a stage, the `index`-th of its network; nil where the stage is another.
  init?(_ stage: Network.Stage, _ key: UInt64, _ index: Int) {
    guard case .dropout(let rate, let wholeChannels) = stage.kind else { return nil }
    self.rate = rate
    unit = wholeChannels ? stage.outHeight * stage.outWidth : 1
    units = stage.outputs / unit
    let bits = SplitMix64.mix(key &+ UInt64(index))
    (key0, key1) = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
  }

  /// Makes `count` units 0 or larger, of which `first` is the number of the first in its batch.
  func apply(_ count: Int, first: Int, _ values: UnsafeMutablePointer<Float>) {
    guard unit > 1 else {
      draw(count, first, values)
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { factors in
      factors.initialize(repeating: 1)
      guard let factors = factors.baseAddress else { return }
      draw(count, first, factors)
      for place in 0..<count {
        CPU.current.kernels.scale(unit, factors[place], values + place * unit)
      }
    }
  }

  private func draw(_ count: Int, _ first: Int, _ values: UnsafeMutablePointer<Float>) {
    CPU.current.kernels.dropSome(
      count, UInt32(truncatingIfNeeded: first), key0, key1,
      UInt32(Double(rate) * 0x1p32, within: 0 ... .max),
      1 / (1 - rate), values)
  }
}
