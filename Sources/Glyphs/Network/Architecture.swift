/// A feed-forward network of pictures, as a line of text says it.
///
/// For example `conv 5x5x32 same, relu, pool 2, fc 256, relu, dropout 0.5, fc 20`: a convolution is
/// rows × columns × output channels, `same` keeps the picture's size; `dropout2d` drops whole channels.
/// `input 28x28`, or `input 28x28 mean 0.5 std 1`, may come first: pictures have one channel, and
/// brightness from 0 to 1, of which the mean is taken before it is divided by the deviation.
/// The last layer is an `fc`, whose outputs are the logits of the classes.
public struct Architecture: Equatable, Sendable, CustomStringConvertible {
  /// One layer.
  public enum Layer: Equatable, Sendable {
    /// Convolution of stride 1 with bias.
    case convolution(rows: Int, columns: Int, channels: Int, same: Bool)
    /// max(0, x).
    case relu
    /// Maximum over each 2×2 square.
    case pool
    /// Fully connected with bias.
    case linear(outputs: Int)
    /// While training, each value, or each channel's plane, is 0 with this probability, else divided by
    /// the rest.
    case dropout(rate: Float, wholeChannels: Bool)
  }

  /// Rows of a picture.
  public let height: Int
  /// Columns of a picture.
  public let width: Int
  /// How the brightness of a pixel is normalised.
  public let normalisation: Normalisation
  /// The layers in order.
  public let layers: [Layer]

  /// The classic network of the TensorFlow tutorial for MNIST.
  public static func lenet5(classes: Int) -> String {
    "conv 5x5x32 same, relu, pool 2, conv 5x5x64 same, relu, pool 2, "
      + "fc 512, relu, dropout 0.5, fc \(classes)"
  }

  /// The classes that the network tells apart.
  public var classes: Int {
    guard case .linear(let outputs)? = layers.last else { return 0 }
    return outputs
  }

  /// Reads the text; throws a `ArchitectureError` that names the layer.
  public init(_ text: String) throws {
    var size = (28, 28)
    var normalisation = Normalisation()
    var layers: [Layer] = []
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      let words = part.split(separator: " ")
      let failure = ArchitectureError.layer(String(part.drop { $0 == " " }))
      switch (words.first ?? "", words.count) {
      case ("input", 2), ("input", 6):
        let sizes = try Self.sizes(words[1], failure)
        guard number == 0, sizes.count == 2 else { throw failure }
        size = (sizes[0], sizes[1])
        guard words.count == 6 else { continue }
        guard let read = Normalisation(words[2...]) else { throw failure }
        normalisation = read
      case ("conv", 2...3):
        let sizes = try Self.sizes(words[1], failure)
        let same = words.count == 3 && words[2] == "same"
        guard sizes.count == 3, same || words.count == 2 || words[2] == "valid" else {
          throw failure
        }
        layers.append(
          .convolution(rows: sizes[0], columns: sizes[1], channels: sizes[2], same: same))
      case ("relu", 1): layers.append(.relu)
      case ("pool", 2) where words[1] == "2": layers.append(.pool)
      case ("fc", 2):
        let sizes = try Self.sizes(words[1], failure)
        guard sizes.count == 1 else { throw failure }
        layers.append(.linear(outputs: sizes[0]))
      case ("dropout", 2), ("dropout2d", 2):
        guard let rate = Float(words[1]), rate >= 0, rate < 1 else { throw failure }
        layers.append(.dropout(rate: rate, wholeChannels: words[0] == "dropout2d"))
      default: throw failure
      }
    }
    guard case .linear = layers.last else { throw ArchitectureError.lastLayer }
    (height, width) = size
    self.normalisation = normalisation
    self.layers = layers
  }

  private static func sizes(_ text: Substring, _ failure: ArchitectureError) throws -> [Int] {
    try text.split(separator: "x", omittingEmptySubsequences: false).map { part in
      guard let size = Int(part), (1...65536).contains(size) else { throw failure }
      return size
    }
  }

  /// The text that gives this network again.
  public var description: String {
    var parts = layers.map { layer in
      switch layer {
      case .convolution(let rows, let columns, let channels, let same):
        "conv \(rows)x\(columns)x\(channels)\(same ? " same" : "")"
      case .relu: "relu"
      case .pool: "pool 2"
      case .linear(let outputs): "fc \(outputs)"
      case .dropout(let rate, let channels): "dropout\(channels ? "2d" : "") \(rate)"
      }
    }
    let isUsual = normalisation == Normalisation()
    if (height, width) != (28, 28) || !isUsual {
      parts.insert("input \(height)x\(width)\(isUsual ? "" : " \(normalisation)")", at: 0)
    }
    return parts.joined(separator: ", ")
  }
}

/// Why a text describes no network of pictures.
public enum ArchitectureError: Error, CustomStringConvertible, Equatable {
  /// A text that is no layer.
  case layer(String)
  /// The last layer gives no logits.
  case lastLayer
  /// A convolution or pooling behind the first fully connected layer.
  case order(String)
  /// A picture becomes smaller than a layer's window.
  case tooSmall(String, Int, Int)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .layer(let text):
      "architecture: a layer is 'conv RxCxN [same]', 'relu', 'pool 2', 'fc N', 'dropout P' or "
        + "'dropout2d P': '\(text)'"
    case .lastLayer: "architecture: the last layer must be 'fc N'"
    case .order(let layer): "architecture: \(layer) cannot follow fc"
    case .tooSmall(let layer, let height, let width):
      "architecture: \(layer) does not fit a picture of \(height)×\(width)"
    }
  }
}
