import KernelTable

// Winograd's transforms of 6×6 pixels: F(4×4, 3×3), 36 products instead of 144 for a square of 4×4
// outputs, and F(2×2, 5×5), 36 instead of 100 for 2×2.
//
// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016, with the points
// 0, ±1, ±2, ∞. Channels fill the vectors, so each matrix is a few sums of whole vectors. Points are
// numbered row by row, and lie `pointStride` floats apart.

private let width = Vector.scalarCount

/// Six vectors.
private struct Six {
  var v0, v1, v2, v3, v4, v5: Vector

  @inline(__always)
  init(_ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, _ v4: Vector, _ v5: Vector) {
    (self.v0, self.v1, self.v2) = (v0, v1, v2)
    (self.v3, self.v4, self.v5) = (v3, v4, v5)
  }

  @inline(__always) init(_ p: UnsafePointer<Float>, _ stride: Int) {
    self.init(
      loadVector(p), loadVector(p + stride), loadVector(p + 2 * stride), loadVector(p + 3 * stride),
      loadVector(p + 4 * stride), loadVector(p + 5 * stride))
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

  /// Aᵀ of two outputs.
  @inline(__always) var pair: (Vector, Vector) {
    (v0 + (v1 + v2) + (v3 + v4), fused(v1 - v2 + v5, 2, v3 - v4))
  }

  /// Gᵀ of the gradient of five weights.
  @inline(__always) var kernel5: (Vector, Vector, Vector, Vector, Vector) {
    let zero = Vector.zero
    let (sum1, sum2) = (fused(zero, -1 / 6, v1 + v2), fused(zero, 1 / 24, v3 + v4))
    let (difference1, difference2) = (fused(zero, -1 / 6, v1 - v2), fused(zero, 1 / 12, v3 - v4))
    return (
      fused(sum1 + sum2, 0.25, v0), difference1 + difference2, fused(sum1, 4, sum2),
      fused(difference1, 4, difference2), fused(sum1 + v5, 16, sum2)
    )
  }

  /// Aᵀ of four outputs.
  @inline(__always) var output: (Vector, Vector, Vector, Vector) {
    let (sum1, difference1) = (v1 + v2, v1 - v2)
    let (sum2, difference2) = (v3 + v4, v3 - v4)
    return (
      v0 + sum1 + sum2, fused(difference1, 2, difference2), fused(sum1, 4, sum2),
      fused(difference1 + v5, 8, difference2)
    )
  }

  /// Gᵀ of the gradient of the weights.
  @inline(__always) var kernel: (Vector, Vector, Vector) {
    let (sum1, difference1) = (v1 + v2, v1 - v2)
    let (sum2, difference2) = (v3 + v4, v3 - v4)
    let zero = Vector.zero
    return (
      fused(fused(fused(zero, 0.25, v0), -1 / 6, sum1), 1 / 24, sum2),
      fused(fused(zero, -1 / 6, difference1), 1 / 12, difference2),
      fused(v5, 1 / 6, sum2 - sum1)
    )
  }
}

/// G of a kernel's three vectors.
@inline(__always)
private func weights(_ g0: Vector, _ g1: Vector, _ g2: Vector) -> Six {
  let zero = Vector.zero
  let ends = g0 + g2
  let halves = fused(fused(zero, 1 / 24, g0), 1 / 6, g2)
  return Six(
    fused(zero, 0.25, g0), fused(zero, -1 / 6, ends + g1), fused(zero, -1 / 6, ends - g1),
    fused(halves, 1 / 12, g1), fused(halves, -1 / 12, g1), g2)
}

/// G of a kernel's five vectors.
@inline(__always)
private func weights(
  _ g0: Vector, _ g1: Vector, _ g2: Vector, _ g3: Vector, _ g4: Vector
) -> Six {
  let zero = Vector.zero
  let (even, odd) = (g0 + g2 + g4, g1 + g3)
  let wide = fused(fused(fused(zero, 1 / 24, g0), 1 / 6, g2), 2 / 3, g4)
  let far = fused(fused(zero, 1 / 12, g1), 1 / 3, g3)
  return Six(
    fused(zero, 0.25, g0), fused(zero, -1 / 6, even + odd), fused(zero, -1 / 6, even - odd),
    wide + far, wide - far, g4)
}

/// A of a gradient's two vectors.
@inline(__always)
private func gradients(_ y0: Vector, _ y1: Vector) -> Six {
  Six(y0, y0 + y1, y0 - y1, fused(y0, 2, y1), fused(y0, -2, y1), y1)
}

/// A of a gradient's four vectors.
@inline(__always)
private func gradients(_ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector) -> Six {
  let (even, odd) = (y0 + y2, y1 + y3)
  let (wide, far) = (fused(y0, 4, y2), fused(fused(.zero, 2, y1), 8, y3))
  return Six(y0, even + odd, even - odd, wide + far, wide - far, y3)
}

extension CompiledKernels {
  static var winograd4x3: Winograd {
    Winograd(
      span: 6, input: winogradInput6, output: winogradOutput4x3, weight: winogradWeight4x3,
      gradient: winogradGradient4x3, kernel: winogradKernel4x3)
  }

  static var winograd2x5: Winograd {
    Winograd(
      span: 6, input: winogradInput6, output: winogradOutput2x5, weight: winogradWeight2x5,
      gradient: winogradGradient2x5, kernel: winogradKernel2x5)
  }
}

/// Bᵀ d B for `count` squares of 6×6 pixels that start `step` pixels apart in a row of pixels.
@inline(never)
private func winogradInput6(
  _ count: Int, _ step: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * step * width
    for column in 0..<6 {
      Six(from + column * width, rowStride).input.put(work + column * width, 6 * width)
    }
    let to = points + square * squareStride
    for row in 0..<6 {
      Six(work + row * 6 * width, width).input.put(to + row * 6 * pointStride, pointStride)
    }
  }
}

/// Aᵀ m A + bias for `count` squares of 4×4 pixels in a row.
///
/// The last square comes first: what it writes too much behind the end of a row of pixels, the first
/// square of the next row repairs.
@inline(never)
private func winogradOutput4x3(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>, _ rowStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let bias = loadVector(bias)
  for square in (0..<count).reversed() {
    let from = points + square * squareStride
    for column in 0..<6 {
      let (y0, y1, y2, y3) = Six(from + column * pointStride, 6 * pointStride).output
      storeVector(y0, work + column * width)
      storeVector(y1, work + (6 + column) * width)
      storeVector(y2, work + (12 + column) * width)
      storeVector(y3, work + (18 + column) * width)
    }
    for row in 0..<4 {
      let (y0, y1, y2, y3) = Six(work + row * 6 * width, width).output
      let to = pixels + square * 4 * width + row * rowStride
      storeVector(y0 + bias, to)
      storeVector(y1 + bias, to + width)
      storeVector(y2 + bias, to + 2 * width)
      storeVector(y3 + bias, to + 3 * width)
    }
  }
}

/// G g Gᵀ for the kernels of `count` channels: nine vectors each, turned by 180° if `turned`.
@inline(never)
private func winogradWeight4x3(
  _ count: Int, _ taps: UnsafePointer<Float>, _ turned: Bool,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let (first, step) = turned ? (8 * width, -width) : (0, width)
  for channel in 0..<count {
    let from = taps + channel * 9 * width + first
    for column in 0..<3 {
      let g = from + column * step
      weights(loadVector(g), loadVector(g + 3 * step), loadVector(g + 6 * step))
        .put(work + column * width, 3 * width)
    }
    let to = points + channel * channelStride
    for row in 0..<6 {
      let g = work + row * 3 * width
      weights(loadVector(g), loadVector(g + width), loadVector(g + 2 * width))
        .put(to + row * 6 * pointStride, pointStride)
    }
  }
}

/// A y Aᵀ for `count` squares of 4×4 gradients in a row.
@inline(never)
private func winogradGradient4x3(
  _ count: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * 4 * width
    for column in 0..<4 {
      let y = from + column * width
      gradients(
        loadVector(y), loadVector(y + rowStride), loadVector(y + 2 * rowStride),
        loadVector(y + 3 * rowStride)
      )
      .put(work + column * width, 4 * width)
    }
    let to = points + square * squareStride
    for row in 0..<6 {
      let y = work + row * 4 * width
      gradients(
        loadVector(y), loadVector(y + width), loadVector(y + 2 * width), loadVector(y + 3 * width)
      )
      .put(to + row * 6 * pointStride, pointStride)
    }
  }
}

/// Gᵀ u G: from the points of `count` channels back to nine vectors each.
@inline(never)
private func winogradKernel4x3(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ taps: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
) {
  for channel in 0..<count {
    let from = points + channel * channelStride
    for column in 0..<6 {
      let (g0, g1, g2) = Six(from + column * pointStride, 6 * pointStride).kernel
      storeVector(g0, work + column * width)
      storeVector(g1, work + (6 + column) * width)
      storeVector(g2, work + (12 + column) * width)
    }
    for row in 0..<3 {
      let (g0, g1, g2) = Six(work + row * 6 * width, width).kernel
      let to = taps + (channel * 9 + row * 3) * width
      storeVector(g0, to)
      storeVector(g1, to + width)
      storeVector(g2, to + 2 * width)
    }
  }
}

/// Aᵀ m A + bias for `count` squares of 2×2 pixels in a row, the last one first.
@inline(never)
private func winogradOutput2x5(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>, _ rowStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let bias = loadVector(bias)
  for square in (0..<count).reversed() {
    let from = points + square * squareStride
    for column in 0..<6 {
      let (y0, y1) = Six(from + column * pointStride, 6 * pointStride).pair
      storeVector(y0, work + column * width)
      storeVector(y1, work + (6 + column) * width)
    }
    for row in 0..<2 {
      let (y0, y1) = Six(work + row * 6 * width, width).pair
      let to = pixels + square * 2 * width + row * rowStride
      storeVector(y0 + bias, to)
      storeVector(y1 + bias, to + width)
    }
  }
}

/// G g Gᵀ for the 5×5 kernels of `count` channels, turned by 180° if `turned`.
@inline(never)
private func winogradWeight2x5(
  _ count: Int, _ taps: UnsafePointer<Float>, _ turned: Bool,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let (first, step) = turned ? (24 * width, -width) : (0, width)
  for channel in 0..<count {
    let from = taps + channel * 25 * width + first
    for column in 0..<5 {
      let g = from + column * step
      weights(
        loadVector(g), loadVector(g + 5 * step), loadVector(g + 10 * step),
        loadVector(g + 15 * step), loadVector(g + 20 * step)
      ).put(work + column * width, 5 * width)
    }
    let to = points + channel * channelStride
    for row in 0..<6 {
      let g = work + row * 5 * width
      weights(
        loadVector(g), loadVector(g + width), loadVector(g + 2 * width), loadVector(g + 3 * width),
        loadVector(g + 4 * width)
      ).put(to + row * 6 * pointStride, pointStride)
    }
  }
}

/// A y Aᵀ for `count` squares of 2×2 gradients in a row.
@inline(never)
private func winogradGradient2x5(
  _ count: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * 2 * width
    for column in 0..<2 {
      let y = from + column * width
      gradients(loadVector(y), loadVector(y + rowStride)).put(work + column * width, 2 * width)
    }
    let to = points + square * squareStride
    for row in 0..<6 {
      let y = work + row * 2 * width
      gradients(loadVector(y), loadVector(y + width)).put(to + row * 6 * pointStride, pointStride)
    }
  }
}

/// Gᵀ u G: from the points of `count` channels back to 25 vectors each.
@inline(never)
private func winogradKernel2x5(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ taps: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
) {
  for channel in 0..<count {
    let from = points + channel * channelStride
    for column in 0..<6 {
      let (g0, g1, g2, g3, g4) = Six(from + column * pointStride, 6 * pointStride).kernel5
      storeVector(g0, work + column * width)
      storeVector(g1, work + (6 + column) * width)
      storeVector(g2, work + (12 + column) * width)
      storeVector(g3, work + (18 + column) * width)
      storeVector(g4, work + (24 + column) * width)
    }
    for row in 0..<5 {
      let (g0, g1, g2, g3, g4) = Six(work + row * 6 * width, width).kernel5
      let to = taps + (channel * 25 + row * 5) * width
      storeVector(g0, to)
      storeVector(g1, to + width)
      storeVector(g2, to + 2 * width)
      storeVector(g3, to + 3 * width)
      storeVector(g4, to + 4 * width)
    }
  }
}
