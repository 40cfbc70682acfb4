/// Convolution as the textbook draws it: a kernel slides over a plane, one window at a time.
///
/// Plain loops in Float, on one thread: what the other methods are measured against.
final class DirectConvolution: ConvolutionPasses {
  let shape: ConvolutionShape
  var preparation: Preparation?

  init(_ shape: ConvolutionShape) { self.shape = shape }

  /// Adds the convolution of one plane with one kernel to an output plane.
  ///
  /// At each place of the window its products are summed; those with zeros outside the plane are left
  /// out.
  private func slide(
    _ plane: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let s = shape
    for y in 0..<s.outHeight {
      for x in 0..<s.outWidth {
        var sum: Float = 0
        for r in 0..<s.kernelHeight {
          let row = y * s.stride.rows + r * s.dilation.rows - s.padding.rows
          guard row >= 0, row < s.height else { continue }
          for q in 0..<s.kernelWidth {
            let column = x * s.stride.columns + q * s.dilation.columns - s.padding.columns
            guard column >= 0, column < s.width else { continue }
            sum += plane[row * s.width + column] * kernel[r * s.kernelWidth + q]
          }
        }
        output[y * s.outWidth + x] += sum
      }
    }
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    forEachPair { pair in
      let target = output + pair.output
      if pair.isFirst { target.update(repeating: bias?[pair.out] ?? 0, count: shape.outPlane) }
      slide(input + pair.input, weight + pair.kernel, target)
    }
  }

  /// gradInput = gradOutput ∗ rot180(weight) with full padding, gradWeight = input ∗ gradOutput,
  /// gradBias = Σ gradOutput; each product is added where it belongs, which also does strides.
  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    gradInput?.update(repeating: 0, count: shape.inputCount)
    gradWeight.update(repeating: 0, count: shape.weightCount)
    gradBias.update(repeating: 0, count: shape.outChannels)
    forEachPair { pair in
      let gradient = gradOutput + pair.output
      if pair.isFirst {
        for pixel in 0..<shape.outPlane { gradBias[pair.out] += gradient[pixel] }
      }
      slideBack(
        input + pair.input, weight + pair.kernel, gradient, gradInput.map { $0 + pair.input },
        gradWeight + pair.kernel)
    }
  }

  private func slideBack(
    _ plane: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ gradPlane: UnsafeMutablePointer<Float>?,
    _ gradKernel: UnsafeMutablePointer<Float>
  ) {
    let s = shape
    for r in 0..<s.kernelHeight {
      for q in 0..<s.kernelWidth {
        let place = r * s.kernelWidth + q
        var sum: Float = 0
        for y in 0..<s.outHeight {
          let row = y * s.stride.rows + r * s.dilation.rows - s.padding.rows
          guard row >= 0, row < s.height else { continue }
          for x in 0..<s.outWidth {
            let column = x * s.stride.columns + q * s.dilation.columns - s.padding.columns
            guard column >= 0, column < s.width else { continue }
            let slope = gradient[y * s.outWidth + x]
            sum += slope * plane[row * s.width + column]
            gradPlane?[row * s.width + column] += slope * kernel[place]
          }
        }
        gradKernel[place] += sum
      }
    }
  }

  /// An input plane, an output plane and the kernel between them.
  private struct Pair {
    var input, output, kernel, out: Int
    /// Whether it is the first for its output plane.
    var isFirst: Bool
  }

  private func forEachPair(_ body: (Pair) -> Void) {
    let s = shape
    for n in 0..<s.batch {
      for out in 0..<s.outChannels {
        for channel in 0..<s.inGroup {
          body(
            Pair(
              input: (n * s.inChannels + out / s.outGroup * s.inGroup + channel) * s.plane,
              output: (n * s.outChannels + out) * s.outPlane,
              kernel: (out * s.inGroup + channel) * s.kernelHeight * s.kernelWidth, out: out,
              isFirst: channel == 0))
        }
      }
    }
  }
}
