import KernelTable
import VectorLanes

// The innermost loops of matrix multiplication and of convolution: a tile of C stays in registers
// while the depth runs, C[row, column] = Σ over d of A[row, d] · B[d, column].
//
// Nothing need be packed. Each row of A starts where `aRows` says. A slot is a vector of neighbouring
// columns; each starts where `bSlots` says, and each depth lies where `bDepths` says from there: rows
// of a matrix, or the same pixels seen through each place of a convolution's window. The slots of C
// are put wherever `cSlots` says. Measured on two machines, that runs as fast as packed panels do.
//
// The kernels start from a bias for each row, or from where `from` left off (dense rows of slots).
//
// What is read next, and comes from afar, can be asked for meanwhile, a cache line a depth. That is a function
// of its own: to look whether there is anything to ask for makes a tile of few depths a tenth slower.
//
// All in one file, since a debug build inlines nothing across files; and spelt out, row by row and
// vector by vector, since an array of accumulators would not stay in registers.

#if KERNELSAVX512
  typealias Vector = SIMD16<Float>
#elseif KERNELSAVX2
  typealias Vector = SIMD8<Float>
#else
  typealias Vector = SIMD4<Float>
#endif

/// Floats in a vector, the columns of a slot.
let slotColumns = Vector.scalarCount

extension CompiledKernels {
  static var slot: Int { slotColumns }

  static func tile(_ slots: Int) -> Tile {
    switch slots {
    case 1: Tile(slots: 1, rows: tileRows2, multiply: multiplyTile1, asking: askingTile1)
    case 2: Tile(slots: 2, rows: tileRows2, multiply: multiplyTile2, asking: askingTile2)
    case 3: Tile(slots: 3, rows: tileRows3, multiply: multiplyTile3, asking: askingTile3)
    default: Tile(slots: 4, rows: tileRows4, multiply: multiplyTile4, asking: askingTile4)
    }
  }

  static func correlate(_ slots: Int) -> Correlate {
    #if KERNELSAVX512
      slots == 2 ? correlateTile2 : correlateTile4
    #else
      correlateTile2
    #endif
  }

  // Six rows of four vectors need more than 16 registers.
  static var correlateSlots: Int { doubled ? 4 : 2 }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>, _ slot: Int = 0) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(
    fromByteOffset: slot * MemoryLayout<Vector>.size, as: Vector.self)
}

@inline(__always)
private func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
}

@inline(__always)
private func addProduct(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addProduct(a, b)
  #else
    // Without FMA instructions addProduct would be a function call for each element.
    sum += a * b
  #endif
}

/// Where the slots of a tile's first row go.
private struct Slots {
  var c0, c1, c2, c3: UnsafeMutablePointer<Float>

  @inline(__always)
  init(_ c: UnsafeMutablePointer<Float>, _ slots: UnsafePointer<Int>, _ count: Int) {
    c0 = c + slots[0]
    c1 = count > 1 ? c + slots[1] : c
    c2 = count > 2 ? c + slots[2] : c
    c3 = count > 3 ? c + slots[3] : c
  }

  /// Slots that lie side by side.
  @inline(__always) init(_ c: UnsafeMutablePointer<Float>) {
    (c0, c1) = (c, c + slotColumns)
    (c2, c3) = (c + 2 * slotColumns, c + 3 * slotColumns)
  }
}

/// Depths from which on it pays to ask for C: below, it is no sooner there.
private let fetchingDepth = 48

/// Asks for the lines of C, which come while the depth runs.
@inline(__always)
private func fetch(_ to: Slots, _ slots: Int, _ rows: Int, _ cRow: Int) {
  for row in 0..<rows {
    fetchToWrite(to.c0 + row * cRow)
    if slots > 1 { fetchToWrite(to.c1 + row * cRow) }
    if slots > 2 { fetchToWrite(to.c2 + row * cRow) }
    if slots > 3 { fetchToWrite(to.c3 + row * cRow) }
  }
}

/// Two slots of a row.
private struct Row2 {
  var (v0, v1): (Vector, Vector)

  @inline(__always) init(_ v0: Vector, _ v1: Vector) {
    (self.v0, self.v1) = (v0, v1)
  }

  @inline(__always) init(_ value: Float) {
    let value = Vector(repeating: value)
    self.init(value, value)
  }

  /// Of one slot the second vector is nothing that is kept.
  @inline(__always) init(_ pointer: UnsafePointer<Float>, _ slots: Int = 2) {
    let first = load(pointer, 0)
    self.init(first, slots > 1 ? load(pointer, 1) : first)
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row2) {
    let a = Vector(repeating: a)
    addProduct(&v0, a, b.v0)
    addProduct(&v1, a, b.v1)
  }

  @inline(__always) func put(_ to: Slots, _ row: Int, _ slots: Int = 2) {
    store(v0, to.c0 + row)
    if slots > 1 { store(v1, to.c1 + row) }
  }
}

/// Three slots of a row.
private struct Row3 {
  var (v0, v1, v2): (Vector, Vector, Vector)

  @inline(__always) init(_ v0: Vector, _ v1: Vector, _ v2: Vector) {
    (self.v0, self.v1, self.v2) = (v0, v1, v2)
  }

  @inline(__always) init(_ value: Float) {
    let value = Vector(repeating: value)
    self.init(value, value, value)
  }

  @inline(__always) init(_ pointer: UnsafePointer<Float>) {
    self.init(load(pointer, 0), load(pointer, 1), load(pointer, 2))
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row3) {
    let a = Vector(repeating: a)
    addProduct(&v0, a, b.v0)
    addProduct(&v1, a, b.v1)
    addProduct(&v2, a, b.v2)
  }

  @inline(__always) func put(_ to: Slots, _ row: Int) {
    store(v0, to.c0 + row)
    store(v1, to.c1 + row)
    store(v2, to.c2 + row)
  }
}

/// Four slots of a row.
private struct Row4 {
  var (low, high): (Row2, Row2)

  @inline(__always) init(_ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector) {
    (low, high) = (Row2(v0, v1), Row2(v2, v3))
  }

  @inline(__always) init(_ value: Float) { (low, high) = (Row2(value), Row2(value)) }

  @inline(__always) init(_ pointer: UnsafePointer<Float>) {
    (low, high) = (Row2(pointer), Row2(pointer + 2 * slotColumns))
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row4) {
    low.add(a, b.low)
    high.add(a, b.high)
  }

  @inline(__always) func put(_ to: Slots, _ row: Int) {
    low.put(to, row)
    store(high.v0, to.c2 + row)
    store(high.v1, to.c3 + row)
  }
}

// Rows of a tile: with 32 registers twice as many as with 16.
#if KERNELSAVX512
  private let doubled = true
#else
  private let doubled = false
#endif

/// Rows of a tile of one or two slots.
private let tileRows2 = doubled ? 12 : 6
/// Rows of a tile of three slots.
private let tileRows3 = doubled ? 8 : 4
/// Rows of a tile of four slots.
private let tileRows4 = doubled ? 6 : 3

/// A tile of one slot.
private func multiplyTile1(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int
) {
  tile2(1, depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, b, bDepths, 0)
}

/// The same, asking for what is read next.
private func askingTile1(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  tile2(
    1, depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, next, places, count)
}

/// A tile of two slots.
private func multiplyTile2(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int
) {
  tile2(2, depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, b, bDepths, 0)
}

/// The same, asking for what is read next.
private func askingTile2(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  tile2(
    2, depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, next, places, count)
}

/// A tile of one or two slots; A's rows are `aRow` floats apart, its depths `aStep`.
///
/// `slots` is a constant: with one slot, what belongs to the second is left out.
@inline(__always)
private func tile2(
  _ slots: Int, _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  var s0 = Row2(0)
  var s1 = Row2(0)
  var s2 = Row2(0)
  var s3 = Row2(0)
  var s4 = Row2(0)
  var s5 = Row2(0)
  #if KERNELSAVX512
    var s6 = Row2(0)
    var s7 = Row2(0)
    var s8 = Row2(0)
    var s9 = Row2(0)
    var s10 = Row2(0)
    var s11 = Row2(0)
  #endif
  if let from {
    s0 = Row2(from, slots)
    s1 = Row2(from + slots * slotColumns, slots)
    s2 = Row2(from + 2 * slots * slotColumns, slots)
    s3 = Row2(from + 3 * slots * slotColumns, slots)
    s4 = Row2(from + 4 * slots * slotColumns, slots)
    s5 = Row2(from + 5 * slots * slotColumns, slots)
    #if KERNELSAVX512
      s6 = Row2(from + 6 * slots * slotColumns, slots)
      s7 = Row2(from + 7 * slots * slotColumns, slots)
      s8 = Row2(from + 8 * slots * slotColumns, slots)
      s9 = Row2(from + 9 * slots * slotColumns, slots)
      s10 = Row2(from + 10 * slots * slotColumns, slots)
      s11 = Row2(from + 11 * slots * slotColumns, slots)
    #endif
  } else if let bias {
    s0 = Row2(bias[0])
    s1 = Row2(bias[1])
    s2 = Row2(bias[2])
    s3 = Row2(bias[3])
    s4 = Row2(bias[4])
    s5 = Row2(bias[5])
    #if KERNELSAVX512
      s6 = Row2(bias[6])
      s7 = Row2(bias[7])
      s8 = Row2(bias[8])
      s9 = Row2(bias[9])
      s10 = Row2(bias[10])
      s11 = Row2(bias[11])
    #endif
  }
  let to = Slots(c, cSlots, slots)
  if depth >= fetchingDepth { fetch(to, slots, tileRows2, cRow) }
  let b0 = b + bSlots[0]
  let b1 = slots > 1 ? b + bSlots[1] : b0
  var a = a
  @inline(__always) func add(_ d: Int) {
    let place = bDepths[d]
    let first = load(b0 + place)
    let right = Row2(first, slots > 1 ? load(b1 + place) : first)
    s0.add(a[0], right)
    s1.add(a[aRow], right)
    s2.add(a[2 * aRow], right)
    s3.add(a[3 * aRow], right)
    s4.add(a[4 * aRow], right)
    s5.add(a[5 * aRow], right)
    #if KERNELSAVX512
      s6.add(a[6 * aRow], right)
      s7.add(a[7 * aRow], right)
      s8.add(a[8 * aRow], right)
      s9.add(a[9 * aRow], right)
      s10.add(a[10 * aRow], right)
      s11.add(a[11 * aRow], right)
    #endif
    a += aStep
  }
  let asked = min(depth, count)
  for d in 0..<asked {
    fetchLine(next + places[d])
    add(d)
  }
  for d in asked..<depth { add(d) }
  s0.put(to, 0, slots)
  s1.put(to, cRow, slots)
  s2.put(to, 2 * cRow, slots)
  s3.put(to, 3 * cRow, slots)
  s4.put(to, 4 * cRow, slots)
  s5.put(to, 5 * cRow, slots)
  #if KERNELSAVX512
    s6.put(to, 6 * cRow, slots)
    s7.put(to, 7 * cRow, slots)
    s8.put(to, 8 * cRow, slots)
    s9.put(to, 9 * cRow, slots)
    s10.put(to, 10 * cRow, slots)
    s11.put(to, 11 * cRow, slots)
  #endif
}

/// A tile of three slots.
private func multiplyTile3(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int
) {
  tile3(depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, b, bDepths, 0)
}

/// The same, asking for what is read next.
private func askingTile3(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  tile3(
    depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, next, places, count)
}

/// A tile of three slots; A's rows are `aRow` floats apart, its depths `aStep`.
@inline(__always)
private func tile3(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  var s0 = Row3(0)
  var s1 = Row3(0)
  var s2 = Row3(0)
  var s3 = Row3(0)
  #if KERNELSAVX512
    var s4 = Row3(0)
    var s5 = Row3(0)
    var s6 = Row3(0)
    var s7 = Row3(0)
  #endif
  if let from {
    s0 = Row3(from)
    s1 = Row3(from + 3 * slotColumns)
    s2 = Row3(from + 6 * slotColumns)
    s3 = Row3(from + 9 * slotColumns)
    #if KERNELSAVX512
      s4 = Row3(from + 12 * slotColumns)
      s5 = Row3(from + 15 * slotColumns)
      s6 = Row3(from + 18 * slotColumns)
      s7 = Row3(from + 21 * slotColumns)
    #endif
  } else if let bias {
    s0 = Row3(bias[0])
    s1 = Row3(bias[1])
    s2 = Row3(bias[2])
    s3 = Row3(bias[3])
    #if KERNELSAVX512
      s4 = Row3(bias[4])
      s5 = Row3(bias[5])
      s6 = Row3(bias[6])
      s7 = Row3(bias[7])
    #endif
  }
  let to = Slots(c, cSlots, 3)
  if depth >= fetchingDepth { fetch(to, 3, tileRows3, cRow) }
  let b0 = b + bSlots[0]
  let b1 = b + bSlots[1]
  let b2 = b + bSlots[2]
  var a = a
  @inline(__always) func add(_ d: Int) {
    let place = bDepths[d]
    let right = Row3(load(b0 + place), load(b1 + place), load(b2 + place))
    s0.add(a[0], right)
    s1.add(a[aRow], right)
    s2.add(a[2 * aRow], right)
    s3.add(a[3 * aRow], right)
    #if KERNELSAVX512
      s4.add(a[4 * aRow], right)
      s5.add(a[5 * aRow], right)
      s6.add(a[6 * aRow], right)
      s7.add(a[7 * aRow], right)
    #endif
    a += aStep
  }
  let asked = min(depth, count)
  for d in 0..<asked {
    fetchLine(next + places[d])
    add(d)
  }
  for d in asked..<depth { add(d) }
  s0.put(to, 0)
  s1.put(to, cRow)
  s2.put(to, 2 * cRow)
  s3.put(to, 3 * cRow)
  #if KERNELSAVX512
    s4.put(to, 4 * cRow)
    s5.put(to, 5 * cRow)
    s6.put(to, 6 * cRow)
    s7.put(to, 7 * cRow)
  #endif
}

/// A tile of four slots.
private func multiplyTile4(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int
) {
  tile4(depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, b, bDepths, 0)
}

/// The same, asking for what is read next.
private func askingTile4(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  tile4(
    depth, a, aRow, aStep, b, bSlots, bDepths, from, bias, c, cSlots, cRow, next, places, count)
}

/// A tile of four slots; A's rows are `aRow` floats apart, its depths `aStep`.
@inline(__always)
private func tile4(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  var s0 = Row4(0)
  var s1 = Row4(0)
  var s2 = Row4(0)
  #if KERNELSAVX512
    var s3 = Row4(0)
    var s4 = Row4(0)
    var s5 = Row4(0)
  #endif
  if let from {
    s0 = Row4(from)
    s1 = Row4(from + 4 * slotColumns)
    s2 = Row4(from + 8 * slotColumns)
    #if KERNELSAVX512
      s3 = Row4(from + 12 * slotColumns)
      s4 = Row4(from + 16 * slotColumns)
      s5 = Row4(from + 20 * slotColumns)
    #endif
  } else if let bias {
    s0 = Row4(bias[0])
    s1 = Row4(bias[1])
    s2 = Row4(bias[2])
    #if KERNELSAVX512
      s3 = Row4(bias[3])
      s4 = Row4(bias[4])
      s5 = Row4(bias[5])
    #endif
  }
  let to = Slots(c, cSlots, 4)
  if depth >= fetchingDepth { fetch(to, 4, tileRows4, cRow) }
  let b0 = b + bSlots[0]
  let b1 = b + bSlots[1]
  let b2 = b + bSlots[2]
  let b3 = b + bSlots[3]
  var a = a
  @inline(__always) func add(_ d: Int) {
    let place = bDepths[d]
    let right = Row4(load(b0 + place), load(b1 + place), load(b2 + place), load(b3 + place))
    s0.add(a[0], right)
    s1.add(a[aRow], right)
    s2.add(a[2 * aRow], right)
    #if KERNELSAVX512
      s3.add(a[3 * aRow], right)
      s4.add(a[4 * aRow], right)
      s5.add(a[5 * aRow], right)
    #endif
    a += aStep
  }
  let asked = min(depth, count)
  for d in 0..<asked {
    fetchLine(next + places[d])
    add(d)
  }
  for d in asked..<depth { add(d) }
  s0.put(to, 0)
  s1.put(to, cRow)
  s2.put(to, 2 * cRow)
  #if KERNELSAVX512
    s3.put(to, 3 * cRow)
    s4.put(to, 4 * cRow)
    s5.put(to, 5 * cRow)
  #endif
}

// The gradient of a convolution's weights: six places of the window against a row of channels.

/// C[6, two slots] (+)= Σ over d of A[row, d] · B[d, column]: both sides of A by offset.
///
/// Row i of A starts at `aRows[i]`, depth d lies `aDepths[d]` further: the pixels of a picture, seen
/// through a place of the window. B has one row of channels a pixel.
@inline(never)
private func correlateTile2(
  _ depth: Int, _ a: UnsafePointer<Float>, _ aRows: UnsafePointer<Int>,
  _ aDepths: UnsafePointer<Int>, _ b: UnsafePointer<Float>, _ bRow: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool
) {
  var s0 = Row2(0)
  var s1 = Row2(0)
  var s2 = Row2(0)
  var s3 = Row2(0)
  var s4 = Row2(0)
  var s5 = Row2(0)
  if accumulate {
    s0 = Row2(c)
    s1 = Row2(c + cRow)
    s2 = Row2(c + 2 * cRow)
    s3 = Row2(c + 3 * cRow)
    s4 = Row2(c + 4 * cRow)
    s5 = Row2(c + 5 * cRow)
  }
  let a0 = a + aRows[0]
  let a1 = a + aRows[1]
  let a2 = a + aRows[2]
  let a3 = a + aRows[3]
  let a4 = a + aRows[4]
  let a5 = a + aRows[5]
  var b = b
  for d in 0..<depth {
    let place = aDepths[d]
    let right = Row2(b)
    s0.add(a0[place], right)
    s1.add(a1[place], right)
    s2.add(a2[place], right)
    s3.add(a3[place], right)
    s4.add(a4[place], right)
    s5.add(a5[place], right)
    b += bRow
  }
  let to = Slots(c)
  s0.put(to, 0)
  s1.put(to, cRow)
  s2.put(to, 2 * cRow)
  s3.put(to, 3 * cRow)
  s4.put(to, 4 * cRow)
  s5.put(to, 5 * cRow)
}

#if KERNELSAVX512
  /// C[6, four slots] (+)= Σ over d of A[row, d] · B[d, column]: both sides of A by offset.
  ///
  /// Row i of A starts at `aRows[i]`, depth d lies `aDepths[d]` further: the pixels of a picture, seen
  /// through a place of the window. B has one row of channels a pixel.
  @inline(never)
  private func correlateTile4(
    _ depth: Int, _ a: UnsafePointer<Float>, _ aRows: UnsafePointer<Int>,
    _ aDepths: UnsafePointer<Int>, _ b: UnsafePointer<Float>, _ bRow: Int,
    _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool
  ) {
    var s0 = Row4(0)
    var s1 = Row4(0)
    var s2 = Row4(0)
    var s3 = Row4(0)
    var s4 = Row4(0)
    var s5 = Row4(0)
    if accumulate {
      s0 = Row4(c)
      s1 = Row4(c + cRow)
      s2 = Row4(c + 2 * cRow)
      s3 = Row4(c + 3 * cRow)
      s4 = Row4(c + 4 * cRow)
      s5 = Row4(c + 5 * cRow)
    }
    let a0 = a + aRows[0]
    let a1 = a + aRows[1]
    let a2 = a + aRows[2]
    let a3 = a + aRows[3]
    let a4 = a + aRows[4]
    let a5 = a + aRows[5]
    var b = b
    for d in 0..<depth {
      let place = aDepths[d]
      let right = Row4(b)
      s0.add(a0[place], right)
      s1.add(a1[place], right)
      s2.add(a2[place], right)
      s3.add(a3[place], right)
      s4.add(a4[place], right)
      s5.add(a5[place], right)
      b += bRow
    }
    let to = Slots(c)
    s0.put(to, 0)
    s1.put(to, cRow)
    s2.put(to, 2 * cRow)
    s3.put(to, 3 * cRow)
    s4.put(to, 4 * cRow)
    s5.put(to, 5 * cRow)
  }
#endif
