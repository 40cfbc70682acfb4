/// A fully connected layer as the textbook writes it, summed in Double.
public enum LinearReference {
  /// The output.
  public static func forward(
    batch: Int, inputs: Int, outputs: Int, input: [Double], weight: [Double], bias: [Double]?
  ) -> [Double] {
    (0..<batch * outputs).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: outputs)
      return (0..<inputs).reduce(bias?[column] ?? 0) {
        $0 + input[row * inputs + $1] * weight[column * inputs + $1]
      }
    }
  }

  /// The gradients of input, weight and bias.
  public static func backward(
    batch: Int, inputs: Int, outputs: Int, input: [Double], weight: [Double],
    gradOutput: [Double]
  ) -> (input: [Double], weight: [Double], bias: [Double]) {
    var gradInput = [Double](repeating: 0, count: batch * inputs)
    var gradWeight = [Double](repeating: 0, count: outputs * inputs)
    var gradBias = [Double](repeating: 0, count: outputs)
    for row in 0..<batch {
      for column in 0..<outputs {
        let slope = gradOutput[row * outputs + column]
        gradBias[column] += slope
        for i in 0..<inputs {
          gradInput[row * inputs + i] += slope * weight[column * inputs + i]
          gradWeight[column * inputs + i] += slope * input[row * inputs + i]
        }
      }
    }
    return (gradInput, gradWeight, gradBias)
  }

  /// The output for numbers in Float, summed in Double.
  public static func forward(
    batch: Int, inputs: Int, outputs: Int, input: [Float], weight: [Float], bias: [Float]?
  ) -> [Double] {
    forward(
      batch: batch, inputs: inputs, outputs: outputs, input: input.map(Double.init),
      weight: weight.map(Double.init), bias: bias?.map(Double.init))
  }

  /// The gradients for numbers in Float, summed in Double.
  public static func backward(
    batch: Int, inputs: Int, outputs: Int, input: [Float], weight: [Float], gradOutput: [Float]
  ) -> (input: [Double], weight: [Double], bias: [Double]) {
    backward(
      batch: batch, inputs: inputs, outputs: outputs, input: input.map(Double.init),
      weight: weight.map(Double.init), gradOutput: gradOutput.map(Double.init))
  }
}
