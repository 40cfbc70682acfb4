import VectorLanes

// Groups of a few rows, each mixed to others by one small matrix.

/// One vector of all outs of a group; `rows`, up to 6, is a constant, so that the rows stay in registers.
@inline(__always)
private func mix(
  _ rows: Int, _ outs: Int, _ count: Int, _ factors: UnsafePointer<Float>, _ start: Vector,
  _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>
) {
  let v0 = loadVector(from)
  let v1 = rows > 1 ? loadVector(from + count) : v0
  let v2 = rows > 2 ? loadVector(from + 2 * count) : v0
  let v3 = rows > 3 ? loadVector(from + 3 * count) : v0
  let v4 = rows > 4 ? loadVector(from + 4 * count) : v0
  let v5 = rows > 5 ? loadVector(from + 5 * count) : v0
  for out in 0..<outs {
    let f = factors + out * rows
    var sum = fused(start, f[0], v0)
    if rows > 1 { sum = fused(sum, f[1], v1) }
    if rows > 2 { sum = fused(sum, f[2], v2) }
    if rows > 3 { sum = fused(sum, f[3], v3) }
    if rows > 4 { sum = fused(sum, f[4], v4) }
    if rows > 5 { sum = fused(sum, f[5], v5) }
    storeVector(sum, to + out * count)
  }
}

/// All vectors of a group.
@inline(__always)
private func mixGroup(
  _ rows: Int, _ outs: Int, _ count: Int, _ factors: UnsafePointer<Float>,
  _ bias: UnsafePointer<Float>?, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>
) {
  var i = 0
  while i < count {
    let place = min(i, count - Vector.scalarCount)
    let start = bias.map { loadVector($0 + place) } ?? Vector.zero
    mix(rows, outs, count, factors, start, from + place, to + place)
    i += Vector.scalarCount
  }
}

extension CompiledKernels {
  /// target[group, out, i] = bias[i] + Σ over rows of factors[out, row] · source[group, row, i].
  ///
  /// Groups have up to six rows of `count` floats, which lie side by side; without a bias it is zero. The last vector
  /// of a row overlaps the one before.
  @inline(never)
  static func mixRows(
    _ groups: Int, _ count: Int, _ rows: Int, _ outs: Int, _ factors: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for group in 0..<groups {
      let from = source + group * rows * count
      let to = target + group * outs * count
      guard count >= Vector.scalarCount else {
        for out in 0..<outs {
          for i in 0..<count {
            var sum = bias.map { $0[i] } ?? 0
            for row in 0..<rows {
              sum = fused(sum, factors[out * rows + row], from[row * count + i])
            }
            to[out * count + i] = sum
          }
        }
        continue
      }
      switch rows {
      case 1: mixGroup(1, outs, count, factors, bias, from, to)
      case 2: mixGroup(2, outs, count, factors, bias, from, to)
      case 3: mixGroup(3, outs, count, factors, bias, from, to)
      case 4: mixGroup(4, outs, count, factors, bias, from, to)
      case 5: mixGroup(5, outs, count, factors, bias, from, to)
      default: mixGroup(6, outs, count, factors, bias, from, to)
      }
    }
  }
}
