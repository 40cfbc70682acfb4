// The innermost loops of matrix multiplication and of convolution: a tile of C stays in registers
// while the depth runs.
//
// All in one file, since a debug build inlines nothing across files.

// One row of a register tile. `SIMD64.addProduct` would be 64 scalar calls, so a row is spelt out,
// vector by vector, in the widest registers of the instruction set.

#if KERNELSAVX512
  typealias Vector = SIMD16<Float>
#elseif KERNELSAVX2
  typealias Vector = SIMD8<Float>
#else
  typealias Vector = SIMD4<Float>
#endif

@inline(__always)
func load(_ pointer: UnsafePointer<Float>, _ vector: Int) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(
    fromByteOffset: vector * MemoryLayout<Vector>.size, as: Vector.self)
}

@inline(__always)
func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ vector: Int) {
  UnsafeMutableRawPointer(pointer).storeBytes(
    of: value, toByteOffset: vector * MemoryLayout<Vector>.size, as: Vector.self)
}

@inline(__always)
func addProduct(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addProduct(a, b)
  #else
    // Without FMA instructions addProduct would be a function call for each element.
    sum += a * b
  #endif
}

/// Two vectors: 32, 16 or 8 columns.
struct NarrowRow {
  var (v0, v1) = (Vector.zero, Vector.zero)

  @inline(__always) init() {}

  @inline(__always) init(_ pointer: UnsafePointer<Float>) {
    v0 = load(pointer, 0)
    v1 = load(pointer, 1)
  }

  @inline(__always) mutating func add(_ a: Float, times b: NarrowRow) {
    let a = Vector(repeating: a)
    addProduct(&v0, a, b.v0)
    addProduct(&v1, a, b.v1)
  }

  @inline(__always) func put(_ pointer: UnsafeMutablePointer<Float>, _ accumulate: Bool) {
    store(accumulate ? load(pointer, 0) + v0 : v0, pointer, 0)
    store(accumulate ? load(pointer, 1) + v1 : v1, pointer, 1)
  }
}

#if KERNELSAVX512
  /// Four vectors: 64 columns.
  ///
  /// Six such rows take 24 of the 32 registers, B four and A one.
  struct WideRow {
    var low = NarrowRow()
    var high = NarrowRow()

    @inline(__always) init() {}

    @inline(__always) init(_ pointer: UnsafePointer<Float>) {
      low = NarrowRow(pointer)
      high = NarrowRow(pointer + 2 * Vector.scalarCount)
    }

    @inline(__always) mutating func add(_ a: Float, times b: WideRow) {
      low.add(a, times: b.low)
      high.add(a, times: b.high)
    }

    @inline(__always) func put(_ pointer: UnsafeMutablePointer<Float>, _ accumulate: Bool) {
      low.put(pointer, accumulate)
      high.put(pointer + 2 * Vector.scalarCount, accumulate)
    }
  }
#else
  // Sixteen registers hold six rows of two vectors, not of four.
  typealias WideRow = NarrowRow
#endif

// The innermost loop of matrix multiplication: a tile of C stays in registers while `depth` runs.
// Neither side need be packed: A gives six floats every `aStride`, B a row every `bStride`.

/// Columns of a wide tile.
public let wideColumns = MemoryLayout<WideRow>.size / 4
/// Columns of a narrow tile.
public let narrowColumns = MemoryLayout<NarrowRow>.size / 4

/// C[6, wide] (+)= A·B.
@inline(never)
public func multiplyTile6(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var s0 = WideRow()
  var s1 = WideRow()
  var s2 = WideRow()
  var s3 = WideRow()
  var s4 = WideRow()
  var s5 = WideRow()
  var (a, b) = (a, b)
  for _ in 0..<depth {
    let right = WideRow(b)
    s0.add(a[0], times: right)
    s1.add(a[1], times: right)
    s2.add(a[2], times: right)
    s3.add(a[3], times: right)
    s4.add(a[4], times: right)
    s5.add(a[5], times: right)
    a += aStride
    b += bStride
  }
  s0.put(c, accumulate)
  s1.put(c + cStride, accumulate)
  s2.put(c + 2 * cStride, accumulate)
  s3.put(c + 3 * cStride, accumulate)
  s4.put(c + 4 * cStride, accumulate)
  s5.put(c + 5 * cStride, accumulate)
}

/// C[6, narrow] (+)= A·B.
@inline(never)
public func multiplyNarrowTile6(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var s0 = NarrowRow()
  var s1 = NarrowRow()
  var s2 = NarrowRow()
  var s3 = NarrowRow()
  var s4 = NarrowRow()
  var s5 = NarrowRow()
  var (a, b) = (a, b)
  for _ in 0..<depth {
    let right = NarrowRow(b)
    s0.add(a[0], times: right)
    s1.add(a[1], times: right)
    s2.add(a[2], times: right)
    s3.add(a[3], times: right)
    s4.add(a[4], times: right)
    s5.add(a[5], times: right)
    a += aStride
    b += bStride
  }
  s0.put(c, accumulate)
  s1.put(c + cStride, accumulate)
  s2.put(c + 2 * cStride, accumulate)
  s3.put(c + 3 * cStride, accumulate)
  s4.put(c + 4 * cStride, accumulate)
  s5.put(c + 5 * cStride, accumulate)
}

// The gradient of a convolution's weights: six places of the window against a row of channels.
//
// Nothing is copied for A: place i of the window sees the picture from `a + offset_i` on, one row of
// `run` pixels after the other, `skip` floats apart. B has one row of output gradients a pixel.

/// C[6, wide] (+)= Σ over pixels of a[offset + pixel] · B[pixel].
@inline(never)
public func correlateTile6(
  _ rows: Int, _ run: Int, _ skip: Int, _ a: UnsafePointer<Float>,
  _ offsets: UnsafePointer<Int>, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var s0 = WideRow()
  var s1 = WideRow()
  var s2 = WideRow()
  var s3 = WideRow()
  var s4 = WideRow()
  var s5 = WideRow()
  var a0 = a + offsets[0]
  var a1 = a + offsets[1]
  var a2 = a + offsets[2]
  var a3 = a + offsets[3]
  var a4 = a + offsets[4]
  var a5 = a + offsets[5]
  var b = b
  for _ in 0..<rows {
    for x in 0..<run {
      let right = WideRow(b)
      s0.add(a0[x], times: right)
      s1.add(a1[x], times: right)
      s2.add(a2[x], times: right)
      s3.add(a3[x], times: right)
      s4.add(a4[x], times: right)
      s5.add(a5[x], times: right)
      b += bStride
    }
    a0 += skip
    a1 += skip
    a2 += skip
    a3 += skip
    a4 += skip
    a5 += skip
  }
  s0.put(c, accumulate)
  s1.put(c + cStride, accumulate)
  s2.put(c + 2 * cStride, accumulate)
  s3.put(c + 3 * cStride, accumulate)
  s4.put(c + 4 * cStride, accumulate)
  s5.put(c + 5 * cStride, accumulate)
}

/// C[6, narrow] (+)= Σ over pixels of a[offset + pixel] · B[pixel].
@inline(never)
public func correlateNarrowTile6(
  _ rows: Int, _ run: Int, _ skip: Int, _ a: UnsafePointer<Float>,
  _ offsets: UnsafePointer<Int>, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var s0 = NarrowRow()
  var s1 = NarrowRow()
  var s2 = NarrowRow()
  var s3 = NarrowRow()
  var s4 = NarrowRow()
  var s5 = NarrowRow()
  var a0 = a + offsets[0]
  var a1 = a + offsets[1]
  var a2 = a + offsets[2]
  var a3 = a + offsets[3]
  var a4 = a + offsets[4]
  var a5 = a + offsets[5]
  var b = b
  for _ in 0..<rows {
    for x in 0..<run {
      let right = NarrowRow(b)
      s0.add(a0[x], times: right)
      s1.add(a1[x], times: right)
      s2.add(a2[x], times: right)
      s3.add(a3[x], times: right)
      s4.add(a4[x], times: right)
      s5.add(a5[x], times: right)
      b += bStride
    }
    a0 += skip
    a1 += skip
    a2 += skip
    a3 += skip
    a4 += skip
    a5 += skip
  }
  s0.put(c, accumulate)
  s1.put(c + cStride, accumulate)
  s2.put(c + 2 * cStride, accumulate)
  s3.put(c + 3 * cStride, accumulate)
  s4.put(c + 4 * cStride, accumulate)
  s5.put(c + 5 * cStride, accumulate)
}

// Packing B for a convolution: columns are pixels, and pixels of one picture row lie side by side.

/// Copies `runs` pieces of `lengths[i]` floats from `source + starts[i]`, one behind the other.
///
/// Whole vectors are moved: up to 15 floats behind the last piece are read and written too.
@inline(never)
public func copyRuns(
  _ runs: Int, _ lengths: UnsafePointer<Int>, _ source: UnsafePointer<Float>,
  _ starts: UnsafePointer<Int>, _ target: UnsafeMutablePointer<Float>
) {
  let width = Vector.scalarCount
  var target = target
  for run in 0..<runs {
    let from = source + starts[run]
    let length = lengths[run]
    var x = 0
    repeat {
      UnsafeMutableRawPointer(target + x).storeBytes(
        of: UnsafeRawPointer(from + x).loadUnaligned(as: Vector.self), as: Vector.self)
      x += width
    } while x < length
    target += length
  }
}
