import Tensor

/// A network's parameters and the sizes of its stages.
///
/// What stages hand on is `[picture, channel, row, column]`; a fully connected layer sees the same as
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

  /// A named tensor among the parameters.
  public struct Parameter: Equatable, Sendable {
    /// The name in files, such as `conv1.weight`.
    public let name: String
    /// Its shape: `[out, in, row, column]`, `[out, in]` or `[out]`.
    public let shape: [Int]
    /// Where it starts.
    public let offset: Int
    /// Whether it is a weight or bias of a fully connected layer.
    public let isLinear: Bool

    /// Its elements.
    public var count: Int { shape.reduce(1, *) }
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
    var plan = Assembly(architecture)
    for (index, layer) in architecture.layers.enumerated() {
      let next = index + 1 < architecture.layers.count ? architecture.layers[index + 1] : nil
      try plan.add(layer, next: next)
    }
    stages = plan.stages
    tower = 0..<(stages.firstIndex { $0.kind == .linear } ?? 0)
    head = tower.upperBound..<stages.count
    parameters = plan.parameters
    towerParameters = parameters.first { $0.isLinear }?.offset ?? 0
    guard plan.count <= 1 << 26 else { throw NetworkError.tooLarge(plan.count) }
    values = FloatBuffer(plan.count)
  }

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

/// Puts stages together, layer by layer.
private struct Assembly {
  var stages: [Network.Stage] = []
  var parameters: [Network.Parameter] = []
  var count = 0
  private var size: (channels: Int, height: Int, width: Int)
  private var convolutions = 0
  private var linears = 0
  /// A ReLU that the pooling behind it does on the way.
  private var fusedRelu = false

  init(_ architecture: Architecture) {
    size = (1, architecture.height, architecture.width)
  }

  mutating func add(_ layer: Architecture.Layer, next: Architecture.Layer?) throws {
    switch layer {
    case .convolution(let rows, let columns, let channels, let same):
      guard linears == 0 else { throw NetworkError.order("conv") }
      // Padding is the same on all sides, so `same` asks for an odd, square window.
      guard !same || rows == columns && rows % 2 == 1 else {
        throw NetworkError.layer("conv \(rows)x\(columns)x\(channels) same")
      }
      let padding = same ? rows / 2 : 0
      let (height, width) = (
        size.height + 2 * padding - rows + 1, size.width + 2 * padding - columns + 1
      )
      guard height > 0, width > 0 else {
        throw NetworkError.tooSmall("conv \(rows)x\(columns)", size.height, size.width)
      }
      convolutions += 1
      var stage = stage(
        .convolution(rows: rows, columns: columns, padding: padding), channels, height, width)
      let name = "conv\(convolutions)"
      stage.weight = try parameter("\(name).weight", [channels, size.channels, rows, columns])
      stage.bias = try parameter("\(name).bias", [channels])
      append(stage)
    case .relu:
      if case .pool? = next, linears == 0 {
        fusedRelu = true
      } else {
        append(stage(.relu, size.channels, size.height, size.width))
      }
    case .pool:
      guard linears == 0 else { throw NetworkError.order("pool") }
      guard size.height > 1, size.width > 1 else {
        throw NetworkError.tooSmall("pool 2", size.height, size.width)
      }
      let kind = Network.Stage.Kind.pool(floor: fusedRelu ? 0 : -.infinity)
      fusedRelu = false
      append(stage(kind, size.channels, size.height / 2, size.width / 2))
    case .linear(let outputs):
      linears += 1
      var stage = stage(.linear, outputs, 1, 1)
      stage.weight = try parameter("fc\(linears).weight", [outputs, stage.inputs], isLinear: true)
      stage.bias = try parameter("fc\(linears).bias", [outputs], isLinear: true)
      append(stage)
    case .dropout(let rate, let channels):
      append(
        stage(
          .dropout(rate: rate, wholeChannels: channels), size.channels, size.height, size.width))
    }
  }

  private func stage(
    _ kind: Network.Stage.Kind, _ channels: Int, _ height: Int, _ width: Int
  ) -> Network.Stage {
    Network.Stage(
      kind: kind, channels: size.channels, height: size.height, width: size.width,
      outChannels: channels, outHeight: height, outWidth: width)
  }

  private mutating func append(_ stage: Network.Stage) {
    size = (stage.outChannels, stage.outHeight, stage.outWidth)
    stages.append(stage)
  }

  private mutating func parameter(
    _ name: String, _ shape: [Int], isLinear: Bool = false
  ) throws -> Int {
    let offset = count
    // Factors are at most 65536 each but for the features, so two of them cannot overflow.
    let size = shape.reduce(1.0) { $0 * Double($1) }
    guard size <= 0x1p26 else { throw NetworkError.tooLarge(Int(min(size, 0x1p62))) }
    count += (Int(size) + 15) & ~15
    parameters.append(
      Network.Parameter(name: name, shape: shape, offset: offset, isLinear: isLinear))
    return offset
  }
}
