// Moving floats: runs of pixels into a panel, pixels and channels exchanged, planes added.

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

/// Copies `rows` rows of pieces: piece i of a row goes from `starts[i]` to behind the piece before it.
///
/// Row r is read `depths[r]` floats further on, and written `targetRow` floats apart.
@inline(never)
public func packRuns(
  _ rows: Int, _ depths: UnsafePointer<Int>, _ runs: Int, _ lengths: UnsafePointer<Int>,
  _ starts: UnsafePointer<Int>, _ source: UnsafePointer<Float>,
  _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
) {
  for row in 0..<rows {
    let from = source + depths[row]
    var to = target + row * targetRow
    for run in 0..<runs {
      copyRun(lengths[run], from + starts[run], to)
      to += lengths[run]
    }
  }
}

/// Copies `rows` rows of `count` floats.
@inline(never)
public func copyRows(
  _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
  _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
) {
  for row in 0..<rows { copyRun(count, source + row * sourceRow, target + row * targetRow) }
}

/// target += source for `rows` rows of `count` floats.
@inline(never)
public func addRows(
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
public func sumOf(_ count: Int, _ values: UnsafePointer<Float>) -> Float {
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
