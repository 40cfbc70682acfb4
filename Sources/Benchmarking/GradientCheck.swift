import Mechanics
import Tensor

/// Gradients of every implementation against finite differences of the reference in Double.
///
/// The loss is Σ gradOutput · output. Each gradient is compared with (loss(x + h) - loss(x - h)) / 2h at
/// some elements of input, weight and bias, and each output with the reference.
public struct GradientCheck {
  /// What was found about one implementation on one instruction set, or device.
  public struct Finding: Sendable {
    /// `conv2d` or `linear`.
    public let op: Problem.Operator
    /// The implementation's name.
    public let implementation: String
    /// The instruction set, or device.
    public let place: String
    /// Whether that is a device.
    public let isDevice: Bool
    /// Shapes that the implementation can do, and elements compared.
    public internal(set) var shapes = 0, elements = 0
    /// The worst error, relative to the largest element of its tensor.
    public internal(set) var error = 0.0
    /// The error that is allowed; for `auto`, of the methods that it became.
    public internal(set) var bound: Double
    /// Whether it is out of bounds, or nothing was compared.
    public var isWrong: Bool { !(error <= bound) || elements == 0 }
  }

  private let seed: UInt64
  private let engines: [any Engine]
  private let implementations: [Implementation]
  /// Elements of each tensor that are moved.
  private static let moved = 6

  /// A check on one engine or more, whose shapes and numbers the seed decides.
  public init(seed: UInt64, _ engines: [any Engine], _ implementations: [Implementation]) {
    self.seed = seed
    self.engines = engines
    self.implementations = implementations
  }

  /// Checks on so many shapes of each operator; `tick` is told how many are done.
  public func run(shapes: Int, tick: (Int) -> Void) throws -> [Finding] {
    var findings: [Finding] = []
    for op in [Problem.Operator.conv2d, .linear] {
      for implementation in implementations {
        for engine in engines {
          let isKnown = op == .conv2d || LinearMethod(rawValue: implementation.name) != nil
          guard isKnown else { continue }
          findings.append(
            Finding(
              op: op, implementation: implementation.name, place: engine.name,
              isDevice: engine.isDevice, bound: Implementation.bound(implementation.name)))
        }
      }
    }
    for number in 0..<shapes {
      var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x1_0000_0001)
      for op in [Problem.Operator.conv2d, .linear] {
        let operation = try op == .linear ? Self.linear(&random) : Self.convolution(number, &random)
        try check(operation, op, &random, &findings)
      }
      tick(number + 1)
    }
    return findings
  }

  private func check(
    _ operation: Problem.Operation, _ op: Problem.Operator, _ random: inout SplitMix64,
    _ findings: inout [Finding]
  ) throws {
    let problem = Problem(operation, .forwardBackward)
    let tensors = ProblemTensors(problem, seed: random.next())
    let loss = ReferenceLoss(operation, tensors)
    let results = ResultCheck(problem, tensors, engines[0].workers)
    var differences: [(tensor: FloatBuffer, place: Int, slope: Double)] = []
    for (gradient, part) in [
      (tensors.gradInput, ReferenceLoss.Part.input), (tensors.gradWeight, .weight),
      (tensors.gradBias, .bias),
    ] {
      for _ in 0..<min(Self.moved, gradient.count) {
        let place = random.int(0...gradient.count - 1)
        differences.append((gradient, place, loss.slope(part, at: place)))
      }
    }
    for index in findings.indices where findings[index].op == op {
      guard let implementation = Implementation(findings[index].implementation),
        let engine = engines.first(where: { $0.name == findings[index].place }),
        let candidate = try engine.candidate(implementation, problem, tensors)
      else { continue }
      tensors.invalidateResults()
      _ = try candidate.run()
      try candidate.fetch()
      // All elements against the reference, some against finite differences.
      var error = results.worstError
      for (gradient, place, slope) in differences {
        error = max(error, results.error(of: gradient, at: place, from: slope))
      }
      findings[index].bound = max(
        findings[index].bound, Implementation.bound(candidate.method))
      findings[index].shapes += 1
      findings[index].elements += differences.count
      findings[index].error = max(findings[index].error, error)
    }
  }

  private static func linear(_ random: inout SplitMix64) throws -> Problem.Operation {
    .linear(
      try LinearShape(
        batch: random.int(1...9), inputs: random.int(1...70), outputs: random.int(1...40)))
  }

  /// Every other shape has a window that Winograd's method is for: 2×2 to 5×5, with a stride of two 3×3 to 8×8.
  private static func convolution(
    _ number: Int, _ random: inout SplitMix64
  ) throws -> Problem.Operation {
    let isPlain = number % 2 == 0
    let groups = isPlain ? 1 : random.int(1...3)
    // Most are 3×3, which a device does too.
    let isUsual = random.int(1...3) < 3
    let plainStride = isUsual || !isPlain ? 1 : random.int(1...2)
    let plainKernel = isUsual || !isPlain ? 3 : random.int(plainStride == 1 ? 2...5 : 3...8)
    func perAxis(_ most: Int) -> PerAxis {
      PerAxis(
        rows: isPlain ? 1 : random.int(1...most), columns: isPlain ? 1 : random.int(1...most))
    }
    // Every fifth has one dimension.
    let isFlat = number % 5 == 4 && !isPlain
    return .convolution(
      try ConvolutionShape(
        batch: random.int(1...3), inChannels: groups * random.int(1...5),
        height: isFlat ? 1 : random.int(9...14), width: random.int(9...24),
        outChannels: groups * random.int(1...9),
        kernelHeight: isPlain ? plainKernel : isFlat ? 1 : random.int(1...5),
        kernelWidth: isPlain ? plainKernel : random.int(1...5),
        stride: isPlain ? PerAxis(plainStride) : perAxis(3),
        padding: PerAxis(rows: isFlat ? 0 : random.int(0...2), columns: random.int(0...2)),
        dilation: perAxis(2), groups: groups))
  }
}

/// Σ gradOutput · output in Double, and how it changes when one number is moved.
private struct ReferenceLoss {
  enum Part { case input, weight, bias }

  private let operation: Problem.Operation
  private let gradOutput: [Double]
  private let input, weight, bias: [Double]

  init(_ operation: Problem.Operation, _ tensors: ProblemTensors) {
    func doubles(_ buffer: FloatBuffer) -> [Double] { buffer.values.map(Double.init) }
    self.operation = operation
    input = doubles(tensors.input)
    weight = doubles(tensors.weight)
    bias = doubles(tensors.bias)
    gradOutput = doubles(tensors.gradOutput)
  }

  func slope(_ part: Part, at place: Int) -> Double {
    // The loss is linear in each number, so that a long step costs nothing but rounding.
    let step = 0.5
    return (loss(part, place, step) - loss(part, place, -step)) / (2 * step)
  }

  private func loss(_ part: Part, _ place: Int, _ step: Double) -> Double {
    var (x, w, b) = (input, weight, bias)
    switch part {
    case .input: x[place] += step
    case .weight: w[place] += step
    case .bias: b[place] += step
    }
    let output =
      switch operation {
      case .convolution(let s): ConvolutionReference.forward(s, input: x, weight: w, bias: b)
      case .linear(let s):
        LinearReference.forward(
          batch: s.batch, inputs: s.inputs, outputs: s.outputs, input: x, weight: w, bias: b)
      }
    return zip(output, gradOutput).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
