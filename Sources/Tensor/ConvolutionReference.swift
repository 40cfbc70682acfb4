/// Convolution as the textbook writes it, summed in Double: what the fast versions must agree with.
///
/// Source: PyTorch's `conv2d` (a cross-correlation).
public enum ConvolutionReference {
  /// Calls `body` with the indices of output, input and weight of every product of the sum.
  static func forEachProduct(
    _ s: ConvolutionShape, _ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void
  ) {
    for n in 0..<s.batch {
      for out in 0..<s.outChannels {
        for y in 0..<s.outHeight {
          for x in 0..<s.outWidth {
            let output = ((n * s.outChannels + out) * s.outHeight + y) * s.outWidth + x
            for channel in 0..<s.inGroup {
              let from = out / s.outGroup * s.inGroup + channel
              for r in 0..<s.kernelHeight {
                for q in 0..<s.kernelWidth {
                  let row = y * s.stride.rows + r * s.dilation.rows - s.padding.rows
                  let column = x * s.stride.columns + q * s.dilation.columns - s.padding.columns
                  guard (0..<s.height).contains(row), (0..<s.width).contains(column) else {
                    continue
                  }
                  body(
                    output, ((n * s.inChannels + from) * s.height + row) * s.width + column,
                    ((out * s.inGroup + channel) * s.kernelHeight + r) * s.kernelWidth + q)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The channel of an element of the output.
  private static func channel(_ s: ConvolutionShape, _ output: Int) -> Int {
    output / s.outPlane % s.outChannels
  }

  /// The output.
  public static func forward(
    _ shape: ConvolutionShape, input: [Double], weight: [Double], bias: [Double]?
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: shape.outputCount)
    forEachProduct(shape) { sums[$0] += input[$1] * weight[$2] }
    guard let bias else { return sums }
    return sums.indices.map { sums[$0] + bias[channel(shape, $0)] }
  }

  /// The output for numbers in Float, summed in Double.
  public static func forward(
    _ shape: ConvolutionShape, input: [Float], weight: [Float], bias: [Float]?
  ) -> [Double] {
    forward(
      shape, input: input.map(Double.init), weight: weight.map(Double.init),
      bias: bias?.map(Double.init))
  }

  /// The gradients of input, weight and bias.
  public static func backward(
    _ shape: ConvolutionShape, input: [Double], weight: [Double], gradOutput: [Double]
  ) -> (input: [Double], weight: [Double], bias: [Double]) {
    var gradInput = [Double](repeating: 0, count: shape.inputCount)
    var gradWeight = [Double](repeating: 0, count: shape.weightCount)
    var gradBias = [Double](repeating: 0, count: shape.outChannels)
    forEachProduct(shape) { output, from, place in
      gradInput[from] += gradOutput[output] * weight[place]
      gradWeight[place] += gradOutput[output] * input[from]
    }
    for (index, gradient) in gradOutput.enumerated() {
      gradBias[channel(shape, index)] += gradient
    }
    return (gradInput, gradWeight, gradBias)
  }

  /// The gradients for numbers in Float, summed in Double.
  public static func backward(
    _ shape: ConvolutionShape, input: [Float], weight: [Float], gradOutput: [Float]
  ) -> (input: [Double], weight: [Double], bias: [Double]) {
    backward(
      shape, input: input.map(Double.init), weight: weight.map(Double.init),
      gradOutput: gradOutput.map(Double.init))
  }
}
