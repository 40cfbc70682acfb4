import ArgumentParser
import Glyphs

/// The options that change a recipe.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      best: the project's own. lenet5: TensorFlow's classic for MNIST. mnist-net: PyTorch's. \
      (default: best, or the one that --architecture names)
      """, valueName: "name"))
  var recipe: Recipe.Name?

  @Option(
    name: [.long, .customLong("arch")],
    help: ArgumentHelp(
      """
      Layers, such as 'conv 5x5x32 same, relu, pool 2, fc 256, relu, dropout 0.5', or the name of a \
      recipe that has them.
      """, valueName: "layers"))
  var architecture: String?

  @Option(help: ArgumentHelp("Pictures a step.", valueName: "n"))
  var batch: Int?

  @Option(help: ArgumentHelp("Epochs.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Learning rate at its highest.", valueName: "rate"))
  var learningRate: Float?

  @Option(help: ArgumentHelp("Steps over which the rate rises.", valueName: "n"))
  var warmup: Int?

  @Option(name: [.customLong("lambda"), .long], help: "Weight decay, λ.")
  var weightDecay: Float?

  @Option(help: ArgumentHelp("Dropout of all dropout layers.", valueName: "rate"))
  var dropout: Float?

  @Option(help: ArgumentHelp("Label smoothing.", valueName: "share"))
  var smoothing: Float?

  @Option(
    help: ArgumentHelp("Share of the averaged weights that a step keeps.", valueName: "share"))
  var averaging: Float?

  @Option(help: ArgumentHelp("How much more often pictures of digits are shown.", valueName: "x"))
  var digitWeight: Double?

  @Option(help: ArgumentHelp("Pictures from the front that are kept aside.", valueName: "n"))
  var validation: Int?

  @Option(help: "Decides every random number.")
  var seed: UInt64 = 1

  @Flag(inversion: .prefixedNo, help: "Bend what is learnt from, at random.")
  var augment: Bool?

  /// Refuses values that no training can have.
  func validate() throws {
    for (name, value) in [("--batch", batch), ("--epochs", epochs)] {
      guard (1...1_000_000).contains(value ?? 1) else {
        throw ValidationError("\(name) must be in 1...1000000: \(value ?? 0)")
      }
    }
    for (name, value) in [("--warmup", warmup), ("--validation", validation)] {
      guard (value ?? 0) >= 0 else {
        throw ValidationError("\(name) must not be negative: \(value ?? 0)")
      }
    }
    for (name, value) in [("--learning-rate", learningRate), ("--weight-decay", weightDecay)] {
      guard let value else { continue }
      guard value >= 0, value.isFinite else {
        throw ValidationError("\(name) must be a number from 0 up: \(value)")
      }
    }
    guard (0.001...1000).contains(digitWeight ?? 1) else {
      throw ValidationError("--digit-weight must be in 0.001...1000: \(digitWeight ?? 0)")
    }
    for (name, value) in [
      ("--dropout", dropout), ("--smoothing", smoothing), ("--averaging", averaging),
    ] {
      guard let value else { continue }
      guard value >= 0, value < 1 else {
        throw ValidationError("\(name) must be in 0 ..< 1: \(value)")
      }
    }
    if let architecture, Recipe.Name(rawValue: architecture) == nil {
      // The layer of the classes comes last, whatever was asked for.
      do { _ = try Architecture("\(architecture), fc 1") } catch {
        throw ValidationError("--\(error)")
      }
    }
  }

  /// The recipe of that name with its changes; throws a `ArchitectureError` for layers that are none.
  ///
  /// A training that starts from a model keeps its layers, unless others are asked for.
  func changed(startingFrom start: Model? = nil) throws -> Recipe {
    let named = architecture.flatMap(Recipe.Name.init)
    var result = Recipe(recipe ?? named ?? .best)
    if let named {
      result.architecture = Recipe(named).architecture
    } else if let architecture {
      result.architecture = architecture
    } else if let start {
      // The layer of the classes comes anew: there may be more than the model had.
      result.architecture = start.network.architecture.description
        .split(separator: ",").dropLast().joined(separator: ",")
    }
    if let dropout {
      result.architecture = result.architecture.split(separator: ",").map { layer in
        let name = layer.split(separator: " ").first ?? ""
        return name.hasPrefix("dropout") ? " \(name) \(dropout)" : String(layer)
      }.joined(separator: ",")
    }
    result.batch = batch ?? result.batch
    result.epochs = epochs ?? result.epochs
    result.decay = weightDecay ?? result.decay
    result.smoothing = smoothing ?? result.smoothing
    result.averaging = averaging ?? result.averaging
    result.digitWeight = digitWeight ?? result.digitWeight
    result.validation = validation ?? result.validation
    result.seed = seed
    switch result.schedule {
    case .exponential(let rate, let decay):
      result.schedule = .exponential(rate: learningRate ?? rate, decay: decay)
    case .cosine(let rate, let steps):
      result.schedule = .cosine(rate: learningRate ?? rate, warmup: warmup ?? steps)
    }
    if let augment { result.augmentation = augment ? Augmentation() : nil }
    return result
  }
}

extension Recipe.Name: ExpressibleByArgument {}
