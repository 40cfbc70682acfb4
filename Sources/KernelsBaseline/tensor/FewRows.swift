import VectorLanes

// A large matrix times a few rows: what a fully connected layer does for a handful of pictures. Each
// weight is read or written once, and there is little else to do with it: so rows run along memory, as
// long as they are, some side by side, which is what memory is fastest at.

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>, _ place: Int) -> Vector {
  UnsafeRawPointer(pointer + place).loadUnaligned(as: Vector.self)
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

@inline(__always)
private func addProduct(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addProduct(a, b)
  #else
    sum += a * b
  #endif
}

@inline(__always)
private func addProduct(_ sum: inout Float, _ a: Float, _ b: Float) {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addProduct(a, b)
  #else
    sum += a * b
  #endif
}

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
    for row in 0..<vectorRows {
      for d in whole..<depth { addProduct(&sums[row], matrix[rows[row] + d], vector[d]) }
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
    while i < whole {
      var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for row in 0..<rows {
        let (x, f) = (load(source, row * sourceRow + i), factors + row * factorRow)
        addProduct(&s0, x, Vector(repeating: f[0]))
        addProduct(&s1, x, Vector(repeating: f[1]))
        addProduct(&s2, x, Vector(repeating: f[2]))
        addProduct(&s3, x, Vector(repeating: f[3]))
      }
      if pastCaches {
        stream(s0, t0, i)
        stream(s1, t1, i)
        stream(s2, t2, i)
        stream(s3, t3, i)
      } else {
        store(s0, t0, i)
        store(s1, t1, i)
        store(s2, t2, i)
        store(s3, t3, i)
      }
      i += Vector.scalarCount
    }
    for place in 0..<4 {
      for i in whole..<count {
        var sum: Float = 0
        for row in 0..<rows {
          addProduct(&sum, source[row * sourceRow + i], factors[row * factorRow + place])
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
        for row in 0..<4 { addProduct(&to[0], source[row * sourceRow + i], f[row]) }
      }
    }
  }
}
