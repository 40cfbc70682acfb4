// Moving floats: runs of pixels into a panel, rows copied and added, a sum.

@inline(__always)
private func move<Floats>(
  _ type: Floats.Type, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  UnsafeMutableRawPointer(target).storeBytes(
    of: UnsafeRawPointer(source).loadUnaligned(as: Floats.self), as: Floats.self)
}

/// Copies `count` floats, and touches none beside them: the last vector overlaps the one before.
@inline(__always)
private func copyRun(
  _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  let width = Vector.scalarCount
  if count >= width {
    var x = 0
    while x + width < count {
      move(Vector.self, source + x, target + x)
      x += width
    }
    move(Vector.self, source + count - width, target + count - width)
  } else if count >= 8 {
    move(SIMD8<Float>.self, source, target)
    move(SIMD8<Float>.self, source + count - 8, target + count - 8)
  } else if count >= 4 {
    move(SIMD4<Float>.self, source, target)
    move(SIMD4<Float>.self, source + count - 4, target + count - 4)
  } else {
    for x in 0..<count { target[x] = source[x] }
  }
}

extension CompiledKernels {
  /// Moves `width` floats (1, 4, 8 or 16) at a time into a panel: move i of a row goes from
  /// `sources[i]` to `targets[i]`.
  ///
  /// Row r is read `depths[r]` floats further on, and written `targetRow` floats apart.
  @inline(never)
  static func packMoves(
    _ width: Int, _ moves: Int, _ sources: UnsafePointer<Int>, _ targets: UnsafePointer<Int>,
    _ rows: Int, _ depths: UnsafePointer<Int>, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    @inline(__always) func pack<Floats>(_ type: Floats.Type) {
      for i in 0..<moves {
        let from = source + sources[i]
        var to = target + targets[i]
        for row in 0..<rows {
          move(type, from + depths[row], to)
          to += targetRow
        }
      }
    }
    switch width {
    case 16: pack(SIMD16<Float>.self)
    case 8: pack(SIMD8<Float>.self)
    case 4: pack(SIMD4<Float>.self)
    default: pack(Float.self)
    }
  }

  /// Copies `rows` rows of `count` floats.
  @inline(never)
  static func copyRows(
    _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    for row in 0..<rows { copyRun(count, source + row * sourceRow, target + row * targetRow) }
  }

  /// target += source for `rows` rows of `count` floats.
  @inline(never)
  static func addRows(
    _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    for row in 0..<rows {
      let (from, to) = (source + row * sourceRow, target + row * targetRow)
      for x in 0..<count { to[x] += from[x] }
    }
  }

  /// The sum of `count` floats, added in vectors.
  @inline(never)
  static func sum(_ count: Int, _ values: UnsafePointer<Float>) -> Float {
    let width = Vector.scalarCount
    var (even, odd) = (Vector.zero, Vector.zero)
    var x = 0
    while x + 2 * width <= count {
      even += UnsafeRawPointer(values + x).loadUnaligned(as: Vector.self)
      odd += UnsafeRawPointer(values + x + width).loadUnaligned(as: Vector.self)
      x += 2 * width
    }
    var total = (even + odd).sum()
    while x < count {
      total += values[x]
      x += 1
    }
    return total
  }
}
