import InstructionSets
import KernelChoice
import Tensor

/// A way to compute a problem, by the name that the operators give it.
public struct Implementation: Hashable, Sendable {
  /// `direct`, `swap`, `gemm`, `winograd` or `auto`; `bfloat16` or `int8`.
  public let name: String

  /// All names: those of convolutions, among which are those of linear layers.
  public static let all = ConvolutionMethod.allCases.map { Implementation(name: $0.rawValue) }

  private init(name: String) { self.name = name }

  /// Those that are only measured where they are named: products of numbers narrower than floats.
  public static let narrow = Precision.allCases.filter { $0 != .float }
    .map { Implementation(name: $0.rawValue) }

  /// Whether it multiplies narrower numbers.
  public var isNarrow: Bool { Self.narrow.contains(self) }

  /// The implementation of that name; nil where there is none.
  public init?(_ name: String) {
    guard (Self.all + Self.narrow).contains(Implementation(name: name)) else { return nil }
    self.name = name
  }

  /// Reads `direct,gemm`; nil where one is unknown or none is named.
  public static func list(_ text: String) -> [Implementation]? {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let list = names.compactMap { Implementation(String($0)) }
    return list.count == names.count && Set(list).count == list.count ? list : nil
  }

  /// The largest error, relative to the largest value, that is not wrong.
  ///
  /// Winograd's transforms add and subtract numbers of different sizes, which costs a digit.
  static func bound(_ method: String) -> Double {
    Precision(rawValue: method)?.errorBound ?? (method == "winograd" ? 2e-4 : 2e-5)
  }
}

/// The implementations that are measured: those that somebody named, or all.
public struct ImplementationChoice: Sendable {
  /// Those named; nil where none is, or one is unknown.
  public let named: [Implementation]?
  /// The names as they were given, or `all`.
  public let description: String

  /// Reads `direct,gemm`; nil chooses all.
  public init(_ names: String?) {
    named = names.flatMap(Implementation.list)
    description = names ?? "all"
  }

  /// Those named, or all.
  public var implementations: [Implementation] { named ?? Implementation.all }

  /// Operations beyond which plain loops are not worth waiting for, unless they are named.
  private static let patience = 4e9

  /// The implementations that a problem is given to.
  func implementations(for problem: Problem) -> [Implementation] {
    guard named == nil, problem.work > Self.patience else { return implementations }
    return implementations.filter { $0.name != "direct" }
  }
}

/// An implementation made ready for a problem, and the times that its runs took.
public final class Candidate {
  /// Which it is.
  public let implementation: Implementation
  /// What `auto` became; else the implementation's name.
  public let method: String
  /// Counts packing and transforming from now on, or with nil no longer: counting takes a little time.
  let count: (Preparation?) -> Void
  /// One run of the pass.
  var run: () -> Void
  /// Seconds of each run that counts.
  var seconds: [Double] = []
  /// Their sum.
  var total = 0.0
  /// Seconds of preparation in a run.
  var prepared = Double.nan
  /// The worst error against the reference, and at how many places it was looked for.
  var error = (worst: Double.nan, places: 0)

  /// How a candidate is to run.
  public struct Setting: Sendable {
    /// The threads.
    public let workers: Workers
    /// The instruction set.
    public let cpu: CPU
    /// Whether what was made of the weights is kept from run to run.
    public let keepsWeights: Bool
    /// What numbers `auto` multiplies in a forward pass.
    public let precision: Precision

    /// A setting.
    public init(
      workers: Workers, cpu: CPU = .current, keepsWeights: Bool = false,
      precision: Precision = .float
    ) {
      self.precision = precision
      self.workers = workers
      self.cpu = cpu
      self.keepsWeights = keepsWeights
    }
  }

  /// Makes an implementation ready; nil where there is no such way to do the problem.
  init?(
    _ implementation: Implementation, _ problem: Problem, _ tensors: ProblemTensors,
    _ setting: Setting
  ) throws {
    self.implementation = implementation
    let pass = problem.pass
    let t = tensors
    let gradInput = pass.hasInputGradient ? t.gradInput.start : nil
    let kernels = setting.cpu.kernels
    switch problem.operation {
    case .convolution(let shape):
      // Narrower numbers are for inference; `auto` takes them where somebody asks for it.
      let isAuto = implementation.name == "auto"
      let asked = pass == .forward && isAuto ? setting.precision : .float
      let precision = Precision(rawValue: implementation.name) ?? asked
      let name = precision == .float ? implementation.name : ConvolutionMethod.gemm.rawValue
      guard let method = ConvolutionMethod(rawValue: name),
        precision == .float || pass == .forward
      else { return nil }
      let convolution: Convolution
      do {
        convolution = try Convolution(
          shape, method, precision: precision, workers: setting.workers, kernels: kernels)
      } catch TensorError.method { return nil }
      count = { convolution.preparation = $0 }
      self.method =
        precision == .float ? convolution.method.rawValue : convolution.precision.rawValue
      var isFirst = true
      run = {
        if pass.hasForward {
          convolution.forward(
            input: t.input.start, weight: t.weight.start, bias: t.bias.start,
            output: t.output.start, weightStays: setting.keepsWeights && !isFirst)
          isFirst = false
        }
        guard pass.hasBackward else { return }
        convolution.backward(
          input: t.input.start, weight: t.weight.start, gradOutput: t.gradOutput.start,
          gradInput: gradInput, gradWeight: t.gradWeight.start, gradBias: t.gradBias.start)
      }
    case .linear(let shape):
      // Of two ways one is the fastest for all shapes: it chooses by shape itself.
      let name = implementation.name == "auto" ? LinearMethod.gemm.rawValue : implementation.name
      guard let method = LinearMethod(rawValue: name) else { return nil }
      let linear = try Linear(
        batch: shape.batch, inputs: shape.inputs, outputs: shape.outputs, method,
        workers: setting.workers, kernels: kernels)
      count = { linear.preparation = $0 }
      self.method = method.rawValue
      run = {
        if pass.hasForward {
          linear.forward(
            input: t.input.start, weight: t.weight.start, bias: t.bias.start,
            output: t.output.start)
        }
        guard pass.hasBackward else { return }
        linear.backward(
          input: t.input.start, weight: t.weight.start, gradOutput: t.gradOutput.start,
          gradInput: gradInput, gradWeight: t.gradWeight.start, gradBias: t.gradBias.start)
      }
    }
  }
}
