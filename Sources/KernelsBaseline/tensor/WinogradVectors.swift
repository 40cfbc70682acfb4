// What Winograd's transforms, and mixed rows, do with whole vectors.

@inline(__always)
func loadVector(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func storeVector(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
}

/// Stores a value plus a bias, where there is one.
@inline(__always)
func storeVector(_ value: Vector, plus bias: Vector?, _ pointer: UnsafeMutablePointer<Float>) {
  guard let bias else { return storeVector(value, pointer) }
  storeVector(value + bias, pointer)
}

/// sum + factor · value.
@inline(__always)
func fused(_ sum: Vector, _ factor: Float, _ value: Vector) -> Vector {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addingProduct(Vector(repeating: factor), value)
  #else
    sum + Vector(repeating: factor) * value
  #endif
}

/// The same of one float, as a vector's lane has it.
@inline(__always)
func fused(_ sum: Float, _ factor: Float, _ value: Float) -> Float {
  #if KERNELSAVX512 || KERNELSAVX2
    sum.addingProduct(factor, value)
  #else
    sum + factor * value
  #endif
}
