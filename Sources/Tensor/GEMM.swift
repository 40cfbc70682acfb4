/// C[m, n] = op(A)·op(B), or C += with `accumulate`; all row-major, on one thread.
///
/// A is [m, k], or [k, m] with `transposeA`; B is [k, n], or [n, k] with `transposeB`. The rows of A
/// lie `aStride` floats apart where it is part of a larger matrix.
/// A is never copied: its six rows are read where they lie, or six neighbours of each row where it is
/// transposed. B is copied only where that pays or where a row would be read past its end.
public func gemm(
  _ m: Int, _ n: Int, _ k: Int,
  a: UnsafePointer<Float>, transposeA: Bool = false, aStride: Int? = nil,
  b: UnsafePointer<Float>, transposeB: Bool = false,
  c: UnsafeMutablePointer<Float>, accumulate: Bool = false,
  scratch: Scratch, kernels: Kernels = .current
) {
  guard m > 0, n > 0 else { return }
  if k == 0 {
    if !accumulate { c.update(repeating: 0, count: m * n) }
    return
  }
  scratch.reset()
  let wide = kernels.wide
  let rowStride = aStride ?? k
  // A depth whose panel of B stays in the first-level cache (kc × 64 floats = 40 KiB) or, unpacked,
  // whose panel of A does.
  let depthLimit = 160
  let panel = scratch.take(depthLimit * wide)
  let edgeA = scratch.take(depthLimit * 6)
  let edgeC = scratch.take(6 * wide)
  let offsets = scratch.take(6, of: Int.self)

  for k0 in stride(from: 0, to: k, by: depthLimit) {
    let depth = min(depthLimit, k - k0)
    let adds = accumulate || k0 > 0
    for j in stride(from: 0, to: n, by: wide) {
      let columns = min(wide, n - j)
      var right = UnsafePointer(panel)
      var rightStride = wide
      if transposeB {
        packTransposed(panel, wide, b + j * k + k0, k, columns: columns, depth: depth)
      } else if columns < wide || m > 24 {
        pack(panel, wide, b + k0 * n + j, n, columns: columns, depth: depth)
      } else {
        (right, rightStride) = (b + k0 * n + j, n)
      }
      let isNarrow = columns <= kernels.narrow
      for i in stride(from: 0, to: m, by: 6) {
        let rows = min(6, m - i)
        let direct = rows == 6 && columns == (isNarrow ? kernels.narrow : wide)
        let target = direct ? c + i * n + j : edgeC
        let targetStride = direct ? n : wide
        if transposeA {
          var leftStride = aStride ?? m
          var left = a + k0 * leftStride + i
          if rows < 6 {
            pack(edgeA, 6, left, leftStride, columns: rows, depth: depth)
            (left, leftStride) = (UnsafePointer(edgeA), 6)
          }
          let tile = isNarrow ? kernels.narrowTile6 : kernels.tile6
          tile(
            depth, left, leftStride, right, rightStride, target, targetStride, direct && adds)
        } else {
          // Rows that are not there repeat the last one.
          for row in 0..<6 { offsets[row] = min(row, rows - 1) * rowStride }
          let correlate = isNarrow ? kernels.narrowCorrelate6 : kernels.correlate6
          correlate(
            1, depth, 0, a + i * rowStride + k0, offsets, right, rightStride, target, targetStride,
            direct && adds)
        }
        if !direct {
          for row in 0..<rows {
            let (from, to) = (edgeC + row * wide, c + (i + row) * n + j)
            if adds {
              for column in 0..<columns { to[column] += from[column] }
            } else {
              to.update(from: from, count: columns)
            }
          }
        }
      }
    }
  }
}

/// C[m, n] (+)= op(A)·op(B), as the textbook writes it: the plain twin of `gemm`.
public func gemmReference(
  _ m: Int, _ n: Int, _ k: Int,
  a: UnsafePointer<Float>, transposeA: Bool, b: UnsafePointer<Float>, transposeB: Bool,
  c: UnsafeMutablePointer<Float>, accumulate: Bool
) {
  for i in 0..<m {
    for j in 0..<n {
      var sum = 0.0
      for l in 0..<k {
        let left = transposeA ? a[l * m + i] : a[i * k + l]
        let right = transposeB ? b[j * k + l] : b[l * n + j]
        sum += Double(left) * Double(right)
      }
      c[i * n + j] = Float(sum) + (accumulate ? c[i * n + j] : 0)
    }
  }
}

/// target[d, 0..<width] = source[d, 0..<columns], the rest zero.
private func pack(
  _ target: UnsafeMutablePointer<Float>, _ width: Int,
  _ source: UnsafePointer<Float>, _ stride: Int, columns: Int, depth: Int
) {
  for d in 0..<depth {
    (target + d * width).update(from: source + d * stride, count: columns)
    for column in columns..<max(columns, width) { target[d * width + column] = 0 }
  }
}

/// target[d, column] = source[column, d], the rest zero.
func packTransposed(
  _ target: UnsafeMutablePointer<Float>, _ width: Int,
  _ source: UnsafePointer<Float>, _ stride: Int, columns: Int, depth: Int
) {
  if columns < width { target.update(repeating: 0, count: width * depth) }
  // Eight columns at a time, so that a cache line of the target is filled while it is at hand.
  for first in Swift.stride(from: 0, to: columns, by: 8) {
    let last = min(first + 8, columns)
    for d in 0..<depth {
      for column in first..<last { target[d * width + column] = source[column * stride + d] }
    }
  }
}
