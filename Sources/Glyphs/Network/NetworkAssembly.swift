import NeuralNet

/// Puts stages together, layer by layer.
struct NetworkAssembly {
  var stages: [Network.Stage] = []
  var parameters: [Parameter] = []
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
      guard linears == 0 else { throw ArchitectureError.order("conv") }
      // Padding is the same on all sides, so `same` asks for an odd, square window.
      guard !same || rows == columns && rows % 2 == 1 else {
        throw ArchitectureError.layer("conv \(rows)x\(columns)x\(channels) same")
      }
      let padding = same ? rows / 2 : 0
      let (height, width) = (
        size.height + 2 * padding - rows + 1, size.width + 2 * padding - columns + 1
      )
      guard height > 0, width > 0 else {
        throw ArchitectureError.tooSmall("conv \(rows)x\(columns)", size.height, size.width)
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
      guard linears == 0 else { throw ArchitectureError.order("pool") }
      guard size.height > 1, size.width > 1 else {
        throw ArchitectureError.tooSmall("pool 2", size.height, size.width)
      }
      let kind = Network.Stage.Kind.pool(floor: fusedRelu ? 0 : -.infinity)
      fusedRelu = false
      append(stage(kind, size.channels, size.height / 2, size.width / 2))
    case .linear(let outputs):
      linears += 1
      var stage = stage(.linear, outputs, 1, 1)
      stage.weight = try parameter("fc\(linears).weight", [outputs, stage.inputs])
      stage.bias = try parameter("fc\(linears).bias", [outputs])
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

  private mutating func parameter(_ name: String, _ shape: [Int]) throws -> Int {
    let offset = count
    // Factors are at most 65536 each but for the features, so two of them cannot overflow.
    let size = shape.reduce(1.0) { $0 * Double($1) }
    guard size <= 0x1p26 else { throw NetworkError.tooLarge(Int(size, within: 0 ... .max)) }
    count += (Int(size, within: 0...1 << 26) + 15) & ~15
    parameters.append(
      Parameter(name: name, shape: shape, offset: offset))
    return offset
  }
}
