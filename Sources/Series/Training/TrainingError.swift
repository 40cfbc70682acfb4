import Days

/// Why a training cannot begin or go on.
public enum TrainingError: Error, CustomStringConvertible {
  /// The loss is no longer a finite number.
  case diverged(step: Int, rate: Float)
  /// A span of days holds no sample.
  case noSamples(String, DaySpan, label: String)
  /// No day of a span has labels of which one is larger than another.
  case noSpread(String, label: String)
  /// No evaluation came to a number, so that no weights are the best.
  case noneBest(SignalRecipe.Choice)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .diverged(let step, let rate):
      "training has diverged: loss of step \(step) is not finite at learning rate \(rate); "
        + "try a lower --learning-rate"
    case .noSamples(let option, let span, let label):
      "--\(option): no row of \(span) has a number as '\(label)'"
    case .noSpread(let option, let label):
      "--\(option): a correlation needs a day on which '\(label)' is not the same in all rows"
    case .noneBest(let choice):
      "no evaluation came to a number as '\(choice.rawValue)', so no weights are the best"
    }
  }
}
