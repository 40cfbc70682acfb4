// Steps of optimisers, element by element; formulas are PyTorch's.

extension CompiledKernels {
  /// Momentum: velocity = momentum · velocity + slope, values -= rate · (ahead · slope + reach · velocity).
  ///
  /// Plain momentum has ahead 0 and reach 1, Nesterov's has ahead 1 and reach `momentum`.
  @inline(never)
  static func momentumStep(
    _ count: Int, _ gradient: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>,
    _ velocity: UnsafeMutablePointer<Float>, _ rate: Float, _ decay: Float, _ momentum: Float,
    _ ahead: Float, _ reach: Float
  ) {
    for i in 0..<count {
      let slope = gradient[i] + decay * values[i]
      let speed = momentum * velocity[i] + slope
      velocity[i] = speed
      values[i] -= rate * (ahead * slope + reach * speed)
    }
  }

  /// Adam: the values shrink, then move by pace · mean / (root · √square + epsilon).
  @inline(never)
  static func adamStep(
    _ count: Int, _ gradient: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>,
    _ mean: UnsafeMutablePointer<Float>, _ square: UnsafeMutablePointer<Float>, _ pace: Float,
    _ shrink: Float, _ decay: Float, _ beta1: Float, _ beta2: Float, _ root: Float,
    _ epsilon: Float
  ) {
    for i in 0..<count {
      let slope = gradient[i] + decay * values[i]
      let first = mean[i] + (1 - beta1) * (slope - mean[i])
      let second = beta2 * square[i] + (1 - beta2) * slope * slope
      mean[i] = first
      square[i] = second
      values[i] = values[i] * shrink - pace * first / (second.squareRoot() * root + epsilon)
    }
  }

  /// Adadelta: steps as large as steps have been, where slopes are as large as slopes have been.
  @inline(never)
  static func adadeltaStep(
    _ count: Int, _ gradient: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>,
    _ square: UnsafeMutablePointer<Float>, _ steps: UnsafeMutablePointer<Float>, _ rate: Float,
    _ decay: Float, _ rho: Float, _ epsilon: Float
  ) {
    for i in 0..<count {
      let slope = gradient[i] + decay * values[i]
      let second = rho * square[i] + (1 - rho) * slope * slope
      // One root of a quotient in place of a quotient of two roots.
      let step = ((steps[i] + epsilon) / (second + epsilon)).squareRoot() * slope
      square[i] = second
      steps[i] = rho * steps[i] + (1 - rho) * step * step
      values[i] -= rate * step
    }
  }
}
