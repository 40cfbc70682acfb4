import VectorLanes

// Rows and columns exchanged, a square of vectors at a time.
//
// A shuffle that lays vector i and vector i + n/2 side by side, float by float, is a perfect shuffle of
// the whole square; log2 n of them exchange rows and columns. With AVX2 halves of rows are read side by
// side instead, which saves half of the shuffles (`turnSquare`).

#if KERNELSAVX2
  /// Turns one square.
  @inline(__always)
  private func turn(
    _ source: UnsafePointer<Float>, _ sourceRow: Int, _ target: UnsafeMutablePointer<Float>,
    _ targetRow: Int
  ) {
    turnSquare(source, sourceRow, target, targetRow)
  }
#else
  /// Turns one square.
  @inline(__always)
  private func turn(
    _ source: UnsafePointer<Float>, _ sourceRow: Int, _ target: UnsafeMutablePointer<Float>,
    _ targetRow: Int
  ) {
    var square = Square(source, sourceRow)
    for _ in 0..<shuffles { square.shuffle() }
    square.put(target, targetRow)
  }

  @inline(__always)
  private func load(_ pointer: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  private func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
  }

  @inline(__always)
  private func interleave(_ one: Vector, _ other: Vector) -> (Vector, Vector) {
    var pair = Pair()
    pair.evenHalf = one
    pair.oddHalf = other
    return (pair.lowHalf, pair.highHalf)
  }

  #if KERNELSAVX512
    private typealias Pair = SIMD32<Float>
    private let shuffles = 4

    /// 16 vectors of 16 floats.
    private struct Square {
      var v0, v1, v2, v3, v4, v5, v6, v7: Vector
      var v8, v9, v10, v11, v12, v13, v14, v15: Vector

      @inline(__always) init(_ p: UnsafePointer<Float>, _ row: Int) {
        v0 = load(p)
        v1 = load(p + row)
        v2 = load(p + 2 * row)
        v3 = load(p + 3 * row)
        v4 = load(p + 4 * row)
        v5 = load(p + 5 * row)
        v6 = load(p + 6 * row)
        v7 = load(p + 7 * row)
        v8 = load(p + 8 * row)
        v9 = load(p + 9 * row)
        v10 = load(p + 10 * row)
        v11 = load(p + 11 * row)
        v12 = load(p + 12 * row)
        v13 = load(p + 13 * row)
        v14 = load(p + 14 * row)
        v15 = load(p + 15 * row)
      }

      @inline(__always) mutating func shuffle() {
        let (w0, w1) = interleave(v0, v8)
        let (w2, w3) = interleave(v1, v9)
        let (w4, w5) = interleave(v2, v10)
        let (w6, w7) = interleave(v3, v11)
        let (w8, w9) = interleave(v4, v12)
        let (w10, w11) = interleave(v5, v13)
        let (w12, w13) = interleave(v6, v14)
        let (w14, w15) = interleave(v7, v15)
        (v0, v1, v2, v3) = (w0, w1, w2, w3)
        (v4, v5, v6, v7) = (w4, w5, w6, w7)
        (v8, v9, v10, v11) = (w8, w9, w10, w11)
        (v12, v13, v14, v15) = (w12, w13, w14, w15)
      }

      @inline(__always) func put(_ p: UnsafeMutablePointer<Float>, _ row: Int) {
        store(v0, p)
        store(v1, p + row)
        store(v2, p + 2 * row)
        store(v3, p + 3 * row)
        store(v4, p + 4 * row)
        store(v5, p + 5 * row)
        store(v6, p + 6 * row)
        store(v7, p + 7 * row)
        store(v8, p + 8 * row)
        store(v9, p + 9 * row)
        store(v10, p + 10 * row)
        store(v11, p + 11 * row)
        store(v12, p + 12 * row)
        store(v13, p + 13 * row)
        store(v14, p + 14 * row)
        store(v15, p + 15 * row)
      }
    }
  #else
    private typealias Pair = SIMD8<Float>
    private let shuffles = 2

    /// 4 vectors of 4 floats.
    private struct Square {
      var v0, v1, v2, v3: Vector

      @inline(__always) init(_ p: UnsafePointer<Float>, _ row: Int) {
        v0 = load(p)
        v1 = load(p + row)
        v2 = load(p + 2 * row)
        v3 = load(p + 3 * row)
      }

      @inline(__always) mutating func shuffle() {
        let (w0, w1) = interleave(v0, v2)
        let (w2, w3) = interleave(v1, v3)
        (v0, v1, v2, v3) = (w0, w1, w2, w3)
      }

      @inline(__always) func put(_ p: UnsafeMutablePointer<Float>, _ row: Int) {
        store(v0, p)
        store(v1, p + row)
        store(v2, p + 2 * row)
        store(v3, p + 3 * row)
      }
    }
  #endif
#endif

extension CompiledKernels {
  /// target[column, row] = source[row, column].
  @inline(never)
  static func transpose(
    _ rows: Int, _ columns: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    let side = Vector.scalarCount
    guard rows >= side, columns >= side else {
      for row in 0..<rows {
        for column in 0..<columns {
          target[column * targetRow + row] = source[row * sourceRow + column]
        }
      }
      return
    }
    // The last squares overlap those before, so that no edge is left.
    var row = 0
    while row < rows {
      let top = min(row, rows - side)
      var column = 0
      while column < columns {
        let left = min(column, columns - side)
        turn(
          source + top * sourceRow + left, sourceRow, target + left * targetRow + top, targetRow)
        column += side
      }
      row += side
    }
  }
}
