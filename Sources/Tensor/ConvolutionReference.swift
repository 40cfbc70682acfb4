/// Convolution as the textbook writes it, summed in Double: what the fast versions must agree with.
///
/// Source: PyTorch's `conv2d` (a cross-correlation), in the layout of `ConvolutionShape`.
public enum ConvolutionReference {
  /// Calls `body` with the indices of output, input and weight of every product of the sum.
  private static func forEachProduct(
    _ s: ConvolutionShape, _ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void
  ) {
    let (inGroup, outGroup) = (s.inChannels / s.groups, s.outChannels / s.groups)
    for out in 0..<s.outChannels {
      for n in 0..<s.batch {
        for y in 0..<s.outHeight {
          for x in 0..<s.outWidth {
            let output = ((out * s.batch + n) * s.outHeight + y) * s.outWidth + x
            for channel in 0..<inGroup {
              let from = out / outGroup * inGroup + channel
              for r in 0..<s.kernelHeight {
                for q in 0..<s.kernelWidth {
                  let row = y * s.stride + r * s.dilation - s.padding
                  let column = x * s.stride + q * s.dilation - s.padding
                  guard (0..<s.height).contains(row), (0..<s.width).contains(column) else {
                    continue
                  }
                  body(
                    output, ((from * s.batch + n) * s.height + row) * s.width + column,
                    ((out * inGroup + channel) * s.kernelHeight + r) * s.kernelWidth + q)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The output.
  public static func forward(
    _ shape: ConvolutionShape, input: [Float], weight: [Float], bias: [Float]?
  ) -> [Float] {
    var sums = [Double](repeating: 0, count: shape.outputCount)
    forEachProduct(shape) { sums[$0] += Double(input[$1]) * Double(weight[$2]) }
    let pixels = shape.batch * shape.outHeight * shape.outWidth
    return sums.indices.map { Float(sums[$0] + Double(bias?[$0 / pixels] ?? 0)) }
  }

  /// The gradients of input, weight and bias.
  public static func backward(
    _ shape: ConvolutionShape, input: [Float], weight: [Float], gradOutput: [Float]
  ) -> (input: [Float], weight: [Float], bias: [Float]) {
    var gradInput = [Double](repeating: 0, count: shape.inputCount)
    var gradWeight = [Double](repeating: 0, count: shape.weightCount)
    var gradBias = [Double](repeating: 0, count: shape.outChannels)
    forEachProduct(shape) { output, from, place in
      gradInput[from] += Double(gradOutput[output]) * Double(weight[place])
      gradWeight[place] += Double(gradOutput[output]) * Double(input[from])
    }
    let pixels = shape.batch * shape.outHeight * shape.outWidth
    for (index, gradient) in gradOutput.enumerated() {
      gradBias[index / pixels] += Double(gradient)
    }
    return (gradInput.map(Float.init), gradWeight.map(Float.init), gradBias.map(Float.init))
  }
}
