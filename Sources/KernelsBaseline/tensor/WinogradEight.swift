import KernelTable

// Winograd's transforms of 8×8 pixels: F(6×6, 3×3), 64 products instead of 324 for a square of 6×6
// outputs, and F(4×4, 5×5), 64 instead of 400 for 4×4. Points 0, ±1, ±2, ±1/2, ∞; the rest is as for
// 6×6 pixels (Winograd.swift).

private let width = Vector.scalarCount

/// Eight vectors.
private struct Eight {
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

  /// Aᵀ of six outputs.
  @inline(__always) var six: (Vector, Vector, Vector, Vector, Vector, Vector) {
    let (even, odd) = pairs
    return (
      v0 + even.0 + even.1 + even.2,
      fused(fused(odd.0, 2, odd.1), 0.5, odd.2),
      fused(fused(even.0, 4, even.1), 0.25, even.2),
      fused(fused(odd.0, 8, odd.1), 0.125, odd.2),
      fused(fused(even.0, 16, even.1), 1 / 16, even.2),
      fused(fused(odd.0 + v7, 32, odd.1), 1 / 32, odd.2)
    )
  }

  /// Aᵀ of four outputs.
  @inline(__always) var four: (Vector, Vector, Vector, Vector) {
    let (even, odd) = pairs
    return (
      v0 + even.0 + even.1 + even.2,
      fused(fused(odd.0, 2, odd.1), 0.5, odd.2),
      fused(fused(even.0, 4, even.1), 0.25, even.2),
      fused(fused(odd.0 + v7, 8, odd.1), 0.125, odd.2)
    )
  }

  /// Gᵀ of the gradient of three weights.
  @inline(__always) var kernel3: (Vector, Vector, Vector) {
    let (even, odd) = pairs
    let (one, oneOdd) = (fused(.zero, -2 / 9, even.0), fused(.zero, -2 / 9, odd.0))
    return (
      fused(fused(one + v0, 1 / 90, even.1), 32 / 45, even.2),
      fused(fused(oneOdd, 1 / 45, odd.1), 16 / 45, odd.2),
      fused(fused(one + v7, 2 / 45, even.1), 8 / 45, even.2)
    )
  }

  /// Gᵀ of the gradient of five weights.
  @inline(__always) var kernel5: (Vector, Vector, Vector, Vector, Vector) {
    let (even, odd) = pairs
    let (one, oneOdd) = (fused(.zero, -2 / 9, even.0), fused(.zero, -2 / 9, odd.0))
    return (
      fused(fused(one + v0, 1 / 90, even.1), 32 / 45, even.2),
      fused(fused(oneOdd, 1 / 45, odd.1), 16 / 45, odd.2),
      fused(fused(one, 2 / 45, even.1), 8 / 45, even.2),
      fused(fused(oneOdd, 4 / 45, odd.1), 4 / 45, odd.2),
      fused(fused(one + v7, 8 / 45, even.1), 2 / 45, even.2)
    )
  }
}

/// G of a kernel's three vectors.
@inline(__always)
private func weights(_ g0: Vector, _ g1: Vector, _ g2: Vector) -> Eight {
  Eight(
    g0, one: (fused(.zero, -2 / 9, g0 + g2), fused(.zero, -2 / 9, g1)),
    two: (fused(fused(.zero, 1 / 90, g0), 2 / 45, g2), fused(.zero, 1 / 45, g1)),
    half: (fused(fused(.zero, 32 / 45, g0), 8 / 45, g2), fused(.zero, 16 / 45, g1)),
    g2)
}

/// G of a kernel's five vectors.
@inline(__always)
private func weights(
  _ g0: Vector, _ g1: Vector, _ g2: Vector, _ g3: Vector, _ g4: Vector
) -> Eight {
  Eight(
    g0, one: (fused(.zero, -2 / 9, g0 + g2 + g4), fused(.zero, -2 / 9, g1 + g3)),
    two: (
      fused(fused(fused(.zero, 1 / 90, g0), 2 / 45, g2), 8 / 45, g4),
      fused(fused(.zero, 1 / 45, g1), 4 / 45, g3)
    ),
    half: (
      fused(fused(fused(.zero, 32 / 45, g0), 8 / 45, g2), 2 / 45, g4),
      fused(fused(.zero, 16 / 45, g1), 4 / 45, g3)
    ),
    g4)
}

/// A of a gradient's four vectors.
@inline(__always)
private func gradients(_ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector) -> Eight {
  Eight(
    y0, one: (y0 + y2, y1 + y3),
    two: (fused(y0, 4, y2), fused(fused(.zero, 2, y1), 8, y3)),
    half: (fused(y0, 0.25, y2), fused(fused(.zero, 0.5, y1), 0.125, y3)), y3)
}

/// A of a gradient's six vectors.
@inline(__always)
private func gradients(
  _ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector, _ y4: Vector, _ y5: Vector
) -> Eight {
  Eight(
    y0, one: (y0 + y2 + y4, y1 + y3 + y5),
    two: (
      fused(fused(y0, 4, y2), 16, y4), fused(fused(fused(.zero, 2, y1), 8, y3), 32, y5)
    ),
    half: (
      fused(fused(y0, 0.25, y2), 1 / 16, y4),
      fused(fused(fused(.zero, 0.5, y1), 0.125, y3), 1 / 32, y5)
    ), y5)
}

extension CompiledKernels {
  static var winograd6x3: Winograd {
    Winograd(
      span: 8, input: winogradInput8, output: winogradOutput6x3, weight: winogradWeight6x3,
      gradient: winogradGradient6x3, kernel: winogradKernel6x3)
  }

  static var winograd4x5: Winograd {
    Winograd(
      span: 8, input: winogradInput8, output: winogradOutput4x5, weight: winogradWeight4x5,
      gradient: winogradGradient4x5, kernel: winogradKernel4x5)
  }
}

/// Bᵀ d B for `count` squares of 8×8 pixels that start `step` pixels apart in a row of pixels.
@inline(never)
private func winogradInput8(
  _ count: Int, _ step: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * step * width
    for column in 0..<8 {
      Eight(from + column * width, rowStride).input.put(work + column * width, 8 * width)
    }
    let to = points + square * squareStride
    for row in 0..<8 {
      Eight(work + row * 8 * width, width).input.put(to + row * 8 * pointStride, pointStride)
    }
  }
}

/// Aᵀ m A + bias for `count` squares of 6×6 pixels in a row, the last one first.
@inline(never)
private func winogradOutput6x3(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>, _ rowStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let bias = loadVector(bias)
  for square in (0..<count).reversed() {
    let from = points + square * squareStride
    for column in 0..<8 {
      let (y0, y1, y2, y3, y4, y5) = Eight(from + column * pointStride, 8 * pointStride).six
      let to = work + column * width
      storeVector(y0, to)
      storeVector(y1, to + 8 * width)
      storeVector(y2, to + 16 * width)
      storeVector(y3, to + 24 * width)
      storeVector(y4, to + 32 * width)
      storeVector(y5, to + 40 * width)
    }
    for row in 0..<6 {
      let (y0, y1, y2, y3, y4, y5) = Eight(work + row * 8 * width, width).six
      let to = pixels + square * 6 * width + row * rowStride
      storeVector(y0 + bias, to)
      storeVector(y1 + bias, to + width)
      storeVector(y2 + bias, to + 2 * width)
      storeVector(y3 + bias, to + 3 * width)
      storeVector(y4 + bias, to + 4 * width)
      storeVector(y5 + bias, to + 5 * width)
    }
  }
}

/// Aᵀ m A + bias for `count` squares of 4×4 pixels in a row, the last one first.
@inline(never)
private func winogradOutput4x5(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>, _ rowStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let bias = loadVector(bias)
  for square in (0..<count).reversed() {
    let from = points + square * squareStride
    for column in 0..<8 {
      let (y0, y1, y2, y3) = Eight(from + column * pointStride, 8 * pointStride).four
      let to = work + column * width
      storeVector(y0, to)
      storeVector(y1, to + 8 * width)
      storeVector(y2, to + 16 * width)
      storeVector(y3, to + 24 * width)
    }
    for row in 0..<4 {
      let (y0, y1, y2, y3) = Eight(work + row * 8 * width, width).four
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
private func winogradWeight6x3(
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
    for row in 0..<8 {
      let g = work + row * 3 * width
      weights(loadVector(g), loadVector(g + width), loadVector(g + 2 * width))
        .put(to + row * 8 * pointStride, pointStride)
    }
  }
}

/// G g Gᵀ for the 5×5 kernels of `count` channels, turned by 180° if `turned`.
@inline(never)
private func winogradWeight4x5(
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
    for row in 0..<8 {
      let g = work + row * 5 * width
      weights(
        loadVector(g), loadVector(g + width), loadVector(g + 2 * width),
        loadVector(g + 3 * width), loadVector(g + 4 * width)
      ).put(to + row * 8 * pointStride, pointStride)
    }
  }
}

/// A y Aᵀ for `count` squares of 6×6 gradients in a row.
@inline(never)
private func winogradGradient6x3(
  _ count: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * 6 * width
    for column in 0..<6 {
      let y = from + column * width
      gradients(
        loadVector(y), loadVector(y + rowStride), loadVector(y + 2 * rowStride),
        loadVector(y + 3 * rowStride), loadVector(y + 4 * rowStride),
        loadVector(y + 5 * rowStride)
      ).put(work + column * width, 6 * width)
    }
    let to = points + square * squareStride
    for row in 0..<8 {
      let y = work + row * 6 * width
      gradients(
        loadVector(y), loadVector(y + width), loadVector(y + 2 * width),
        loadVector(y + 3 * width), loadVector(y + 4 * width), loadVector(y + 5 * width)
      ).put(to + row * 8 * pointStride, pointStride)
    }
  }
}

/// A y Aᵀ for `count` squares of 4×4 gradients in a row.
@inline(never)
private func winogradGradient4x5(
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
      ).put(work + column * width, 4 * width)
    }
    let to = points + square * squareStride
    for row in 0..<8 {
      let y = work + row * 4 * width
      gradients(
        loadVector(y), loadVector(y + width), loadVector(y + 2 * width),
        loadVector(y + 3 * width)
      ).put(to + row * 8 * pointStride, pointStride)
    }
  }
}

/// Gᵀ u G: from the points of `count` channels back to nine vectors each.
@inline(never)
private func winogradKernel6x3(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ taps: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
) {
  for channel in 0..<count {
    let from = points + channel * channelStride
    for column in 0..<8 {
      let (g0, g1, g2) = Eight(from + column * pointStride, 8 * pointStride).kernel3
      let to = work + column * width
      storeVector(g0, to)
      storeVector(g1, to + 8 * width)
      storeVector(g2, to + 16 * width)
    }
    for row in 0..<3 {
      let (g0, g1, g2) = Eight(work + row * 8 * width, width).kernel3
      let to = taps + (channel * 9 + row * 3) * width
      storeVector(g0, to)
      storeVector(g1, to + width)
      storeVector(g2, to + 2 * width)
    }
  }
}

/// Gᵀ u G: from the points of `count` channels back to 25 vectors each.
@inline(never)
private func winogradKernel4x5(
  _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ taps: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
) {
  for channel in 0..<count {
    let from = points + channel * channelStride
    for column in 0..<8 {
      let (g0, g1, g2, g3, g4) = Eight(from + column * pointStride, 8 * pointStride).kernel5
      let to = work + column * width
      storeVector(g0, to)
      storeVector(g1, to + 8 * width)
      storeVector(g2, to + 16 * width)
      storeVector(g3, to + 24 * width)
      storeVector(g4, to + 32 * width)
    }
    for row in 0..<5 {
      let (g0, g1, g2, g3, g4) = Eight(work + row * 8 * width, width).kernel5
      let to = taps + (channel * 25 + row * 5) * width
      storeVector(g0, to)
      storeVector(g1, to + width)
      storeVector(g2, to + 2 * width)
      storeVector(g3, to + 3 * width)
      storeVector(g4, to + 4 * width)
    }
  }
}
