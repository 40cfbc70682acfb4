import NeuralNet
import Tensor

/// A network of series with its parameters, named and shaped as PyTorch has them.
public final class SeriesNetwork: @unchecked Sendable {
  /// Where the tensors of a convolution start.
  struct TensorOffsets {
    /// Weights `[output, input, tap]`, or their directions where they are normalised.
    var weight = 0
    /// The length of each output's weights, where they are normalised.
    var length: Int?
    var bias = 0
  }

  /// Its layers.
  public let architecture: SeriesArchitecture
  /// The tensors, in order.
  public let parameters: [Parameter]
  /// Their numbers.
  public let values: FloatBuffer
  let plan: SeriesPlan
  /// Those of each convolution of the plan.
  let offsets: [TensorOffsets]
  /// Where the last layer's weights and its bias are.
  let (lastWeight, lastBias): (Int, Int)
  /// Products of the way forward and back, for each convolution.
  let forwardProducts, backwardProducts: [RowProduct]

  /// A network whose parameters are all zero; throws where there are more than 2^26.
  public init(_ architecture: SeriesArchitecture) throws {
    self.architecture = architecture
    let plan = SeriesPlan(architecture, steps: architecture.steps)
    self.plan = plan
    var parameters: [Parameter] = []
    func add(_ name: String, _ shape: [Int]) -> Int {
      let offset = parameters.last.map { $0.offset + $0.count } ?? 0
      parameters.append(Parameter(name: name, shape: shape, offset: offset))
      return offset
    }
    offsets = plan.convolutions.map { convolution in
      let (inputs, outputs) = (
        plan.signals[convolution.source].channels, plan.signals[convolution.target].channels
      )
      let name = convolution.name
      var tensors = TensorOffsets()
      if convolution.isNormalised { tensors.length = add("\(name).weight_g", [outputs, 1, 1]) }
      tensors.weight = add(
        convolution.isNormalised ? "\(name).weight_v" : "\(name).weight",
        [outputs, inputs, convolution.kernel])
      tensors.bias = add("\(name).bias", [outputs])
      return tensors
    }
    lastWeight = add("lin.weight", [1, plan.signals[plan.signals.count - 1].channels])
    lastBias = add("lin.bias", [1])
    guard lastBias < 1 << 26 else { throw NetworkError.tooLarge(lastBias + 1) }
    self.parameters = parameters
    values = FloatBuffer(lastBias + 1)
    forwardProducts = plan.convolutions.map {
      RowProduct(
        depth: $0.matrices * plan.signals[$0.source].width,
        columns: plan.signals[$0.target].channels)
    }
    backwardProducts = plan.convolutions.map {
      RowProduct(
        depth: $0.matrices * plan.signals[$0.target].width,
        columns: plan.signals[$0.source].channels)
    }
  }

  /// Multiplications with additions that one answer takes, by taps; three times as many for a step of training,
  /// less the gradient of the input, which is not needed.
  public var products: Int { plan.products }
  /// Floats of a window: only the positions that the answer depends on.
  public var windowFloats: Int { plan.signals[0].floats }
  /// The steps of a window that the answer depends on, ascending.
  public var windowPositions: [Int] { plan.signals[0].positions }

  /// Draws the parameters as PyTorch does: evenly within ±1/√inputs, where inputs are those of one output.
  ///
  /// The lengths of normalised weights are those of what was drawn; the way around a block is normal
  /// with a deviation of 0.01.
  public func initialise(seed: UInt64) {
    var random = RandomNumbers(seed, 0x5e)
    func spread(_ start: Int, _ count: Int, _ inputs: Int) {
      let bound = 1 / Float(inputs).squareRoot()
      for place in start..<start + count { values.start[place] = random.spread(bound) }
    }
    for (convolution, tensors) in zip(plan.convolutions, offsets) {
      let outputs = plan.signals[convolution.target].channels
      let inputs = plan.signals[convolution.source].channels * convolution.kernel
      if convolution.isActivated {
        spread(tensors.weight, outputs * inputs, inputs)
      } else {
        for index in 0..<outputs * inputs {
          values.start[tensors.weight + index] = 0.01 * random.normal()
        }
      }
      spread(tensors.bias, outputs, inputs)
      guard let length = tensors.length else { continue }
      for output in 0..<outputs {
        values.start[length + output] = Float(norm(tensors.weight + output * inputs, inputs))
      }
    }
    let channels = plan.signals[plan.signals.count - 1].channels
    spread(lastWeight, channels, channels)
    spread(lastBias, 1, channels)
  }

  private func norm(_ start: Int, _ count: Int) -> Double {
    var sum = 0.0
    for place in start..<start + count {
      sum += Double(values.start[place]) * Double(values.start[place])
    }
    return sum.squareRoot()
  }

  /// The weights of a convolution's output: how much the directions are to be stretched.
  func stretch(_ offsets: TensorOffsets, _ output: Int, inputs: Int) -> Double {
    guard let length = offsets.length else { return 1 }
    return Double(values.start[length + output]) / norm(offsets.weight + output * inputs, inputs)
  }
}
