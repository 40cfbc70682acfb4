import NeuralNet
import Statistics

/// What the scores of some days are worth.
public struct Evaluation: Sendable {
  /// The loss.
  public let loss: Double
  /// The mean over days of the correlation with the labels; NaN where no day has one.
  public let ic: Double
  /// The same of the ranks.
  public let rankIC: Double

  /// Scores of the samples of each day, beside their labels.
  init(_ days: [[Float]], labels: [[Float]], loss: SeriesLoss) {
    var (linear, ranks) = (DailyMean(), DailyMean())
    var (squares, count) = (0.0, 0)
    let day = LabelCorrelation()
    for (scores, labels) in zip(days, labels) {
      day.begin(labels)
      let correlation = day.correlate(scores)
      linear.add(correlation.linear)
      ranks.add(correlation.ranks)
      for (score, label) in zip(scores, labels) {
        squares += (Double(score) - Double(label)) * (Double(score) - Double(label))
      }
      count += scores.count
    }
    (ic, rankIC) = (linear.mean, ranks.mean)
    self.loss = loss == .mse ? squares / Double(max(1, count)) : -ic
  }

  /// The figure that is to be small.
  func figure(_ choice: SignalRecipe.Choice) -> Double {
    let figure =
      switch choice {
      case .loss: loss
      case .ic: -ic
      case .rankIC: -rankIC
      }
    return figure.isNaN ? .infinity : figure
  }
}
