// What the machine can do at most: multiplications and additions that wait for nothing, and a sum of
// two arrays that does little but read and write.

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>, _ slot: Int) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(
    fromByteOffset: slot * MemoryLayout<Vector>.size, as: Vector.self)
}

/// x = x · a + b.
@inline(__always)
private func step(_ x: inout Vector, _ a: Vector, _ b: Vector) {
  #if KERNELSAVX512 || KERNELSAVX2
    x = b.addingProduct(x, a)
  #else
    x = x * a + b
  #endif
}

extension CompiledKernels {
  static var chainOperations: Int { 2 * 12 * slotColumns }

  /// Twelve chains of x = x · a + b: as many as hide the latency of an FMA and leave registers free.
  ///
  /// Each chain starts from numbers of its own (twelve vectors at `starts`), else the compiler would
  /// find that they are all the same and keep one. The sum goes to `starts`, so that none is left out.
  @inline(never)
  static func chain(_ turns: Int, _ factor: Float, _ starts: UnsafeMutablePointer<Float>) {
    let (a, b) = (Vector(repeating: factor), Vector(repeating: 1 - factor))
    var (x0, x1, x2) = (load(starts, 0), load(starts, 1), load(starts, 2))
    var (x3, x4, x5) = (load(starts, 3), load(starts, 4), load(starts, 5))
    var (x6, x7, x8) = (load(starts, 6), load(starts, 7), load(starts, 8))
    var (x9, x10, x11) = (load(starts, 9), load(starts, 10), load(starts, 11))
    for _ in 0..<turns {
      step(&x0, a, b)
      step(&x1, a, b)
      step(&x2, a, b)
      step(&x3, a, b)
      step(&x4, a, b)
      step(&x5, a, b)
      step(&x6, a, b)
      step(&x7, a, b)
      step(&x8, a, b)
      step(&x9, a, b)
      step(&x10, a, b)
      step(&x11, a, b)
    }
    let sum = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11
    UnsafeMutableRawPointer(starts).storeBytes(of: sum, as: Vector.self)
  }

  /// target = source + factor · other: the triad of STREAM.
  ///
  /// `count` is a multiple of 64.
  /// Source: McCalpin, "Memory bandwidth and machine balance", 1995.
  @inline(never)
  static func triad(
    _ count: Int, _ factor: Float, _ source: UnsafePointer<Float>, _ other: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let scale = Vector(repeating: factor)
    for slot in 0..<count / slotColumns {
      var sum = load(source, slot)
      #if KERNELSAVX512 || KERNELSAVX2
        sum.addProduct(load(other, slot), scale)
      #else
        sum += load(other, slot) * scale
      #endif
      UnsafeMutableRawPointer(target).storeBytes(
        of: sum, toByteOffset: slot * MemoryLayout<Vector>.size, as: Vector.self)
    }
  }
}
