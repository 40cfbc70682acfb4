#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Softmax and cross-entropy over logits `[class, batch]`.
public struct CrossEntropy: Sendable {
  /// The share of each target that is spread evenly over all classes.
  ///
  /// Source: Szegedy et al., "Rethinking the Inception architecture", 2016.
  public let smoothing: Float

  /// A loss with label smoothing in 0 ..< 1.
  public init(smoothing: Float = 0) { self.smoothing = smoothing }

  /// The mean loss (nats) and the number of labels that are not the first maximum.
  ///
  /// Where `gradient` is given, it becomes the mean loss's gradient of the logits.
  func evaluate(
    _ logits: UnsafePointer<Float>, labels: [Int], classes: Int,
    gradient: UnsafeMutablePointer<Float>?
  ) -> (loss: Double, errors: Int) {
    let batch = labels.count
    var loss = 0.0
    var errors = 0
    let off = smoothing / Float(classes)
    for (column, label) in labels.enumerated() {
      var best = 0
      for c in 1..<max(1, classes) where logits[c * batch + column] > logits[best * batch + column]
      {
        best = c
      }
      if best != label { errors += 1 }
      let largest = logits[best * batch + column]
      var total: Float = 0
      for c in 0..<classes { total += exp(logits[c * batch + column] - largest) }
      let logTotal = log(total)
      for c in 0..<classes {
        let logit = logits[c * batch + column] - largest
        let target = off + (c == label ? 1 - smoothing : 0)
        loss += Double(target * (logTotal - logit))
        if let gradient {
          gradient[c * batch + column] = (exp(logit - logTotal) - target) / Float(batch)
        }
      }
    }
    return (loss / Double(batch), errors)
  }
}

/// The probabilities of each class for one column of logits `[class, batch]`.
func softmax(
  _ logits: UnsafePointer<Float>, column: Int, batch: Int, classes: Int,
  _ target: UnsafeMutablePointer<Float>
) {
  var largest = -Float.infinity
  for c in 0..<classes { largest = max(largest, logits[c * batch + column]) }
  var total: Float = 0
  for c in 0..<classes {
    target[c] = exp(logits[c * batch + column] - largest)
    total += target[c]
  }
  for c in 0..<classes { target[c] /= total }
}
