// Loops over single elements, kept plain so that the compiler makes vectors of them.

/// values = max(0, values).
public func relu(_ values: UnsafeMutablePointer<Float>, count: Int) {
  for i in 0..<count { values[i] = values[i] > 0 ? values[i] : 0 }
}

/// Keeps a gradient where ReLU's output is positive, else it is 0.
public func reluBackward(
  output: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, count: Int
) {
  for i in 0..<count { gradient[i] = output[i] > 0 ? gradient[i] : 0 }
}

/// The sum of `count` floats, in sixteen partial sums so that vectors can do it.
public func sum(_ values: UnsafePointer<Float>, count: Int) -> Float {
  var partial = SIMD16<Float>.zero
  let whole = count & ~15
  var i = 0
  while i < whole {
    partial += UnsafeRawPointer(values + i).loadUnaligned(as: SIMD16<Float>.self)
    i += 16
  }
  var total = partial.sum()
  while i < count {
    total += values[i]
    i += 1
  }
  return total
}

/// target += values.
public func add(
  _ values: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
) {
  for i in 0..<count { target[i] += values[i] }
}

/// target[column, row] = source[row, column], rows `sourceStride` and `targetStride` floats apart.
public func transpose(
  rows: Int, columns: Int, from source: UnsafePointer<Float>, stride sourceStride: Int,
  to target: UnsafeMutablePointer<Float>, stride targetStride: Int
) {
  for column in 0..<columns {
    for row in 0..<rows {
      target[column * targetStride + row] = source[row * sourceStride + column]
    }
  }
}
