import NeuralNet
import Tensor

/// A network's parameters and the sizes of its stages.
///
/// Values between stages are `[picture, channel, row, column]`; a fully connected layer sees the same as
/// `[picture, feature]`.
public final class Network: @unchecked Sendable {
  /// One stage: a layer with the sizes before and behind it.
  struct Stage {
    enum Kind: Equatable {
      case convolution(rows: Int, columns: Int, padding: Int)
      case pool(floor: Float)
      case linear
      case relu
      case dropout(rate: Float, wholeChannels: Bool)
    }

    var kind: Kind
    var channels, height, width: Int
    var outChannels, outHeight, outWidth: Int
    /// Where the weights and the biases lie among the parameters; both 0 where there are none.
    var weight = 0
    var bias = 0

    var inputs: Int { channels * height * width }
    var outputs: Int { outChannels * outHeight * outWidth }

    /// Whether it has weights, whose gradient depends on what went in.
    var isWeighted: Bool {
      switch kind {
      case .convolution, .linear: true
      case .pool, .relu, .dropout: false
      }
    }

    /// Whether it changes what it is given.
    var isInPlace: Bool {
      switch kind {
      case .relu, .dropout: true
      case .convolution, .pool, .linear: false
      }
    }
  }

  /// The layers.
  public let architecture: Architecture
  /// All parameters, one tensor behind the other, each aligned to 16 floats.
  public let values: FloatBuffer
  /// Where each tensor is.
  public let parameters: [Parameter]
  /// The stages in order.
  let stages: [Stage]
  /// Stages up to the first fully connected one, which can go through the pictures a few at a time.
  let tower: Range<Int>
  /// The other stages, whose weights are so many that all pictures should meet them at once.
  let head: Range<Int>
  /// How many of the parameters, from the first, belong to the tower.
  let towerParameters: Int

  /// A network whose parameters are zero; throws a `NetworkError` where the sizes do not fit.
  public init(_ architecture: Architecture) throws {
    self.architecture = architecture
    var plan = NetworkAssembly(architecture)
    for (index, layer) in architecture.layers.enumerated() {
      let next = index + 1 < architecture.layers.count ? architecture.layers[index + 1] : nil
      try plan.add(layer, next: next)
    }
    stages = plan.stages
    tower = 0..<(stages.firstIndex { $0.kind == .linear } ?? 0)
    head = tower.upperBound..<stages.count
    parameters = plan.parameters
    towerParameters = stages.first { $0.kind == .linear }?.weight ?? 0
    guard plan.count <= 1 << 26 else { throw NetworkError.tooLarge(plan.count) }
    values = FloatBuffer(plan.count)
  }

  /// Whether a parameter is a weight or bias of a fully connected layer.
  public func isLinear(_ parameter: Parameter) -> Bool { parameter.offset >= towerParameters }

  /// Features that the tower gives for each picture.
  var features: Int { stages[head.lowerBound].inputs }
  /// Pixels of a picture.
  var pixels: Int { architecture.height * architecture.width }

  /// Multiplications and additions to classify one picture.
  public var operations: Int {
    stages.reduce(0) { total, stage in
      switch stage.kind {
      case .convolution(let rows, let columns, _):
        total + 2 * stage.outputs * stage.channels * rows * columns
      case .linear: total + 2 * stage.inputs * stage.outputs
      default: total
      }
    }
  }

  /// How parameters are drawn before training.
  public enum Initialisation: String, Sendable {
    /// Weights normal with variance 2 / inputs, or 1 / inputs in the last layer, which no ReLU follows;
    /// biases zero.
    ///
    /// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
    case he
    /// Weights and biases uniform within 1 / √inputs, as PyTorch's layers are by default.
    case uniform
  }

  /// Draws the parameters at random.
  public func initialise(_ rule: Initialisation = .he, seed: UInt64) {
    values.clear()
    var inputs = 1
    for (number, parameter) in parameters.enumerated() {
      var random = RandomNumbers(seed, 0x1417, UInt64(number))
      let isWeight = parameter.shape.count > 1
      // Biases come behind their weights.
      if isWeight { inputs = parameter.count / parameter.shape[0] }
      let values = values.start + parameter.offset
      switch rule {
      case .he:
        let gain: Float = number == parameters.count - 2 ? 1 : 2
        let deviation = (gain / Float(inputs)).squareRoot()
        for i in 0..<(isWeight ? parameter.count : 0) { values[i] = random.normal() * deviation }
      case .uniform:
        let limit = 1 / Float(inputs).squareRoot()
        for i in 0..<parameter.count { values[i] = random.spread(limit) }
      }
    }
  }
}
