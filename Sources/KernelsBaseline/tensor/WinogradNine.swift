import KernelTable

// Winograd's transforms of 9×9 pixels: F(7×7, 3×3), 81 products instead of 441 for a square of 7×7 outputs,
// F(6×6, 4×4), 81 instead of 576, and F(5×5, 5×5), 81 instead of 625. Points 0, ±1/2, ±7/8, ±3/2, ±4: of those with
// few digits the set whose errors were least. Beside 0 all come in pairs ±p, which share sums; with ∞ one would be
// left without its partner.

/// The two points p and -p.
private struct Pair {
  let p: Float
  /// The coefficients of Π (x² - q²) over the other pairs, without signs.
  let f1, f2, f3: Float
  /// What kernels are multiplied by: 1 / (2 p² Π (p² - q²)).
  let scale: Float

  /// A pair, and the squares of the others.
  @inline(__always)
  init(_ p: Float, _ a: Float, _ b: Float, _ c: Float) {
    self.p = p
    (f1, f2, f3) = (a + b + c, a * b + a * c + b * c, a * b * c)
    let square = p * p
    scale = 1 / (2 * square * (square - a) * (square - b) * (square - c))
  }

  @inline(__always) static var first: Pair { Pair(0.5, 0.765625, 2.25, 16) }
  @inline(__always) static var second: Pair { Pair(0.875, 0.25, 2.25, 16) }
  @inline(__always) static var third: Pair { Pair(1.5, 0.25, 0.765625, 16) }
  @inline(__always) static var fourth: Pair { Pair(4, 0.25, 0.765625, 2.25) }

  /// What kernels are multiplied by at 0: 1 / Π q² over all pairs.
  @inline(__always) static var scaleOfZero: Float { 1 / 6.890625 }

  /// p to a power of up to six.
  @inline(__always)
  func power(_ exponent: Int) -> Float {
    let (square, odd) = (p * p, exponent % 2 == 1 ? p : 1)
    return switch exponent / 2 {
    case 0: odd
    case 1: odd * square
    case 2: odd * square * square
    default: odd * square * square * square
    }
  }

  /// The same, times `scale`.
  @inline(__always)
  func scaled(_ exponent: Int) -> Float { scale * power(exponent) }

  /// G without signs of the three to five vectors of a kernel: the even ones.
  @inline(__always)
  func even(_ g0: Vector, _ g2: Vector, weight g4: Vector?) -> Vector {
    let sum = fused(fused(.zero, scaled(0), g0), scaled(2), g2)
    guard let g4 else { return sum }
    return fused(sum, scaled(4), g4)
  }

  /// The odd ones.
  @inline(__always)
  func odd(_ g1: Vector, weight g3: Vector?) -> Vector {
    let sum = fused(.zero, scaled(1), g1)
    guard let g3 else { return sum }
    return fused(sum, scaled(3), g3)
  }

  /// A without signs of the five to seven vectors of a gradient: the even ones.
  @inline(__always)
  func even(_ y0: Vector, _ y2: Vector, _ y4: Vector, gradient y6: Vector?) -> Vector {
    let sum = fused(fused(y0, power(2), y2), power(4), y4)
    guard let y6 else { return sum }
    return fused(sum, power(6), y6)
  }

  /// The odd ones.
  @inline(__always)
  func odd(_ y1: Vector, _ y3: Vector, gradient y5: Vector?) -> Vector {
    let sum = fused(fused(.zero, p, y1), power(3), y3)
    guard let y5 else { return sum }
    return fused(sum, power(5), y5)
  }

  /// Bᵀ without signs, of every other vector of a row of pixels.
  @inline(__always)
  func everyOther(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> Vector {
    fused(fused(fused(d, -f1, c), f2, b), -f3, a)
  }
}

/// Nine vectors.
struct Nine: WinogradLine {
  @inline(__always) static var span: Int { 9 }

  var v0, v1, v2, v3, v4, v5, v6, v7, v8: Vector

  @inline(__always) init(_ p: UnsafePointer<Float>, _ stride: Int) {
    (v0, v1, v2) = (loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride))
    v3 = loadVector(p + 3 * stride)
    v4 = loadVector(p + 4 * stride)
    v5 = loadVector(p + 5 * stride)
    v6 = loadVector(p + 6 * stride)
    v7 = loadVector(p + 7 * stride)
    v8 = loadVector(p + 8 * stride)
  }

  /// One vector a pair.
  private typealias Pairs = (Vector, Vector, Vector, Vector)

  /// What 0 is given, and of each pair the even and the odd powers.
  @inline(__always)
  private init(_ zero: Vector, _ even: Pairs, _ odd: Pairs) {
    v0 = zero
    (v1, v2) = (even.0 + odd.0, even.0 - odd.0)
    (v3, v4) = (even.1 + odd.1, even.1 - odd.1)
    (v5, v6) = (even.2 + odd.2, even.2 - odd.2)
    (v7, v8) = (even.3 + odd.3, even.3 - odd.3)
  }

  /// G of the three to five vectors of a kernel.
  @inline(__always)
  init(weights count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (g0, g1, g2) = (loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride))
    let g3 = count > 3 ? loadVector(p + 3 * stride) : nil
    let g4 = count > 4 ? loadVector(p + 4 * stride) : nil
    self.init(
      fused(.zero, Pair.scaleOfZero, g0),
      (
        Pair.first.even(g0, g2, weight: g4), Pair.second.even(g0, g2, weight: g4),
        Pair.third.even(g0, g2, weight: g4), Pair.fourth.even(g0, g2, weight: g4)
      ),
      (
        Pair.first.odd(g1, weight: g3), Pair.second.odd(g1, weight: g3),
        Pair.third.odd(g1, weight: g3), Pair.fourth.odd(g1, weight: g3)
      ))
  }

  /// A of the five to seven vectors of a gradient.
  @inline(__always)
  init(gradients count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (y0, y1, y2) = (loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride))
    let (y3, y4) = (loadVector(p + 3 * stride), loadVector(p + 4 * stride))
    let y5 = count > 5 ? loadVector(p + 5 * stride) : nil
    let y6 = count > 6 ? loadVector(p + 6 * stride) : nil
    self.init(
      y0,
      (
        Pair.first.even(y0, y2, y4, gradient: y6), Pair.second.even(y0, y2, y4, gradient: y6),
        Pair.third.even(y0, y2, y4, gradient: y6), Pair.fourth.even(y0, y2, y4, gradient: y6)
      ),
      (
        Pair.first.odd(y1, y3, gradient: y5), Pair.second.odd(y1, y3, gradient: y5),
        Pair.third.odd(y1, y3, gradient: y5), Pair.fourth.odd(y1, y3, gradient: y5)
      ))
  }

  @inline(__always) func put(_ p: UnsafeMutablePointer<Float>, _ stride: Int) {
    storeVector(v0, p)
    storeVector(v1, p + stride)
    storeVector(v2, p + 2 * stride)
    storeVector(v3, p + 3 * stride)
    storeVector(v4, p + 4 * stride)
    storeVector(v5, p + 5 * stride)
    storeVector(v6, p + 6 * stride)
    storeVector(v7, p + 7 * stride)
    storeVector(v8, p + 8 * stride)
  }

  /// Bᵀ of the input.
  @inline(__always) var input: Nine {
    // The coefficients of Π (x² - q²).
    let zero = fused(
      fused(fused(fused(v8, -19.265625, v6), 54.7265625, v4), -40.0556640625, v2), 6.890625, v0)
    let (first, second, third, fourth) = (Pair.first, Pair.second, Pair.third, Pair.fourth)
    return Nine(
      zero,
      (
        first.everyOther(v2, v4, v6, v8), second.everyOther(v2, v4, v6, v8),
        third.everyOther(v2, v4, v6, v8),
        fourth.everyOther(v2, v4, v6, v8)
      ),
      (
        fused(.zero, first.p, first.everyOther(v1, v3, v5, v7)),
        fused(.zero, second.p, second.everyOther(v1, v3, v5, v7)),
        fused(.zero, third.p, third.everyOther(v1, v3, v5, v7)),
        fused(.zero, fourth.p, fourth.everyOther(v1, v3, v5, v7))
      ))
  }

  /// Aᵀ of five to seven outputs, with a bias.
  @inline(__always)
  func put(outputs count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int, _ bias: Vector?) {
    let (even, odd) = pairs
    @inline(__always)
    func put(_ index: Int, _ values: Pairs, _ start: Vector?) {
      let value = sum(
        values, start, Pair.first.power(index), Pair.second.power(index), Pair.third.power(index),
        Pair.fourth.power(index))
      storeVector(value, plus: bias, p + index * stride)
    }
    put(0, even, v0)
    put(1, odd, nil)
    put(2, even, nil)
    put(3, odd, nil)
    put(4, even, nil)
    if count > 5 { put(5, odd, nil) }
    if count > 6 { put(6, even, nil) }
  }

  /// Gᵀ of the gradient of three to five weights.
  @inline(__always)
  func put(weights count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
    let (even, odd) = pairs
    @inline(__always)
    func put(_ index: Int, _ values: Pairs, _ start: Vector?) {
      let value = sum(
        values, start, Pair.first.scaled(index), Pair.second.scaled(index),
        Pair.third.scaled(index), Pair.fourth.scaled(index))
      storeVector(value, p + index * stride)
    }
    put(0, even, fused(.zero, Pair.scaleOfZero, v0))
    put(1, odd, nil)
    put(2, even, nil)
    if count > 3 { put(3, odd, nil) }
    if count > 4 { put(4, even, nil) }
  }

  /// Sums and differences of both of each pair.
  @inline(__always)
  private var pairs: (even: Pairs, odd: Pairs) {
    ((v1 + v2, v3 + v4, v5 + v6, v7 + v8), (v1 - v2, v3 - v4, v5 - v6, v7 - v8))
  }

  /// start + Σ factor · value over the pairs.
  @inline(__always)
  private func sum(
    _ values: Pairs, _ start: Vector?, _ first: Float, _ second: Float, _ third: Float,
    _ fourth: Float
  ) -> Vector {
    let sum = fused(start ?? .zero, first, values.0)
    return fused(fused(fused(sum, second, values.1), third, values.2), fourth, values.3)
  }
}

extension CompiledKernels {
  static var winograd7x3: Winograd { WinogradTransforms<Nine, 7, 3>.all }
  static var winograd6x4: Winograd { WinogradTransforms<Nine, 6, 4>.all }
  static var winograd5x5: Winograd { WinogradTransforms<Nine, 5, 5>.all }
}
