import NeuralNet

/// All that decides how a network is trained, but for the data.
public struct Recipe: Sendable {
  /// The recipes that have names.
  public enum Name: String, CaseIterable, Sendable {
    /// The project's own: augmentation, AdamW, cosine, averaged weights.
    case best
    /// The TensorFlow tutorial's network for MNIST.
    case lenet5
    /// The network of PyTorch's example for MNIST.
    case mnistNet = "mnist-net"
  }

  /// The layers; `fc` of the classes is added where the text does not end in one.
  public var architecture: String
  /// How the weights are drawn.
  public var initialisation = Network.Initialisation.he
  /// Pictures a step.
  public var batch: Int
  /// Epochs.
  public var epochs: Int
  /// The learning rate over time.
  public var schedule: Schedule
  /// The rule of a step.
  public var rule: Optimiser.Rule
  /// Weight decay, or λ.
  public var decay: Float
  /// Whether the decay is for weights and biases of fully connected layers only (λ/2·‖W‖² in the loss),
  /// or for all weights and no biases.
  public var decaysLinear: Bool
  /// The share of the targets that label smoothing spreads.
  public var smoothing: Float
  /// The share of the averaged weights that a step keeps; 0 is no average.
  public var averaging: Float
  /// How samples are bent; nil leaves them as they are.
  public var augmentation: Augmentation?
  /// Whether rare classes are shown more often.
  public var balanced: Bool
  /// How much more often pictures of digits are shown, when balanced.
  public var digitWeight = 2.0
  /// Pictures from the front of the first set that are kept aside.
  public var validation: Int
  /// Decides every random number.
  public var seed: UInt64 = 1

  /// The recipe of a name.
  public init(_ name: Name) {
    switch name {
    case .best:
      architecture =
        "conv 3x3x32 same, relu, conv 3x3x32 same, relu, pool 2, "
        + "conv 3x3x64 same, relu, conv 3x3x64 same, relu, pool 2, "
        + "conv 3x3x128 same, relu, pool 2, fc 256, relu, dropout 0.4"
      (batch, epochs) = (64, 20)
      schedule = .cosine(rate: 2e-3, warmup: 500)
      rule = .adam(decoupled: true)
      (decay, decaysLinear) = (0.02, false)
      (smoothing, averaging) = (0.03, 0.999)
      augmentation = Augmentation()
      (balanced, validation) = (true, 0)
    case .lenet5:
      architecture =
        "conv 5x5x32 same, relu, pool 2, conv 5x5x64 same, relu, pool 2, fc 512, relu, dropout 0.5"
      (batch, epochs) = (64, 10)
      schedule = .exponential(rate: 0.01, decay: 0.95)
      rule = .momentum(0.9, nesterov: false)
      (decay, decaysLinear) = (5e-4, true)
      (smoothing, averaging) = (0, 0)
      augmentation = nil
      (balanced, validation) = (false, 5000)
    case .mnistNet:
      architecture =
        "input 28x28 mean 0.1307 std 0.3081, conv 3x3x32, relu, conv 3x3x64, relu, pool 2, "
        + "dropout2d 0.25, fc 128, relu, dropout 0.5"
      initialisation = .uniform
      (batch, epochs) = (64, 14)
      schedule = .exponential(rate: 1, decay: 0.7)
      rule = .adadelta()
      (decay, decaysLinear) = (0, false)
      (smoothing, averaging) = (0, 0)
      augmentation = nil
      (balanced, validation) = (false, 0)
    }
  }

  /// The layers with an `fc` of that many classes at the end.
  public func layers(classes: Int) throws -> Architecture {
    let last = architecture.split(separator: ",").last?.split(separator: " ") ?? []
    guard last.first != "fc" else { return try Architecture(architecture) }
    return try Architecture(architecture + ", fc \(classes)")
  }

  /// A line that says all of it.
  public var description: String {
    let bends = augmentation.map { "\($0)" } ?? "none"
    return "batch \(batch), epochs \(epochs), \(schedule), \(rule), decay \(decay)"
      + "\(decaysLinear ? " of fc" : ""), weights \(initialisation), smoothing \(smoothing), averaging \(averaging), "
      + "augmentation \(bends), \(balanced ? "balanced, digits × \(digitWeight)" : "as it comes"), seed \(seed)"
  }
}
