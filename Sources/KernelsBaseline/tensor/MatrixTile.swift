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

  static func tile(_ slots: Int) -> Tile { tile(slots, rows: .max) }

  // Spelt out, since a plain pointer to a function can be made of a closure only that captures nothing, neither rows
  // nor a type. Tiles of one slot are seldom wanted, and have no lower ones.
  static func tile(_ slots: Int, rows: Int) -> Tile {
    switch (slots, rows) {
    case (1, _):
      Tile(
        slots: 1, rows: 6 * breadth,
        multiply: {
          multiplyTile(
            Row1.self, 6 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row1.self, 6 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (2, ...(2 * breadth)):
      Tile(
        slots: 2, rows: 2 * breadth,
        multiply: {
          multiplyTile(
            Row2.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row2.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (2, ...(4 * breadth)):
      Tile(
        slots: 2, rows: 4 * breadth,
        multiply: {
          multiplyTile(
            Row2.self, 4 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row2.self, 4 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (2, _):
      Tile(
        slots: 2, rows: 6 * breadth,
        multiply: {
          multiplyTile(
            Row2.self, 6 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row2.self, 6 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (3, ...breadth):
      Tile(
        slots: 3, rows: breadth,
        multiply: {
          multiplyTile(
            Row3.self, breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row3.self, breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (3, ...(2 * breadth)):
      Tile(
        slots: 3, rows: 2 * breadth,
        multiply: {
          multiplyTile(
            Row3.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row3.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (3, _):
      Tile(
        slots: 3, rows: 4 * breadth,
        multiply: {
          multiplyTile(
            Row3.self, 4 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row3.self, 4 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (_, ...breadth):
      Tile(
        slots: 4, rows: breadth,
        multiply: {
          multiplyTile(
            Row4.self, breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row4.self, breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    case (_, ...(2 * breadth)):
      Tile(
        slots: 4, rows: 2 * breadth,
        multiply: {
          multiplyTile(
            Row4.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row4.self, 2 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    default:
      Tile(
        slots: 4, rows: 3 * breadth,
        multiply: {
          multiplyTile(
            Row4.self, 3 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4, $6, 0)
        },
        asking: {
          multiplyTile(
            Row4.self, 3 * breadth, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        })
    }
  }

  static func correlate(_ slots: Int) -> Correlate {
    #if KERNELSAVX512
      if slots == 4 { return { correlateTile(Row4.self, $0, $1, $2, $3, $4, $5, $6, $7, $8) } }
    #endif
    return { correlateTile(Row2.self, $0, $1, $2, $3, $4, $5, $6, $7, $8) }
  }

  // Six rows of four vectors need more than 16 registers.
  static var correlateSlots: Int { 2 * breadth }
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

/// With 32 registers a tile has twice as many rows as with 16.
#if KERNELSAVX512
  private var breadth: Int { @inline(__always) get { 2 } }
#else
  private var breadth: Int { @inline(__always) get { 1 } }
#endif

/// Where the slots of a row start.
private struct Slots<Pointer: Strideable> where Pointer.Stride == Int {
  var (c0, c1, c2, c3): (Pointer, Pointer, Pointer, Pointer)

  @inline(__always) init(_ c: Pointer, _ slots: UnsafePointer<Int>, _ count: Int) {
    c0 = c.advanced(by: slots[0])
    c1 = count > 1 ? c.advanced(by: slots[1]) : c
    c2 = count > 2 ? c.advanced(by: slots[2]) : c
    c3 = count > 3 ? c.advanced(by: slots[3]) : c
  }

  /// Slots that lie side by side.
  @inline(__always) init(_ c: Pointer) {
    (c0, c1) = (c, c.advanced(by: slotColumns))
    (c2, c3) = (c.advanced(by: 2 * slotColumns), c.advanced(by: 3 * slotColumns))
  }
}

private typealias Sources = Slots<UnsafePointer<Float>>
private typealias Targets = Slots<UnsafeMutablePointer<Float>>

/// A row of a tile: one to four slots.
private protocol Row {
  static var slots: Int { get }
  init(_ value: Float)
  /// What lies at `place` from where each slot starts.
  init(_ from: Sources, _ place: Int)
  /// self += a · b
  mutating func add(_ a: Float, _ b: Self)
  func put(_ to: Targets, _ row: Int)
}

private struct Row1: Row {
  static var slots: Int { @inline(__always) get { 1 } }
  var v0: Vector

  @inline(__always) init(_ value: Float) { v0 = Vector(repeating: value) }

  @inline(__always) init(_ from: Sources, _ place: Int) { v0 = load(from.c0 + place) }

  @inline(__always) mutating func add(_ a: Float, _ b: Row1) {
    addProduct(&v0, Vector(repeating: a), b.v0)
  }

  @inline(__always) func put(_ to: Targets, _ row: Int) { store(v0, to.c0 + row) }
}

private struct Row2: Row {
  static var slots: Int { @inline(__always) get { 2 } }
  var (v0, v1): (Vector, Vector)

  @inline(__always) init(_ v0: Vector, _ v1: Vector) {
    (self.v0, self.v1) = (v0, v1)
  }

  @inline(__always) init(_ value: Float) {
    let value = Vector(repeating: value)
    self.init(value, value)
  }

  @inline(__always) init(_ from: Sources, _ place: Int) {
    self.init(load(from.c0 + place), load(from.c1 + place))
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row2) {
    let a = Vector(repeating: a)
    addProduct(&v0, a, b.v0)
    addProduct(&v1, a, b.v1)
  }

  @inline(__always) func put(_ to: Targets, _ row: Int) {
    store(v0, to.c0 + row)
    store(v1, to.c1 + row)
  }
}

private struct Row3: Row {
  static var slots: Int { @inline(__always) get { 3 } }
  var (v0, v1, v2): (Vector, Vector, Vector)

  @inline(__always) init(_ value: Float) {
    let value = Vector(repeating: value)
    (v0, v1, v2) = (value, value, value)
  }

  @inline(__always) init(_ from: Sources, _ place: Int) {
    (v0, v1, v2) = (load(from.c0 + place), load(from.c1 + place), load(from.c2 + place))
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row3) {
    let a = Vector(repeating: a)
    addProduct(&v0, a, b.v0)
    addProduct(&v1, a, b.v1)
    addProduct(&v2, a, b.v2)
  }

  @inline(__always) func put(_ to: Targets, _ row: Int) {
    store(v0, to.c0 + row)
    store(v1, to.c1 + row)
    store(v2, to.c2 + row)
  }
}

private struct Row4: Row {
  static var slots: Int { @inline(__always) get { 4 } }
  var (low, high): (Row2, Row2)

  @inline(__always) init(_ value: Float) { (low, high) = (Row2(value), Row2(value)) }

  @inline(__always) init(_ from: Sources, _ place: Int) {
    low = Row2(from, place)
    high = Row2(load(from.c2 + place), load(from.c3 + place))
  }

  @inline(__always) mutating func add(_ a: Float, _ b: Row4) {
    low.add(a, b.low)
    high.add(a, b.high)
  }

  @inline(__always) func put(_ to: Targets, _ row: Int) {
    low.put(to, row)
    store(high.v0, to.c2 + row)
    store(high.v1, to.c3 + row)
  }
}

/// Depths from which on it pays to ask for C: below, it is no sooner there.
private let fetchingDepth = 48

/// Asks for the lines of C, which come while the depth runs.
@inline(__always)
private func fetch(_ to: Targets, _ slots: Int, _ rows: Int, _ cRow: Int) {
  for row in 0..<rows {
    fetchToWrite(to.c0 + row * cRow)
    if slots > 1 { fetchToWrite(to.c1 + row * cRow) }
    if slots > 2 { fetchToWrite(to.c2 + row * cRow) }
    if slots > 3 { fetchToWrite(to.c3 + row * cRow) }
  }
}

/// A tile of at most twelve rows; A's are `aRow` floats apart, its depths `aStep`.
///
/// `rows` is a constant: what belongs to others is left out.
@inline(__always)
private func multiplyTile<R: Row>(
  _: R.Type, _ rows: Int, _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bSlots: UnsafePointer<Int>, _ bDepths: UnsafePointer<Int>,
  _ from: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
  _ c: UnsafeMutablePointer<Float>, _ cSlots: UnsafePointer<Int>, _ cRow: Int,
  _ next: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int
) {
  var s0 = R(0)
  var s1 = R(0)
  var s2 = R(0)
  var s3 = R(0)
  var s4 = R(0)
  var s5 = R(0)
  var s6 = R(0)
  var s7 = R(0)
  var s8 = R(0)
  var s9 = R(0)
  var s10 = R(0)
  var s11 = R(0)
  if let from {
    let (from, row) = (Sources(from), R.slots * slotColumns)
    s0 = R(from, 0)
    if rows > 1 { s1 = R(from, row) }
    if rows > 2 { s2 = R(from, 2 * row) }
    if rows > 3 { s3 = R(from, 3 * row) }
    if rows > 4 { s4 = R(from, 4 * row) }
    if rows > 5 { s5 = R(from, 5 * row) }
    if rows > 6 { s6 = R(from, 6 * row) }
    if rows > 7 { s7 = R(from, 7 * row) }
    if rows > 8 { s8 = R(from, 8 * row) }
    if rows > 9 { s9 = R(from, 9 * row) }
    if rows > 10 { s10 = R(from, 10 * row) }
    if rows > 11 { s11 = R(from, 11 * row) }
  } else if let bias {
    s0 = R(bias[0])
    if rows > 1 { s1 = R(bias[1]) }
    if rows > 2 { s2 = R(bias[2]) }
    if rows > 3 { s3 = R(bias[3]) }
    if rows > 4 { s4 = R(bias[4]) }
    if rows > 5 { s5 = R(bias[5]) }
    if rows > 6 { s6 = R(bias[6]) }
    if rows > 7 { s7 = R(bias[7]) }
    if rows > 8 { s8 = R(bias[8]) }
    if rows > 9 { s9 = R(bias[9]) }
    if rows > 10 { s10 = R(bias[10]) }
    if rows > 11 { s11 = R(bias[11]) }
  }
  let to = Targets(c, cSlots, R.slots)
  if depth >= fetchingDepth { fetch(to, R.slots, rows, cRow) }
  let b = Sources(b, bSlots, R.slots)
  var a = a
  @inline(__always) func add(_ d: Int) {
    let right = R(b, bDepths[d])
    s0.add(a[0], right)
    if rows > 1 { s1.add(a[aRow], right) }
    if rows > 2 { s2.add(a[2 * aRow], right) }
    if rows > 3 { s3.add(a[3 * aRow], right) }
    if rows > 4 { s4.add(a[4 * aRow], right) }
    if rows > 5 { s5.add(a[5 * aRow], right) }
    if rows > 6 { s6.add(a[6 * aRow], right) }
    if rows > 7 { s7.add(a[7 * aRow], right) }
    if rows > 8 { s8.add(a[8 * aRow], right) }
    if rows > 9 { s9.add(a[9 * aRow], right) }
    if rows > 10 { s10.add(a[10 * aRow], right) }
    if rows > 11 { s11.add(a[11 * aRow], right) }
    a += aStep
  }
  let asked = min(depth, count)
  for d in 0..<asked {
    fetchLine(next + places[d])
    add(d)
  }
  for d in asked..<depth { add(d) }
  s0.put(to, 0)
  if rows > 1 { s1.put(to, cRow) }
  if rows > 2 { s2.put(to, 2 * cRow) }
  if rows > 3 { s3.put(to, 3 * cRow) }
  if rows > 4 { s4.put(to, 4 * cRow) }
  if rows > 5 { s5.put(to, 5 * cRow) }
  if rows > 6 { s6.put(to, 6 * cRow) }
  if rows > 7 { s7.put(to, 7 * cRow) }
  if rows > 8 { s8.put(to, 8 * cRow) }
  if rows > 9 { s9.put(to, 9 * cRow) }
  if rows > 10 { s10.put(to, 10 * cRow) }
  if rows > 11 { s11.put(to, 11 * cRow) }
}

// The gradient of a convolution's weights: six places of the window against a row of channels.

/// C[6, two or four slots] (+)= Σ over d of A[row, d] · B[d, column]: both sides of A by offset.
///
/// Row i of A starts at `aRows[i]`, depth d lies `aDepths[d]` further: the pixels of a picture, seen
/// through a place of the window. B has one row of channels a pixel.
@inline(__always)
private func correlateTile<R: Row>(
  _: R.Type, _ depth: Int, _ a: UnsafePointer<Float>, _ aRows: UnsafePointer<Int>,
  _ aDepths: UnsafePointer<Int>, _ b: UnsafePointer<Float>, _ bRow: Int,
  _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulate: Bool
) {
  var s0 = R(0)
  var s1 = R(0)
  var s2 = R(0)
  var s3 = R(0)
  var s4 = R(0)
  var s5 = R(0)
  if accumulate {
    let c = Sources(UnsafePointer(c))
    s0 = R(c, 0)
    s1 = R(c, cRow)
    s2 = R(c, 2 * cRow)
    s3 = R(c, 3 * cRow)
    s4 = R(c, 4 * cRow)
    s5 = R(c, 5 * cRow)
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
    let right = R(Sources(b), 0)
    s0.add(a0[place], right)
    s1.add(a1[place], right)
    s2.add(a2[place], right)
    s3.add(a3[place], right)
    s4.add(a4[place], right)
    s5.add(a5[place], right)
    b += bRow
  }
  let to = Targets(c)
  s0.put(to, 0)
  s1.put(to, cRow)
  s2.put(to, 2 * cRow)
  s3.put(to, 3 * cRow)
  s4.put(to, 4 * cRow)
  s5.put(to, 5 * cRow)
}
