import NeuralNet

/// All that decides how a network of factors is trained, but for the data.
public struct SignalRecipe: Sendable {
  /// The figure by which the best weights are chosen.
  public enum Choice: String, CaseIterable, Sendable {
    /// The loss over the validation days.
    case loss
    /// The mean over these days of the correlation of scores and labels.
    case ic
    /// The same of their ranks.
    case rankIC = "rank-ic"
  }

  /// The family of the network.
  public var kind: SeriesArchitecture.Kind
  /// Channels of each layer.
  public var layers: [Int]
  /// Days that a convolution sees at once.
  public var kernel: Int
  /// Days of a window.
  public var steps = 20
  /// The share of values that is 0 while training.
  public var dropout: Float
  /// Samples a step.
  public var batch: Int
  /// The learning rate at first.
  public var learningRate: Float
  /// Weight decay (L2).
  public var decay: Float
  /// Steps; nil is 200 epochs.
  public var maxSteps: Int?
  /// Steps between evaluations; nil is an epoch.
  public var evaluateEvery: Int?
  /// Evaluations without a better one after which training ends.
  public var earlyStop: Int
  /// The loss.
  public var loss = SeriesLoss.mse
  /// What the best weights are chosen by.
  public var choice = Choice.loss
  /// Decides every random number.
  public var seed: UInt64 = 1
  /// Networks, trained from seeds that follow each other.
  public var seeds = 1

  /// The recipe of a family.
  ///
  /// Sources: qlib's `pytorch_nn` and the classic configuration of its CNN; `pytorch_tcn_ts` on Alpha158.
  public init(_ kind: SeriesArchitecture.Kind) {
    self.kind = kind
    (layers, kernel, dropout) = ([64, 16, 4], 3, 0.05)
    (batch, learningRate, decay) = (8196, 0.002, 0.0002)
    (maxSteps, evaluateEvery, earlyStop) = (4000, 20, 50)
    switch kind {
    case .cnn, .cnnBatchwise: break
    case .tcn:
      (layers, kernel, dropout) = ([32, 32, 32, 32, 32], 7, 0.5)
      (batch, learningRate, decay) = (2000, 1e-4, 0)
      (maxSteps, evaluateEvery, earlyStop) = (nil, nil, 20)
    case .linear: layers = []
    case .mlp: layers = [256]
    }
  }

  /// The factors that the family takes by default; nil takes all.
  public static func fields(_ kind: SeriesArchitecture.Kind) -> String? {
    kind == .tcn
      ? "RESI5,WVMA5,RSQR5,KLEN,RSQR10,CORR5,CORD5,CORR10,ROC60,RESI10,VSTD5,RSQR60,CORR60,WVMA60,"
        + "STD5,RSQR20,CORD60,CORD10,CORR20,KLOW"
      : nil
  }

  /// Rows of a batch that the last one's convolutions see, where they run over the batch.
  var reach: Int { 1 + layers.count * ((kernel - 1) / 2) }

  /// Days of a window that a table must keep.
  public var windowSteps: Int { kind == .cnn || kind == .tcn ? steps : 1 }

  /// The network for `inputs` factors, in batches of at most `samples` samples.
  public func architecture(inputs: Int, samples: Int) throws -> SeriesArchitecture {
    try SeriesArchitecture(
      kind, inputs: inputs,
      steps: kind == .cnnBatchwise ? min(reach, batch, samples) : windowSteps, layers: layers,
      kernel: kernel, dropout: dropout)
  }

  /// A line that says all of it but the seed.
  public var description: String {
    "loss \(loss.rawValue), batch \(batch), learning rate \(learningRate), weight decay \(decay), "
      + "steps \(maxSteps.map(String.init) ?? "200 epochs"), "
      + "evaluated every \(evaluateEvery.map { "\($0) steps" } ?? "epoch"), "
      + "early stop \(earlyStop), chosen by \(choice.rawValue)"
  }
}
