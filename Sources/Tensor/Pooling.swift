import InstructionSets
import KernelChoice

/// Planes of pixels to be pooled: the maximum over each 2×2 square.
///
/// Source: PyTorch's `max_pool2d(2)`; an odd last row or column is left out. With `floor` 0 the ReLU
/// before (or after) the pooling is part of it; -∞ is pooling alone. What is read must have 16 more
/// floats behind its end, whose content does not matter.
public struct MaxPool2: Sendable {
  /// Planes: channels × batch.
  public let planes: Int
  /// Rows of the input.
  public let height: Int
  /// Columns of the input.
  public let width: Int
  /// The least output.
  public let floor: Float

  /// Pooling of `planes` planes of height × width pixels.
  public init(planes: Int, height: Int, width: Int, floor: Float = -.infinity) {
    self.planes = planes
    self.height = height
    self.width = width
    self.floor = floor
  }

  /// Rows of the output.
  public var outHeight: Int { height / 2 }
  /// Columns of the output.
  public var outWidth: Int { width / 2 }

  /// output = the maximum of each square; `winners` takes a byte for each, and 8 more, for `backward`.
  public func forward(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    winners: UnsafeMutablePointer<UInt8>? = nil, _ kernels: Kernels = CPU.current.kernels
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 8) { spare in
      guard let spare = spare.baseAddress else { return }
      kernels.maxPool(planes, height, width, floor, input, output, winners, spare)
    }
  }

  /// gradInput: each output's gradient goes to the first pixel that gave it, if any did.
  public func backward(
    winners: UnsafePointer<UInt8>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>, _ kernels: Kernels = CPU.current.kernels
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 32) { spare in
      guard let spare = spare.baseAddress else { return }
      kernels.maxPoolBackward(planes, height, width, winners, gradOutput, gradInput, spare)
    }
  }
}
