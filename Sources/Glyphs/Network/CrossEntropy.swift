import InstructionSets
import KernelChoice
import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Softmax and cross-entropy over logits `[batch, class]`.
public struct CrossEntropy: Sendable {
  /// The share of each target that is spread evenly over all classes.
  ///
  /// Source: Szegedy et al., "Rethinking the Inception architecture", 2016.
  public let smoothing: Float

  /// A loss with label smoothing in 0 ..< 1.
  public init(smoothing: Float = 0) { self.smoothing = smoothing }

  /// The loss (nats) of one row of probabilities, which are not 0 for long: the least number is taken then.
  func loss(of probabilities: ArraySlice<Float>, label: Int) -> Double {
    func nats(_ probability: Float) -> Double {
      -Double(log(max(probability, Float.leastNonzeroMagnitude)))
    }
    let right = nats(probabilities[probabilities.startIndex + label])
    guard smoothing > 0 else { return right }
    let even = probabilities.reduce(0) { $0 + nats($1) } / Double(probabilities.count)
    return Double(1 - smoothing) * right + Double(smoothing) * even
  }

  /// The mean loss (nats) and the number of labels that are not the first maximum.
  ///
  /// `gradient` becomes the mean loss's gradient of the logits.
  func evaluate(
    _ logits: UnsafePointer<Float>, labels: [Int], classes: Int,
    gradient: UnsafeMutablePointer<Float>
  ) -> (loss: Double, errors: Int) {
    var loss = 0.0
    var errors = 0
    let even = smoothing / Float(classes)
    for (row, label) in labels.enumerated() {
      let (row, shifted) = (logits + row * classes, gradient + row * classes)
      if place(ofLargest: row, classes) != label { errors += 1 }
      shift(row, classes, shifted)
      var sum: Float = 0
      for c in 0..<classes { sum += shifted[c] }
      loss -= Double((1 - smoothing) * shifted[label] + even * sum)
    }
    CPU.current.kernels.exponentiate(labels.count * classes, gradient)
    let share = 1 / Float(labels.count)
    for (row, label) in labels.enumerated() {
      let row = gradient + row * classes
      let total = sum(row, classes)
      loss += Double(log(total))
      for c in 0..<classes { row[c] = (row[c] / total - even) * share }
      row[label] -= (1 - smoothing) * share
    }
    return (loss / Double(labels.count), errors)
  }
}

/// The probabilities of each class, row by row of logits `[rows, class]`.
func softmax(
  _ logits: UnsafePointer<Float>, _ rows: Int, classes: Int, _ target: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows { shift(logits + row * classes, classes, target + row * classes) }
  CPU.current.kernels.exponentiate(rows * classes, target)
  for row in 0..<rows {
    let row = target + row * classes
    let total = sum(row, classes)
    for c in 0..<classes { row[c] /= total }
  }
}

/// The index of the first largest value.
private func place(ofLargest values: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  for i in 1..<max(1, count) where values[i] > values[best] { best = i }
  return best
}

/// Logits less their largest, so that no power overflows.
private func shift(
  _ logits: UnsafePointer<Float>, _ count: Int, _ target: UnsafeMutablePointer<Float>
) {
  let largest = logits[place(ofLargest: logits, count)]
  for i in 0..<count { target[i] = logits[i] - largest }
}

private func sum(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
  var total: Float = 0
  for i in 0..<count { total += values[i] }
  return total
}
