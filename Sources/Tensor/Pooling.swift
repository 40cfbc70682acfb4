/// Planes of pixels to be pooled: the maximum over each 2×2 square.
///
/// Source: PyTorch's `max_pool2d(2)`; an odd last row or column is left out. With `floor` 0 the ReLU
/// before (or after) the pooling is part of it; -∞ is pooling alone. Buffers need room for 16 more
/// floats at their ends, whose content is not defined.
public struct MaxPool2 {
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

  /// output = the maximum of each square.
  public func forward(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    kernels: Kernels = .current
  ) {
    for plane in 0..<planes {
      for row in 0..<outHeight {
        let top = input + (plane * height + 2 * row) * width
        kernels.maxPoolRow(
          outWidth, top, top + width, output + (plane * outHeight + row) * outWidth, floor)
      }
    }
  }

  /// gradInput: each output's gradient goes to the first pixel that gave it.
  public func backward(
    input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>,
    kernels: Kernels = .current
  ) {
    for plane in 0..<planes {
      for row in 0..<outHeight {
        let first = (plane * height + 2 * row) * width
        let place = (plane * outHeight + row) * outWidth
        kernels.maxPoolRowBackward(
          outWidth, input + first, input + first + width, output + place, gradOutput + place,
          floor, gradInput + first, gradInput + first + width)
        if width % 2 == 1 {
          gradInput[first + width - 1] = 0
          gradInput[first + 2 * width - 1] = 0
        }
      }
      if height % 2 == 1 {
        (gradInput + (plane * height + height - 1) * width).update(repeating: 0, count: width)
      }
    }
  }
}
