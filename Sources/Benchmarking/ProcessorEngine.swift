import InstructionSets
import KernelChoice
import Mechanics
import Streams
import Tensor

extension Candidate {
  /// The processor, as implementations are set up on it.
  public struct Setting: Engine, Sendable {
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

    /// Every instruction set up to the one in use.
    public static func all(_ workers: Workers) -> [Setting] {
      CPU.usable.map { Setting(workers: workers, cpu: $0) }
    }

    /// The instruction set's name.
    public var name: String { cpu.rawValue }
    /// The processor's memory is the machine's.
    public var isDevice: Bool { false }
    /// Bytes of the machine.
    public var memory: Double { MachineMemory.bytes }

    /// What its threads can do at most.
    public func peak() -> any Peak { MachinePeak(cpu, workers) }

    /// Makes an implementation ready; nil where there is no such way to do the problem.
    public func candidate(
      _ implementation: Implementation, _ problem: Problem, _ tensors: ProblemTensors
    ) throws -> Candidate? {
      switch problem.operation {
      case .convolution(let shape): try convolution(shape, implementation, problem.pass, tensors)
      case .linear(let shape): try linear(shape, implementation, problem.pass, tensors)
      }
    }

    private func convolution(
      _ shape: ConvolutionShape, _ implementation: Implementation, _ pass: Problem.Pass,
      _ t: ProblemTensors
    ) throws -> Candidate? {
      // Narrower numbers are for inference; `auto` takes them where somebody asks for it.
      let isAuto = implementation.name == "auto"
      let asked = pass == .forward && isAuto ? self.precision : .float
      let precision = Precision(rawValue: implementation.name) ?? asked
      let name = precision == .float ? implementation.name : ConvolutionMethod.gemm.rawValue
      guard let method = ConvolutionMethod(rawValue: name),
        precision == .float || pass == .forward
      else { return nil }
      let convolution: Convolution
      do {
        convolution = try Convolution(
          shape, method, precision: precision, workers: workers, kernels: cpu.kernels)
      } catch TensorError.method { return nil }
      let gradInput = pass.hasInputGradient ? t.gradInput.start : nil
      var isFirst = true
      return Candidate(
        implementation,
        method: precision == .float
          ? convolution.method.rawValue : convolution.precision.rawValue,
        count: { convolution.preparation = $0 }
      ) { [keepsWeights] in
        let start = monotonicSeconds()
        if pass.hasForward {
          convolution.forward(
            input: t.input.start, weight: t.weight.start, bias: t.bias.start,
            output: t.output.start, weightStays: keepsWeights && !isFirst)
          isFirst = false
        }
        if pass.hasBackward {
          convolution.backward(
            input: t.input.start, weight: t.weight.start, gradOutput: t.gradOutput.start,
            gradInput: gradInput, gradWeight: t.gradWeight.start, gradBias: t.gradBias.start)
        }
        return monotonicSeconds() - start
      }
    }

    private func linear(
      _ shape: LinearShape, _ implementation: Implementation, _ pass: Problem.Pass,
      _ t: ProblemTensors
    ) throws -> Candidate? {
      // Of two ways one is the fastest for all shapes: it chooses by shape itself.
      let name = implementation.name == "auto" ? LinearMethod.gemm.rawValue : implementation.name
      guard let method = LinearMethod(rawValue: name) else { return nil }
      let linear = try Linear(
        batch: shape.batch, inputs: shape.inputs, outputs: shape.outputs, method,
        workers: workers, kernels: cpu.kernels)
      let gradInput = pass.hasInputGradient ? t.gradInput.start : nil
      return Candidate(
        implementation, method: method.rawValue, count: { linear.preparation = $0 }
      ) {
        let start = monotonicSeconds()
        if pass.hasForward {
          linear.forward(
            input: t.input.start, weight: t.weight.start, bias: t.bias.start,
            output: t.output.start)
        }
        if pass.hasBackward {
          linear.backward(
            input: t.input.start, weight: t.weight.start, gradOutput: t.gradOutput.start,
            gradInput: gradInput, gradWeight: t.gradWeight.start, gradBias: t.gradBias.start)
        }
        return monotonicSeconds() - start
      }
    }
  }
}
