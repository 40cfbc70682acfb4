import KernelTable

// Winograd's transforms of 8×8 pixels: F(7×7, 2×2), 64 products instead of 196 for a square of 7×7 outputs,
// F(6×6, 3×3), 64 instead of 324, F(5×5, 4×4), 64 instead of 400, and F(4×4, 5×5), 64 instead of 400. Points
// 0, ±1, ±2, ±1/2, ∞; the rest is as for 6×6 pixels (WinogradSix.swift).

/// Eight vectors.
struct Eight: WinogradLine {
  @inline(__always) static var span: Int { 8 }

  var v0, v1, v2, v3, v4, v5, v6, v7: Vector

  @inline(__always)
  init(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, _ v4: Vector, _ v5: Vector,
    _ v6: Vector, _ v7: Vector
  ) {
    (self.v0, self.v1, self.v2, self.v3) = (v0, v1, v2, v3)
    (self.v4, self.v5, self.v6, self.v7) = (v4, v5, v6, v7)
  }

  @inline(__always) init(_ p: UnsafePointer<Float>, _ stride: Int) {
    self.init(
      loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride),
      loadVector(p + 3 * stride), loadVector(p + 4 * stride), loadVector(p + 5 * stride),
      loadVector(p + 6 * stride), loadVector(p + 7 * stride))
  }

  /// From the even and the odd powers of 1, 2 and 1/2, with what 0 and ∞ are given.
  @inline(__always)
  init(
    _ zero: Vector, one: (Vector, Vector), two: (Vector, Vector), half: (Vector, Vector),
    _ infinity: Vector
  ) {
    self.init(
      zero, one.0 + one.1, one.0 - one.1, two.0 + two.1, two.0 - two.1, half.0 + half.1,
      half.0 - half.1, infinity)
  }

  /// G of the two to five vectors of a kernel.
  @inline(__always)
  init(weights count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (g0, g1) = (loadVector(p), loadVector(p + stride))
    var last = g1
    var (even, odd) = (g0, g1)
    var two = (fused(.zero, 1 / 90, g0), fused(.zero, 1 / 45, g1))
    var half = (fused(.zero, 32 / 45, g0), fused(.zero, 16 / 45, g1))
    if count > 2 {
      last = loadVector(p + 2 * stride)
      even += last
      (two.0, half.0) = (fused(two.0, 2 / 45, last), fused(half.0, 8 / 45, last))
    }
    if count > 3 {
      last = loadVector(p + 3 * stride)
      odd += last
      (two.1, half.1) = (fused(two.1, 4 / 45, last), fused(half.1, 4 / 45, last))
    }
    if count > 4 {
      last = loadVector(p + 4 * stride)
      even += last
      (two.0, half.0) = (fused(two.0, 8 / 45, last), fused(half.0, 2 / 45, last))
    }
    self.init(
      g0, one: (fused(.zero, -2 / 9, even), fused(.zero, -2 / 9, odd)), two: two, half: half, last)
  }

  /// A of the four to seven vectors of a gradient.
  @inline(__always)
  init(gradients count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (y0, y1) = (loadVector(p), loadVector(p + stride))
    let (y2, y3) = (loadVector(p + 2 * stride), loadVector(p + 3 * stride))
    var last = y3
    var one = (y0 + y2, y1 + y3)
    var two = (fused(y0, 4, y2), fused(fused(.zero, 2, y1), 8, y3))
    var half = (fused(y0, 0.25, y2), fused(fused(.zero, 0.5, y1), 0.125, y3))
    if count > 4 {
      last = loadVector(p + 4 * stride)
      one.0 += last
      (two.0, half.0) = (fused(two.0, 16, last), fused(half.0, 1 / 16, last))
    }
    if count > 5 {
      last = loadVector(p + 5 * stride)
      one.1 += last
      (two.1, half.1) = (fused(two.1, 32, last), fused(half.1, 1 / 32, last))
    }
    if count > 6 {
      last = loadVector(p + 6 * stride)
      one.0 += last
      (two.0, half.0) = (fused(two.0, 64, last), fused(half.0, 1 / 64, last))
    }
    self.init(y0, one: one, two: two, half: half, last)
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
  }

  /// Bᵀ of the input.
  @inline(__always) var input: Eight {
    Eight(
      fused(v0 - v6, 5.25, v4 - v2),
      one: (fused(v2 + v6, -4.25, v4), fused(v1 + v5, -4.25, v3)),
      two: (
        fused(fused(v6, 0.25, v2), -1.25, v4),
        fused(fused(fused(.zero, 0.5, v1), -2.5, v3), 2, v5)
      ),
      half: (
        fused(fused(v6, 4, v2), -5, v4),
        fused(fused(fused(.zero, 2, v1), -2.5, v3), 0.5, v5)
      ),
      fused(v7 - v1, 5.25, v3 - v5))
  }

  /// Sums and differences of the points of 1, 2 and 1/2.
  @inline(__always)
  private var pairs: (even: (Vector, Vector, Vector), odd: (Vector, Vector, Vector)) {
    ((v1 + v2, v3 + v4, v5 + v6), (v1 - v2, v3 - v4, v5 - v6))
  }

  /// Aᵀ of four to seven outputs, with a bias.
  @inline(__always)
  func put(outputs count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int, _ bias: Vector?) {
    let (even, odd) = pairs
    @inline(__always)
    func put(_ index: Int, _ value: Vector) {
      storeVector(value, plus: bias, p + index * stride)
    }
    put(0, v0 + even.0 + even.1 + even.2)
    put(1, fused(fused(odd.0, 2, odd.1), 0.5, odd.2))
    put(2, fused(fused(even.0, 4, even.1), 0.25, even.2))
    put(3, fused(fused(count == 4 ? odd.0 + v7 : odd.0, 8, odd.1), 0.125, odd.2))
    if count > 4 {
      put(4, fused(fused(count == 5 ? even.0 + v7 : even.0, 16, even.1), 1 / 16, even.2))
    }
    if count > 5 {
      put(5, fused(fused(count == 6 ? odd.0 + v7 : odd.0, 32, odd.1), 1 / 32, odd.2))
    }
    if count > 6 { put(6, fused(fused(even.0 + v7, 64, even.1), 1 / 64, even.2)) }
  }

  /// Gᵀ of the gradient of two to five weights.
  @inline(__always)
  func put(weights count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
    let (even, odd) = pairs
    let (one, oneOdd) = (fused(.zero, -2 / 9, even.0), fused(.zero, -2 / 9, odd.0))
    storeVector(fused(fused(one + v0, 1 / 90, even.1), 32 / 45, even.2), p)
    storeVector(
      fused(fused(count == 2 ? oneOdd + v7 : oneOdd, 1 / 45, odd.1), 16 / 45, odd.2), p + stride)
    if count > 2 {
      storeVector(
        fused(fused(count == 3 ? one + v7 : one, 2 / 45, even.1), 8 / 45, even.2), p + 2 * stride)
    }
    if count > 3 {
      storeVector(
        fused(fused(count == 4 ? oneOdd + v7 : oneOdd, 4 / 45, odd.1), 4 / 45, odd.2),
        p + 3 * stride)
    }
    if count > 4 {
      storeVector(fused(fused(one + v7, 8 / 45, even.1), 2 / 45, even.2), p + 4 * stride)
    }
  }
}

extension CompiledKernels {
  static var winograd7x2: Winograd { WinogradTransforms<Eight, 7, 2>.all }
  static var winograd6x3: Winograd { WinogradTransforms<Eight, 6, 3>.all }
  static var winograd5x4: Winograd { WinogradTransforms<Eight, 5, 4>.all }
  static var winograd4x5: Winograd { WinogradTransforms<Eight, 4, 5>.all }
}
