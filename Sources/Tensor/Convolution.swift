import InstructionSets
import KernelChoice

/// A two-dimensional convolution with bias, forward and backward: prepared once, run often.
///
/// Source: PyTorch's `conv2d`, which is a cross-correlation. Sizes and the order of elements are those
/// of `ConvolutionShape`. The same bytes come out for any number of threads.
public final class Convolution {
  /// The sizes.
  public let shape: ConvolutionShape
  /// How it is computed; never `auto`.
  public let method: ConvolutionMethod
  /// What numbers the forward pass multiplies.
  public let precision: Precision
  /// How much of the time went into preparing data; nil where nobody asks.
  public var preparation: Preparation? {
    get { passes.preparation }
    set { passes.preparation = newValue }
  }
  /// Where calls are counted; nil where nobody asks.
  ///
  /// A method whose backward pass is made of forward convolutions counts those.
  public var times: OperatorTimes? {
    didSet { (passes as? SwapConvolution)?.times = times }
  }
  private let passes: any ConvolutionPasses

  /// A convolution of that shape.
  ///
  /// What is fastest is chosen for the pictures of the batch, or for `pictures`: where that is the same
  /// number for all batches, what comes out for a picture does not depend on the others of its batch.
  /// Narrower numbers than floats are multiplied by `gemm`, which `auto` then becomes. Throws a
  /// `TensorError` where the method or the processor does not do it.
  public init(
    _ shape: ConvolutionShape, _ method: ConvolutionMethod = .auto, bestFor pictures: Int? = nil,
    precision: Precision = .float, workers: Workers = Workers(1),
    kernels: Kernels = CPU.current.kernels
  ) throws {
    self.shape = shape
    self.precision = precision
    let shape = shape.withStridesInside
    guard precision == .float else {
      guard [.auto, .gemm].contains(method) else {
        throw TensorError.method("method must be gemm for \(precision)", method.rawValue)
      }
      self.method = .gemm
      passes = try NarrowConvolution(shape, precision, workers, kernels)
      return
    }
    let pictures = pictures ?? shape.batch
    self.method = method == .auto ? .best(for: shape, pictures: pictures) : method
    switch self.method {
    case .direct: passes = DirectConvolution(shape)
    case .swap: passes = try SwapConvolution(shape, workers, kernels)
    case .gemm, .auto: passes = GemmConvolution(shape, workers, kernels)
    case .winograd where FewChannelsConvolution.does(shape):
      passes = FewChannelsConvolution(shape, workers, kernels)
    case .winograd: passes = try WinogradConvolution(shape, pictures: pictures, workers, kernels)
    }
  }

  /// output = input ∗ weight + bias.
  ///
  /// `weightStays` promises that the weights are those of the last call, so that what was prepared from
  /// them can be used again.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, weightStays: Bool = false
  ) {
    times.measure("conv2d") {
      passes.forward(input, weight, bias, output, weightStays: weightStays)
    }
  }

  /// The gradients for a gradient of the output; that of the input only where it is wanted.
  public func backward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>,
    gradBias: UnsafeMutablePointer<Float>
  ) {
    // Parts that are counted by themselves are not counted twice.
    let whole = passes is SwapConvolution ? nil : times
    whole.measure("conv2d backward") {
      passes.backward(input, weight, gradOutput, gradInput, gradWeight, gradBias)
    }
  }
}

/// What each method provides.
protocol ConvolutionPasses: AnyObject {
  var preparation: Preparation? { get set }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool)

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>)
}
