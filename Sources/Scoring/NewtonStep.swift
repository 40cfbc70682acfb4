/// Where a concave function is highest, by Newton's steps from a start; a step that leads too far is halved.
///
/// It ends after `steps` at the latest; eight are usual.
func newtonMaximum(
  from start: [Double], steps: Int = 60, height: ([Double]) -> Double,
  curvature: ([Double]) -> Curvature
) -> [Double] {
  var place = start
  var reached = height(place)
  for _ in 0..<steps {
    guard var step = curvature(place).step else { break }
    var next = zip(place, step).map { $0 + $1 }
    var higher = height(next)
    for _ in 0..<20 where !(higher >= reached) {
      step = step.map { $0 / 2 }
      next = zip(place, step).map { $0 + $1 }
      higher = height(next)
    }
    guard higher > reached + 1e-10 else { break }
    (place, reached) = (next, higher)
  }
  return place
}

/// The x at which the symmetric, positive definite matrix times x is `right`, by Cholesky's factors.
///
/// Nil where it is not positive definite. For the few dozen unknowns of a regression.
private func solution(of matrix: [[Double]], _ right: [Double]) -> [Double]? {
  var factor = matrix
  var x = right
  for row in matrix.indices {
    for column in 0...row {
      var sum = matrix[row][column]
      for k in 0..<column { sum -= factor[row][k] * factor[column][k] }
      if row > column {
        factor[row][column] = sum / factor[column][column]
      } else if sum > 0 {
        factor[row][row] = sum.squareRoot()
      } else {
        return nil
      }
    }
  }
  for row in x.indices {
    for k in 0..<row { x[row] -= factor[row][k] * x[k] }
    x[row] /= factor[row][row]
  }
  for row in x.indices.reversed() {
    for k in (row + 1)..<x.count { x[row] -= factor[k][row] * x[k] }
    x[row] /= factor[row][row]
  }
  return x
}

/// What a Newton step needs of a concave function of several unknowns: its gradient, and how it bends.
struct Curvature {
  private(set) var gradient: [Double]
  private(set) var matrix: [[Double]]

  /// A function that is flat.
  init(count: Int) {
    gradient = [Double](repeating: 0, count: count)
    matrix = [[Double]](repeating: gradient, count: count)
  }

  /// Adds a linear part.
  mutating func add(_ vector: [Double], times weight: Double) {
    for row in vector.indices { gradient[row] += weight * vector[row] }
  }

  /// Adds what bends downwards along a vector.
  mutating func bend(_ vector: [Double], times weight: Double) {
    for row in vector.indices where vector[row] != 0 {
      for column in 0...row { matrix[row][column] += weight * vector[row] * vector[column] }
    }
  }

  /// Adds -½ `precision` (x - `center`)² of each unknown, at x.
  mutating func pull(_ x: [Double], to center: [Double], by precision: [Double]) {
    for row in x.indices {
      gradient[row] -= precision[row] * (x[row] - center[row])
      matrix[row][row] += precision[row]
    }
  }

  /// The step to where the gradient is 0, as far as this tells; nil where nothing bends.
  var step: [Double]? { solution(of: matrix, gradient) }
}
