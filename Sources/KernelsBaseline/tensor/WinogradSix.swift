import KernelTable

// Winograd's transforms of 6×6 pixels: F(4×4, 3×3), 36 products instead of 144 for a square of 4×4
// outputs, and F(2×2, 5×5), 36 instead of 100 for 2×2.
//
// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016, with the points
// 0, ±1, ±2, ∞. Channels fill the vectors, so each matrix is a few sums of whole vectors. Points are
// numbered row by row, and lie `pointStride` floats apart.

/// Six vectors.
struct Six: WinogradLine {
  @inline(__always) static var span: Int { 6 }

  var v0, v1, v2, v3, v4, v5: Vector

  @inline(__always)
  private init(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, _ v4: Vector, _ v5: Vector
  ) {
    (self.v0, self.v1, self.v2) = (v0, v1, v2)
    (self.v3, self.v4, self.v5) = (v3, v4, v5)
  }

  @inline(__always) init(_ p: UnsafePointer<Float>, _ stride: Int) {
    self.init(
      loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride), loadVector(p + 3 * stride),
      loadVector(p + 4 * stride), loadVector(p + 5 * stride))
  }

  /// G of the three or five vectors of a kernel.
  @inline(__always)
  init(weights count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (g0, g1, g2) = (loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride))
    var last = g2
    var (even, odd) = (g0 + g2, g1)
    var (wide, far) = (fused(fused(.zero, 1 / 24, g0), 1 / 6, g2), fused(.zero, 1 / 12, g1))
    if count > 3 {
      let g3 = loadVector(p + 3 * stride)
      last = loadVector(p + 4 * stride)
      (even, odd) = (even + last, odd + g3)
      (wide, far) = (fused(wide, 2 / 3, last), fused(far, 1 / 3, g3))
    }
    self.init(
      fused(.zero, 0.25, g0), fused(.zero, -1 / 6, even + odd), fused(.zero, -1 / 6, even - odd),
      wide + far, wide - far, last)
  }

  /// A of the two or four vectors of a gradient.
  @inline(__always)
  init(gradients count: Int, _ p: UnsafePointer<Float>, _ stride: Int) {
    let (y0, y1) = (loadVector(p), loadVector(p + stride))
    var last = y1
    var (even, odd, wide, far) = (y0, y1, y0, fused(.zero, 2, y1))
    if count > 2 {
      let y2 = loadVector(p + 2 * stride)
      last = loadVector(p + 3 * stride)
      (even, odd) = (even + y2, odd + last)
      (wide, far) = (fused(wide, 4, y2), fused(far, 8, last))
    }
    self.init(y0, even + odd, even - odd, wide + far, wide - far, last)
  }

  @inline(__always) func put(_ p: UnsafeMutablePointer<Float>, _ stride: Int) {
    storeVector(v0, p)
    storeVector(v1, p + stride)
    storeVector(v2, p + 2 * stride)
    storeVector(v3, p + 3 * stride)
    storeVector(v4, p + 4 * stride)
    storeVector(v5, p + 5 * stride)
  }

  /// Bᵀ of the input.
  @inline(__always) var input: Six {
    let (even, odd) = (fused(v4, -4, v2), fused(v3, -4, v1))
    let (near, far) = (v4 - v2, v3 - v1)
    return Six(
      fused(fused(v4, -5, v2), 4, v0), even + odd, even - odd, fused(near, 2, far),
      fused(near, -2, far), fused(fused(v5, -5, v3), 4, v1))
  }

  /// Aᵀ of two or four outputs, with a bias.
  @inline(__always)
  func put(outputs count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int, _ bias: Vector?) {
    let (even1, odd1, even2, odd2) = pairs
    @inline(__always)
    func put(_ index: Int, _ value: Vector) {
      storeVector(value, plus: bias, p + index * stride)
    }
    put(0, v0 + even1 + even2)
    put(1, fused(count == 2 ? odd1 + v5 : odd1, 2, odd2))
    if count > 2 {
      put(2, fused(even1, 4, even2))
      put(3, fused(odd1 + v5, 8, odd2))
    }
  }

  /// Gᵀ of the gradient of three or five weights.
  @inline(__always)
  func put(weights count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
    let (even1, odd1, even2, odd2) = pairs
    let (sum1, sum2) = (fused(.zero, -1 / 6, even1), fused(.zero, 1 / 24, even2))
    let (difference1, difference2) = (fused(.zero, -1 / 6, odd1), fused(.zero, 1 / 12, odd2))
    storeVector(fused(sum1 + sum2, 0.25, v0), p)
    storeVector(difference1 + difference2, p + stride)
    storeVector(fused(count == 3 ? sum1 + v5 : sum1, 4, sum2), p + 2 * stride)
    if count > 3 {
      storeVector(fused(difference1, 4, difference2), p + 3 * stride)
      storeVector(fused(sum1 + v5, 16, sum2), p + 4 * stride)
    }
  }

  /// Sums and differences of the points of 1, and of those of 2.
  @inline(__always)
  private var pairs: (even1: Vector, odd1: Vector, even2: Vector, odd2: Vector) {
    (v1 + v2, v1 - v2, v3 + v4, v3 - v4)
  }
}

extension CompiledKernels {
  static var winograd4x3: Winograd { WinogradTransforms<Six, 4, 3>.all }
  static var winograd2x5: Winograd { WinogradTransforms<Six, 2, 5>.all }
}
