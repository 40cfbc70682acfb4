import NeuralNet

/// A network that reads a window of days and gives one number, as a line of text says it.
///
/// For example `cnn inputs 158 steps 20 layers 64,16,4 kernel 3 dropout 0.05`. A window is
/// `[step, input]`; the number is that of its last step.
public struct SeriesArchitecture: Equatable, Sendable, CustomStringConvertible {
  /// The families of networks.
  public enum Kind: String, CaseIterable, Sendable {
    /// Convolutions over the steps, padded to keep their number, each with ReLU and dropout.
    case cnn
    /// The same over the rows of a batch in place of steps, of which it keeps the last.
    case cnnBatchwise = "cnn-batchwise"
    /// Blocks of two causal, dilated, weight-normalised convolutions and a way around them.
    ///
    /// Source: Bai, Kolter and Koltun, "An empirical evaluation of generic convolutional and recurrent
    /// networks for sequence modeling", 2018.
    case tcn
    /// A weighted sum of the last step.
    case linear
    /// Fully connected layers on the last step, each with ReLU and dropout.
    case mlp
  }

  /// The family.
  public let kind: Kind
  /// Numbers a step.
  public let inputs: Int
  /// Steps of a window; 1 where only the last counts.
  public let steps: Int
  /// Channels of each layer, or of each block.
  public let layers: [Int]
  /// Steps that a convolution sees at once.
  public let kernel: Int
  /// The share of values that is 0 while training.
  public let dropout: Float

  /// A network of that size; throws a `NetworkError` that names the rule it breaks.
  public init(
    _ kind: Kind, inputs: Int, steps: Int, layers: [Int], kernel: Int, dropout: Float
  ) throws {
    let isFlat = kind == .linear || kind == .mlp
    self.kind = kind
    self.inputs = inputs
    self.steps = isFlat ? 1 : steps
    self.layers = kind == .linear ? [] : layers
    self.kernel = isFlat ? 1 : kernel
    self.dropout = dropout
    let sizes =
      [("inputs", inputs, 65536), ("steps", self.steps, 1024), ("kernel", self.kernel, 64)]
      + self.layers.map { ("layers", $0, 4096) }
    for (name, size, limit) in sizes where !(1...limit).contains(size) {
      throw NetworkError.model("network: \(name) must be in 1...\(limit): \(size)")
    }
    guard self.layers.count <= 16, kind == .linear || !layers.isEmpty else {
      throw NetworkError.model("network: there must be 1 to 16 layers: \(layers.count)")
    }
    guard dropout >= 0, dropout < 1 else {
      throw NetworkError.model("network: dropout must be in 0 ..< 1: \(dropout)")
    }
  }

  /// Reads the text.
  public init(_ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let failure = NetworkError.model(
      "architecture must be 'KIND inputs N steps N layers N,N,... kernel N dropout P': '\(text)'")
    guard let kind = words.first.flatMap(Kind.init), words.count % 2 == 1 else { throw failure }
    var values: [String: String] = [:]
    for place in stride(from: 1, to: words.count, by: 2) {
      guard values.updateValue(words[place + 1], forKey: words[place]) == nil else {
        throw failure
      }
    }
    let layers = (values["layers"] ?? "").split(separator: ",").map { Int($0) }
    guard let inputs = values["inputs"].flatMap({ Int($0) }),
      let steps = Int(values["steps"] ?? "1"), let kernel = Int(values["kernel"] ?? "1"),
      let dropout = Float(values["dropout"] ?? "0"), !layers.contains(nil),
      Set(values.keys).isSubset(of: ["inputs", "steps", "layers", "kernel", "dropout"])
    else { throw failure }
    try self.init(
      kind, inputs: inputs, steps: steps, layers: layers.compactMap { $0 }, kernel: kernel,
      dropout: dropout)
  }

  /// The text that gives this network again.
  public var description: String {
    let sizes = "\(kind.rawValue) inputs \(inputs)"
    if kind == .linear { return sizes }
    let channels = layers.map(String.init).joined(separator: ",")
    if kind == .mlp { return "\(sizes) layers \(channels) dropout \(dropout)" }
    return "\(sizes) steps \(steps) layers \(channels) kernel \(kernel) dropout \(dropout)"
  }
}
