import VectorLanes

// Products of rows with rows: both sides run along memory, so that nothing is packed or turned.
//
// Four rows of A meet six (or three) rows of B; each of the sums is a vector until the end.

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>, _ place: Int) -> Vector {
  UnsafeRawPointer(pointer + place).loadUnaligned(as: Vector.self)
}

@inline(__always)
private func addProduct(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addProduct(a, b)
  #else
    sum += a * b
  #endif
}

@inline(__always)
private func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ place: Int) {
  UnsafeMutableRawPointer(pointer + place).storeBytes(of: value, as: Vector.self)
}

/// Writes past the caches, where a cache line is whole; `pointer` is aligned to one.
@inline(__always)
private func stream(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ place: Int) {
  #if KERNELSAVX512 || KERNELSAVX2
    storePastCaches(pointer + place, value)
  #else
    store(value, pointer, place)
  #endif
}

/// Writes a vector, past the caches or not.
@inline(__always)
private func put(
  _ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ place: Int, _ pastCaches: Bool
) {
  if pastCaches { stream(value, pointer, place) } else { store(value, pointer, place) }
}

/// The sum of each of four vectors.
@inline(__always)
private func totals(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> SIMD4<Float> {
  #if KERNELSAVX512 || KERNELSAVX2
    sumsOfFour(a, b, c, d)
  #else
    SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
  #endif
}

/// Rows of A in a tile.
private let rowsA = 4
/// Rows of B in a tile.
#if KERNELSAVX512
  private let rowsB = 6
#else
  private let rowsB = 3
#endif

/// Four rows of A against three rows of B.
private struct Sums {
  var (v00, v01, v02) = (Vector.zero, Vector.zero, Vector.zero)
  var (v10, v11, v12) = (Vector.zero, Vector.zero, Vector.zero)
  var (v20, v21, v22) = (Vector.zero, Vector.zero, Vector.zero)
  var (v30, v31, v32) = (Vector.zero, Vector.zero, Vector.zero)

  @inline(__always) mutating func add(
    _ a0: Vector, _ a1: Vector, _ a2: Vector, _ a3: Vector, _ b0: Vector, _ b1: Vector,
    _ b2: Vector
  ) {
    addProduct(&v00, a0, b0)
    addProduct(&v01, a0, b1)
    addProduct(&v02, a0, b2)
    addProduct(&v10, a1, b0)
    addProduct(&v11, a1, b1)
    addProduct(&v12, a1, b2)
    addProduct(&v20, a2, b0)
    addProduct(&v21, a2, b1)
    addProduct(&v22, a2, b2)
    addProduct(&v30, a3, b0)
    addProduct(&v31, a3, b1)
    addProduct(&v32, a3, b2)
  }

  /// Rows of sums, `rowsB` vectors each.
  @inline(__always) func put(_ c: UnsafeMutablePointer<Vector>) {
    (c[0], c[1], c[2]) = (v00, v01, v02)
    (c[rowsB], c[rowsB + 1], c[rowsB + 2]) = (v10, v11, v12)
    (c[2 * rowsB], c[2 * rowsB + 1], c[2 * rowsB + 2]) = (v20, v21, v22)
    (c[3 * rowsB], c[3 * rowsB + 1], c[3 * rowsB + 2]) = (v30, v31, v32)
  }

  @inline(__always) mutating func take(_ c: UnsafeMutablePointer<Vector>) {
    (v00, v01, v02) = (c[0], c[1], c[2])
    (v10, v11, v12) = (c[rowsB], c[rowsB + 1], c[rowsB + 2])
    (v20, v21, v22) = (c[2 * rowsB], c[2 * rowsB + 1], c[2 * rowsB + 2])
    (v30, v31, v32) = (c[3 * rowsB], c[3 * rowsB + 1], c[3 * rowsB + 2])
  }

  /// The sum of each vector: three columns of four rows.
  @inline(__always) func putTotals(_ c: UnsafeMutablePointer<SIMD4<Float>>) {
    c[0] = totals(v00, v10, v20, v30)
    c[1] = totals(v01, v11, v21, v31)
    c[2] = totals(v02, v12, v22, v32)
  }
}

extension CompiledKernels {
  static var dotRowsA: Int { rowsA }
  static var dotRowsB: Int { rowsB }

  /// C[b, a] = Σ over d of A[a, d] · B[b, d]; rows start where `aRows` and `bRows` say.
  ///
  /// `ahead` is read soon, as many floats of two rows as there are depths: they are asked for meanwhile.
  /// A chunk of depths after another: `sums`, aligned to 64 bytes, holds a vector for each element of C
  /// between them, and only the last one adds up the vectors into `c`. Chunks before it are whole vectors.
  @inline(never)
  static func dot(
    _ depth: Int, _ a: UnsafePointer<Float>, _ aRows: UnsafePointer<Int>,
    _ b: UnsafePointer<Float>, _ bRows: UnsafePointer<Int>,
    _ ahead: (UnsafePointer<Float>, UnsafePointer<Float>), _ isFirst: Bool,
    _ sums: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>?
  ) {
    let (a0, a1, a2, a3) = (a + aRows[0], a + aRows[1], a + aRows[2], a + aRows[3])
    let (b0, b1, b2) = (b + bRows[0], b + bRows[1], b + bRows[2])
    let between = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Vector.self)
    var few = Sums()
    if !isFirst { few.take(between) }
    #if KERNELSAVX512
      let (b3, b4, b5) = (b + bRows[3], b + bRows[4], b + bRows[5])
      var more = Sums()
      if !isFirst { more.take(between + 3) }
    #endif
    let whole = depth & ~(Vector.scalarCount - 1)
    var d = 0
    while d < whole {
      fetchLine(ahead.0 + d)
      fetchLine(ahead.1 + d)
      let (x0, x1, x2, x3) = (load(a0, d), load(a1, d), load(a2, d), load(a3, d))
      few.add(x0, x1, x2, x3, load(b0, d), load(b1, d), load(b2, d))
      #if KERNELSAVX512
        more.add(x0, x1, x2, x3, load(b3, d), load(b4, d), load(b5, d))
      #endif
      d += Vector.scalarCount
    }
    guard let c else {
      few.put(between)
      #if KERNELSAVX512
        more.put(between + 3)
      #endif
      return
    }
    let columns = UnsafeMutableRawPointer(c).assumingMemoryBound(to: SIMD4<Float>.self)
    few.putTotals(columns)
    #if KERNELSAVX512
      more.putTotals(columns + 3)
    #endif
    guard whole < depth else { return }
    for row in 0..<rowsA {
      for other in 0..<rowsB {
        var sum: Float = 0
        for d in whole..<depth { sum += a[aRows[row] + d] * b[bRows[other] + d] }
        c[other * rowsA + row] += sum
      }
    }
  }
}

// A large matrix times a few rows: what a fully connected layer does for a handful of pictures. Each
// weight is read or written once, and there is little else to do with it: so rows run along memory, as
// long as they are, some side by side, which is what memory is fastest at.

extension CompiledKernels {
  static var vectorRows: Int { 8 }

  /// sums[row] = Σ over d of matrix[row, d] · vector[d], for eight rows.
  @inline(never)
  static func timesVector(
    _ depth: Int, _ matrix: UnsafePointer<Float>, _ rows: UnsafePointer<Int>,
    _ vector: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>
  ) {
    let (r0, r1, r2, r3) = (
      matrix + rows[0], matrix + rows[1], matrix + rows[2], matrix + rows[3]
    )
    let (r4, r5, r6, r7) = (
      matrix + rows[4], matrix + rows[5], matrix + rows[6], matrix + rows[7]
    )
    var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var (s4, s5, s6, s7) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    let whole = depth & ~(Vector.scalarCount - 1)
    var d = 0
    while d < whole {
      let x = load(vector, d)
      addProduct(&s0, load(r0, d), x)
      addProduct(&s1, load(r1, d), x)
      addProduct(&s2, load(r2, d), x)
      addProduct(&s3, load(r3, d), x)
      addProduct(&s4, load(r4, d), x)
      addProduct(&s5, load(r5, d), x)
      addProduct(&s6, load(r6, d), x)
      addProduct(&s7, load(r7, d), x)
      d += Vector.scalarCount
    }
    let (low, high) = (totals(s0, s1, s2, s3), totals(s4, s5, s6, s7))
    UnsafeMutableRawPointer(sums).storeBytes(
      of: SIMD8(lowHalf: low, highHalf: high), as: SIMD8<Float>.self)
    guard whole < depth else { return }
    for row in 0..<vectorRows {
      // As in `dot`: a row of few comes to what it comes to alone.
      var sum: Float = 0
      for d in whole..<depth { sum += vector[d] * matrix[rows[row] + d] }
      sums[row] += sum
    }
  }

  /// target[t, i] = Σ over r of factors[r, t] · source[r, i], for four targets.
  ///
  /// With `pastCaches` it is written past them, where each row of the target is aligned to 64 bytes.
  @inline(never)
  static func combineRows(
    _ count: Int, _ rows: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ factors: UnsafePointer<Float>, _ factorRow: Int, _ target: UnsafeMutablePointer<Float>,
    _ targetRow: Int, _ pastCaches: Bool
  ) {
    let (t0, t1) = (target, target + targetRow)
    let (t2, t3) = (target + 2 * targetRow, target + 3 * targetRow)
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    if rows == 1 {
      // Nothing but writing: two vectors of a row one after the other fill a line of the cache. A zero is one
      // without a sign, as of sums.
      let pairs = count & ~(2 * Vector.scalarCount - 1)
      let (f0, f1) = (Vector(repeating: factors[0]), Vector(repeating: factors[1]))
      let (f2, f3) = (Vector(repeating: factors[2]), Vector(repeating: factors[3]))
      while i < pairs {
        let next = i + Vector.scalarCount
        let (x, y) = (load(source, i), load(source, next))
        put(Vector.zero + x * f0, t0, i, pastCaches)
        put(Vector.zero + y * f0, t0, next, pastCaches)
        put(Vector.zero + x * f1, t1, i, pastCaches)
        put(Vector.zero + y * f1, t1, next, pastCaches)
        put(Vector.zero + x * f2, t2, i, pastCaches)
        put(Vector.zero + y * f2, t2, next, pastCaches)
        put(Vector.zero + x * f3, t3, i, pastCaches)
        put(Vector.zero + y * f3, t3, next, pastCaches)
        i += 2 * Vector.scalarCount
      }
    }
    while i < whole {
      var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for row in 0..<rows {
        let (x, f) = (load(source, row * sourceRow + i), factors + row * factorRow)
        addProduct(&s0, x, Vector(repeating: f[0]))
        addProduct(&s1, x, Vector(repeating: f[1]))
        addProduct(&s2, x, Vector(repeating: f[2]))
        addProduct(&s3, x, Vector(repeating: f[3]))
      }
      put(s0, t0, i, pastCaches)
      put(s1, t1, i, pastCaches)
      put(s2, t2, i, pastCaches)
      put(s3, t3, i, pastCaches)
      i += Vector.scalarCount
    }
    for place in 0..<4 {
      for i in whole..<count {
        var sum: Float = 0
        for row in 0..<rows {
          sum += source[row * sourceRow + i] * factors[row * factorRow + place]
        }
        target[place * targetRow + i] = sum
      }
    }
    if pastCaches { endStores() }
  }

  /// target[t, i] += Σ over r of factors[t, r] · source[r, i], for four rows of the source.
  @inline(never)
  static func addRowsTimes(
    _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ factors: UnsafePointer<Float>, _ factorRow: Int, _ targets: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    let (r0, r1) = (source, source + sourceRow)
    let (r2, r3) = (source + 2 * sourceRow, source + 3 * sourceRow)
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    while i < whole {
      let (x0, x1, x2, x3) = (load(r0, i), load(r1, i), load(r2, i), load(r3, i))
      for place in 0..<targets {
        let (f, to) = (factors + place * factorRow, target + place * targetRow)
        var sum = load(to, i)
        addProduct(&sum, x0, Vector(repeating: f[0]))
        addProduct(&sum, x1, Vector(repeating: f[1]))
        addProduct(&sum, x2, Vector(repeating: f[2]))
        addProduct(&sum, x3, Vector(repeating: f[3]))
        store(sum, to, i)
      }
      i += Vector.scalarCount
    }
    for place in 0..<targets {
      let f = factors + place * factorRow
      for i in whole..<count {
        let to = target + place * targetRow + i
        for row in 0..<4 { to[0] += source[row * sourceRow + i] * f[row] }
      }
    }
  }
}
