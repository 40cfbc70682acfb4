import KernelTable

// A matrix times a vector, column by column: y += x[i] · column i for listed columns, in their order.
//
// Four columns at a time, so that y is read and written a quarter as often. Each element of y is a
// chain of its own, so neither vectors nor the cuts of a list change a bit of it.

@inline(__always)
private func addProduct(_ sum: Float, _ a: Float, _ b: Float) -> Float {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

extension CompiledKernels {
  /// Lists where, from `first` to before `end`, values are not 0; returns how many there are.
  ///
  /// Every place is written, and the next one over it where it does not count: no branch is mispredicted.
  @inline(never)
  static func listValues(
    _ first: Int, _ end: Int, _ values: UnsafePointer<Float>, _ places: UnsafeMutablePointer<Int32>
  ) -> Int {
    var count = 0
    for i in first..<end {
      places[count] = Int32(truncatingIfNeeded: i)
      // The highest bit of x | -x is set unless x is 0; a comparison would become a branch.
      let bits = values[i].bitPattern &<< 1
      count &+= Int(truncatingIfNeeded: (bits | (0 &- bits)) &>> 31)
    }
    return count
  }

  /// Adds columns of `outputs` floats.
  @inline(never)
  static func addColumns(
    _ count: Int, _ places: UnsafePointer<Int32>, _ x: UnsafePointer<Float>,
    _ columns: UnsafePointer<Float>, _ outputs: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    let whole = count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
      let (p0, p1) = (Int(places[i]), Int(places[i + 1]))
      let (p2, p3) = (Int(places[i + 2]), Int(places[i + 3]))
      let (x0, x1, x2, x3) = (x[p0], x[p1], x[p2], x[p3])
      let (c0, c1) = (columns + p0 * outputs, columns + p1 * outputs)
      let (c2, c3) = (columns + p2 * outputs, columns + p3 * outputs)
      for o in 0..<outputs {
        let two = addProduct(addProduct(y[o], x0, c0[o]), x1, c1[o])
        y[o] = addProduct(addProduct(two, x2, c2[o]), x3, c3[o])
      }
    }
    for i in whole..<count {
      let (value, column) = (x[Int(places[i])], columns + Int(places[i]) * outputs)
      for o in 0..<outputs { y[o] = addProduct(y[o], value, column[o]) }
    }
  }

  static var halfColumns: HalfColumns? {
    #if os(Linux) && (KERNELSAVX512 || KERNELSAVX2)
      HalfColumns(narrow: narrowToHalves, add: addHalfColumns)
    #else
      nil
    #endif
  }
}

#if os(Linux) && (KERNELSAVX512 || KERNELSAVX2)
  // The processors of these sets convert 16-bit floats, eight or sixteen at a time.

  @inline(__always)
  private func wide(_ half: UInt16) -> Float { Float(Float16(bitPattern: half)) }

  /// Adds columns of `outputs` 16-bit floats.
  @inline(never)
  private func addHalfColumns(
    _ count: Int, _ places: UnsafePointer<Int32>, _ x: UnsafePointer<Float>,
    _ columns: UnsafePointer<UInt16>, _ outputs: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    let whole = count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
      let (p0, p1) = (Int(places[i]), Int(places[i + 1]))
      let (p2, p3) = (Int(places[i + 2]), Int(places[i + 3]))
      let (x0, x1, x2, x3) = (x[p0], x[p1], x[p2], x[p3])
      let (c0, c1) = (columns + p0 * outputs, columns + p1 * outputs)
      let (c2, c3) = (columns + p2 * outputs, columns + p3 * outputs)
      for o in 0..<outputs {
        let two = addProduct(addProduct(y[o], x0, wide(c0[o])), x1, wide(c1[o]))
        y[o] = addProduct(addProduct(two, x2, wide(c2[o])), x3, wide(c3[o]))
      }
    }
    for i in whole..<count {
      let (value, column) = (x[Int(places[i])], columns + Int(places[i]) * outputs)
      for o in 0..<outputs { y[o] = addProduct(y[o], value, wide(column[o])) }
    }
  }

  /// Narrows floats to 16 bits; false where that loses anything.
  @inline(never)
  private func narrowToHalves(
    _ count: Int, _ values: UnsafePointer<Float>, _ halves: UnsafeMutablePointer<UInt16>
  ) -> Bool {
    var differs: UInt32 = 0
    for i in 0..<count {
      let half = Float16(values[i]).bitPattern
      halves[i] = half
      differs |= wide(half).bitPattern ^ values[i].bitPattern
    }
    return differs == 0
  }
#endif
