import KernelTable

// Winograd's method in one direction, for pictures of few channels: rows of pixels fill the vectors, and the points
// of eight rows are added up in registers over the columns of the kernel and the channels: F(6, 3) and F(4, 5), 8
// products instead of 18 and of 20.

extension CompiledKernels {
  static var winogradRows3: WinogradRows {
    WinogradRows(
      side: 6, outputs: 3, input: rowPoints,
      weight: { weightPoints(3, $0, $1, $2, $3, $4) },
      multiply: { multiplyRows(6, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) })
  }

  static var winogradRows5: WinogradRows {
    WinogradRows(
      side: 4, outputs: 3, input: rowPoints,
      weight: { weightPoints(5, $0, $1, $2, $3, $4) },
      multiply: { multiplyRows(4, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) })
  }
}

/// Bᵀ of eight rows of pixels; the last vector overlaps the one before.
@inline(never)
private func rowPoints(
  _ count: Int, _ rows: UnsafePointer<UnsafePointer<Float>>,
  _ points: UnsafeMutablePointer<Float>, _ pointRow: Int
) {
  let (r0, r1, r2, r3) = (rows[0], rows[1], rows[2], rows[3])
  let (r4, r5, r6, r7) = (rows[4], rows[5], rows[6], rows[7])
  var next = 0
  while next < count {
    let x = min(next, count - slotColumns)
    Eight(
      loadVector(r0 + x), loadVector(r1 + x), loadVector(r2 + x), loadVector(r3 + x),
      loadVector(r4 + x), loadVector(r5 + x), loadVector(r6 + x), loadVector(r7 + x)
    ).input.put(points + x, pointRow)
    next += slotColumns
  }
}

/// G of the columns of kernels, a vector of kernels each.
@inline(__always)
private func weightPoints(
  _ side: Int, _ columns: Int, _ taps: UnsafePointer<Float>, _ tapRow: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointRow: Int
) {
  for column in 0..<columns {
    Eight(weights: side, taps + column * slotColumns, tapRow)
      .put(points + column * 8 * pointRow, pointRow)
  }
}

extension Eight {
  @inline(__always) fileprivate init(zero: Vector) {
    self.init(zero, zero, zero, zero, zero, zero, zero, zero)
  }

  /// Adds the products of vectors with factors that lie `row` floats apart.
  @inline(__always)
  fileprivate mutating func add(_ vectors: Eight, _ factors: UnsafePointer<Float>, _ row: Int) {
    v0 = fused(v0, factors[0], vectors.v0)
    v1 = fused(v1, factors[row], vectors.v1)
    v2 = fused(v2, factors[2 * row], vectors.v2)
    v3 = fused(v3, factors[3 * row], vectors.v3)
    v4 = fused(v4, factors[4 * row], vectors.v4)
    v5 = fused(v5, factors[5 * row], vectors.v5)
    v6 = fused(v6, factors[6 * row], vectors.v6)
    v7 = fused(v7, factors[7 * row], vectors.v7)
  }
}

/// Four of the points.
private struct Four {
  var v0, v1, v2, v3: Vector

  @inline(__always) init(zero: Vector) { (v0, v1, v2, v3) = (zero, zero, zero, zero) }

  @inline(__always) init(_ p: UnsafePointer<Float>, _ stride: Int) {
    (v0, v1) = (loadVector(p), loadVector(p + stride))
    (v2, v3) = (loadVector(p + 2 * stride), loadVector(p + 3 * stride))
  }

  @inline(__always)
  mutating func add(_ vectors: Four, _ factors: UnsafePointer<Float>, _ row: Int) {
    v0 = fused(v0, factors[0], vectors.v0)
    v1 = fused(v1, factors[row], vectors.v1)
    v2 = fused(v2, factors[2 * row], vectors.v2)
    v3 = fused(v3, factors[3 * row], vectors.v3)
  }

  @inline(__always) func put(_ p: UnsafeMutablePointer<Float>) {
    storeVector(v0, p)
    storeVector(v1, p + slotColumns)
    storeVector(v2, p + 2 * slotColumns)
    storeVector(v3, p + 3 * slotColumns)
  }
}

/// `side` rows of some slots of three planes.
@inline(__always)
private func multiplyRows(
  _ side: Int, _ slots: Int, _ columns: UnsafePointer<Int>, _ depth: Int,
  _ points: UnsafePointer<Float>, _ pointRow: Int, _ depths: UnsafePointer<Int>,
  _ weights: UnsafePointer<Float>, _ weightRow: Int, _ bias: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, _ strides: (row: Int, plane: Int),
  _ work: UnsafeMutablePointer<Float>
) {
  for slot in 0..<slots {
    let (from, to) = (points + columns[slot], output + columns[slot])
    #if KERNELSAVX512
      var sum0 = Eight(zero: .zero)
      var (sum1, sum2) = (sum0, sum0)
      var factors = weights
      for d in 0..<depth {
        let vectors = Eight(from + depths[d], pointRow)
        sum0.add(vectors, factors, weightRow)
        sum1.add(vectors, factors + 1, weightRow)
        sum2.add(vectors, factors + 2, weightRow)
        factors += 8 * weightRow
      }
    #else
      // Of 16 registers four points of three planes take twelve.
      for half in 0..<2 {
        var sum0 = Four(zero: .zero)
        var (sum1, sum2) = (sum0, sum0)
        var factors = weights + half * 4 * weightRow
        for d in 0..<depth {
          let vectors = Four(from + depths[d] + half * 4 * pointRow, pointRow)
          sum0.add(vectors, factors, weightRow)
          sum1.add(vectors, factors + 1, weightRow)
          sum2.add(vectors, factors + 2, weightRow)
          factors += 8 * weightRow
        }
        let to = work + half * 4 * slotColumns
        sum0.put(to)
        sum1.put(to + 8 * slotColumns)
        sum2.put(to + 16 * slotColumns)
      }
      let sum0 = Eight(work, slotColumns)
      let sum1 = Eight(work + 8 * slotColumns, slotColumns)
      let sum2 = Eight(work + 16 * slotColumns, slotColumns)
    #endif
    sum0.put(outputs: side, to, strides.row, Vector(repeating: bias[0]))
    sum1.put(outputs: side, to + strides.plane, strides.row, Vector(repeating: bias[1]))
    sum2.put(outputs: side, to + 2 * strides.plane, strides.row, Vector(repeating: bias[2]))
  }
}
