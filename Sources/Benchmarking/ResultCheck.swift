import Mechanics
import Tensor

/// Compares results with the reference in Double: all of them, or a sample where they are many.
struct ResultCheck {
  private let operation: Problem.Operation
  private let tensors: ProblemTensors
  private let workers: Workers
  /// A result, the elements of it that are looked at, and what they should be.
  private struct Expectation {
    let values: FloatBuffer
    let places: [Int]
    let reference: [Double]
    let scale: Double

    func error(_ value: Double, at place: Int) -> Double {
      let error = abs(Double(values.start[place]) - value) / scale
      return error.isNaN ? .infinity : error
    }
  }

  private var expected: [Expectation] = []

  /// Multiplications that the check of one tensor may cost.
  private static let budget = 50_000_000.0

  /// Computes what is to be expected, once for all implementations.
  init(_ problem: Problem, _ tensors: ProblemTensors, _ workers: Workers) {
    operation = problem.operation
    self.tensors = tensors
    self.workers = workers
    var random = SplitMix64(seed: 0x5eed)
    for (name, values) in tensors.results {
      // The smallest sample finds a tensor that is wrong as a whole; larger ones find single elements.
      let most = Int(Self.budget / cost(name), within: 64...1 << 40)
      let places =
        values.count <= most
        ? Array(0..<values.count) : (0..<most).map { _ in random.int(0...values.count - 1) }
      let reference = reference(name, places)
      // A tensor of few elements can be near 0 by chance, as a sum of large numbers. Products of
      // numbers uniform in -1...1 have the deviation 1/3, so that is what their sum comes to.
      let scale = reference.reduce(cost(name).squareRoot() / 3) { max($0, abs($1)) }
      expected.append(
        Expectation(values: values, places: places, reference: reference, scale: scale))
    }
  }

  /// Elements compared, over all tensors.
  var count: Int { expected.reduce(0) { $0 + $1.places.count } }

  /// The worst error of all tensors, relative to each one's largest element; infinite for no number.
  var worstError: Double {
    expected.reduce(0) { worst, item in
      zip(item.places, item.reference).reduce(worst) {
        max($0, item.error($1.1, at: $1.0))
      }
    }
  }

  /// The error of one element of a result, were it to be `value`.
  func error(of result: FloatBuffer, at place: Int, from value: Double) -> Double {
    expected.first { $0.values === result }?.error(value, at: place) ?? .infinity
  }

  /// Products that make one element.
  private func cost(_ name: ProblemTensors.Result) -> Double {
    let products: Int
    switch (operation, name) {
    case (.convolution(let s), .output): products = s.window
    case (.convolution(let s), .gradInput):
      products = s.outChannels / s.groups * s.kernelHeight * s.kernelWidth
    case (.convolution(let s), .gradWeight), (.convolution(let s), .gradBias):
      products = s.batch * s.outHeight * s.outWidth
    case (.linear(let s), .output): products = s.inputs
    case (.linear(let s), .gradInput): products = s.outputs
    case (.linear(let s), .gradWeight), (.linear(let s), .gradBias): products = s.batch
    }
    return Double(products)
  }

  private func reference(_ name: ProblemTensors.Result, _ places: [Int]) -> [Double] {
    let element = element(name)
    return [Double](unsafeUninitializedCapacity: places.count) { target, filled in
      nonisolated(unsafe) let target = target
      workers.split(places.count, grain: 16) { range, _ in
        for i in range { target[i] = element(places[i]) }
      }
      filled = places.count
    }
  }

  private func element(_ name: ProblemTensors.Result) -> (Int) -> Double {
    let (input, weight) = (tensors.input.start, tensors.weight.start)
    let (bias, gradOutput) = (tensors.bias.start, tensors.gradOutput.start)
    switch operation {
    case .convolution(let s):
      typealias Reference = ConvolutionReference
      switch name {
      case .output:
        return { Reference.output(s, at: $0, input: input, weight: weight, bias: bias) }
      case .gradInput:
        return { Reference.gradInput(s, at: $0, weight: weight, gradOutput: gradOutput) }
      case .gradWeight:
        return { Reference.gradWeight(s, at: $0, input: input, gradOutput: gradOutput) }
      case .gradBias: return { Reference.gradBias(s, at: $0, gradOutput: gradOutput) }
      }
    case .linear(let s):
      typealias Reference = LinearReference
      switch name {
      case .output:
        return {
          Reference.output(
            inputs: s.inputs, row: $0 / s.outputs, column: $0 % s.outputs, input: input,
            weight: weight, bias: bias)
        }
      case .gradInput:
        return {
          Reference.product(
            depth: s.outputs, a: gradOutput + $0 / s.inputs * s.outputs, aStep: 1,
            b: weight + $0 % s.inputs, bStep: s.inputs)
        }
      case .gradWeight:
        return {
          Reference.product(
            depth: s.batch, a: gradOutput + $0 / s.inputs, aStep: s.outputs,
            b: input + $0 % s.inputs, bStep: s.inputs)
        }
      case .gradBias:
        let one: [Float] = [1]
        return {
          Reference.product(
            depth: s.batch, a: gradOutput + $0, aStep: s.outputs, b: one, bStep: 0)
        }
      }
    }
  }
}
