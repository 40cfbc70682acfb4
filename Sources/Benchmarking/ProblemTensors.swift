import Mechanics
import Tensor

/// The tensors of a problem: inputs at random, and room for results.
public final class ProblemTensors {
  /// What the problem is given.
  public let input, weight, bias, gradOutput: FloatBuffer
  /// What it makes of that.
  public let output, gradInput, gradWeight, gradBias: FloatBuffer
  private let pass: Problem.Pass

  /// Inputs uniform in -1 ..< 1, the same for the same seed; results are what the pass has.
  public init(_ problem: Problem, seed: UInt64 = 1) {
    let s = problem.operation.counts
    let (forward, backward) = (problem.pass.hasForward, problem.pass.hasBackward)
    pass = problem.pass
    input = FloatBuffer(s.input)
    weight = FloatBuffer(s.weight)
    bias = FloatBuffer(s.bias)
    gradOutput = FloatBuffer(backward ? s.output : 0)
    output = FloatBuffer(forward ? s.output : 0)
    gradInput = FloatBuffer(pass.hasInputGradient ? s.input : 0)
    gradWeight = FloatBuffer(backward ? s.weight : 0)
    gradBias = FloatBuffer(backward ? s.bias : 0)
    var random = SplitMix64(seed: seed)
    for buffer in [input, weight, bias, gradOutput] { random.fill(buffer) }
  }

  /// The results of the pass, by name.
  var results: [(name: Result, values: FloatBuffer)] {
    var list: [(Result, FloatBuffer)] = []
    if pass.hasForward { list.append((.output, output)) }
    if pass.hasInputGradient { list.append((.gradInput, gradInput)) }
    if pass.hasBackward { list += [(.gradWeight, gradWeight), (.gradBias, gradBias)] }
    return list
  }

  /// A tensor that a pass computes.
  enum Result { case output, gradInput, gradWeight, gradBias }

  /// Fills the results with NaN, so that an element that is not written is found.
  func invalidateResults() {
    for (_, buffer) in results { buffer.values.update(repeating: .nan) }
  }

  /// The bytes that a problem needs, with what implementations keep for themselves: some three times.
  static func bytes(_ problem: Problem) -> Double {
    let s = problem.operation.counts
    let copies = problem.pass.hasBackward ? 2.0 : 1
    return 3 * 4 * copies * (Double(s.input) + Double(s.weight) + Double(s.output))
  }
}

extension SplitMix64 {
  /// Uniform in -1 ..< 1.
  mutating func float() -> Float { Float(next() >> 40) * 0x1p-23 - 1 }

  /// Gives every float of a buffer a random value.
  mutating func fill(_ buffer: FloatBuffer) {
    for i in 0..<buffer.count { buffer.start[i] = float() }
  }
}
