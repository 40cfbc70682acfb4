import KernelTable

// Winograd's method in one direction, for pictures of few channels: rows of pixels fill the vectors, and the points
// of eight rows are added up in registers over the columns of the kernel and the channels: F(6, 3) and F(4, 5), 8
// products instead of 18 and of 20.

extension CompiledKernels {
  static var winogradRows3: WinogradRows {
    WinogradRows(
      side: 6, outputs: rowOutputs, input: rowPoints,
      weight: { weightPoints(3, $0, $1, $2, $3, $4) },
      multiply: { multiplyRows(6, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) })
  }

  static var winogradRows5: WinogradRows {
    WinogradRows(
      side: 4, outputs: rowOutputs, input: rowPoints,
      weight: { weightPoints(5, $0, $1, $2, $3, $4) },
      multiply: { multiplyRows(4, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) })
  }
}

#if KERNELSAVX512
  private let rowOutputs = 3
#else
  // More would need more than 16 registers.
  private let rowOutputs = 1
#endif

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

  /// Adds the products of vectors with factors, both `row` and `factorRow` floats apart.
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

/// `side` rows of some slots of `rowOutputs` planes.
@inline(__always)
private func multiplyRows(
  _ side: Int, _ slots: Int, _ columns: UnsafePointer<Int>, _ depth: Int,
  _ points: UnsafePointer<Float>, _ pointRow: Int, _ depths: UnsafePointer<Int>,
  _ weights: UnsafePointer<Float>, _ weightRow: Int, _ bias: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, _ strides: (row: Int, plane: Int)
) {
  for slot in 0..<slots {
    let from = points + columns[slot]
    var sum0 = Eight(zero: .zero)
    #if KERNELSAVX512
      var (sum1, sum2) = (sum0, sum0)
    #endif
    var factors = weights
    for d in 0..<depth {
      let vectors = Eight(from + depths[d], pointRow)
      sum0.add(vectors, factors, weightRow)
      #if KERNELSAVX512
        sum1.add(vectors, factors + 1, weightRow)
        sum2.add(vectors, factors + 2, weightRow)
      #endif
      factors += 8 * weightRow
    }
    let to = output + columns[slot]
    sum0.put(outputs: side, to, strides.row, Vector(repeating: bias[0]))
    #if KERNELSAVX512
      sum1.put(outputs: side, to + strides.plane, strides.row, Vector(repeating: bias[1]))
      sum2.put(outputs: side, to + 2 * strides.plane, strides.row, Vector(repeating: bias[2]))
    #endif
  }
}
