// Maximum over 2×2 pixels, eight outputs at a time.
//
// Whole vectors are moved: up to 16 floats behind a row are read, and up to 8 (forward) or 16
// (backward) are written; rows that are worked on in order repair each other.

private typealias Pixels = SIMD16<Float>
private typealias Outputs = SIMD8<Float>

@inline(__always)
private func pixels(_ pointer: UnsafePointer<Float>) -> Pixels {
  UnsafeRawPointer(pointer).loadUnaligned(as: Pixels.self)
}

@inline(__always)
private func outputs(_ pointer: UnsafePointer<Float>) -> Outputs {
  UnsafeRawPointer(pointer).loadUnaligned(as: Outputs.self)
}

@inline(__always)
private func larger(_ one: Outputs, _ other: Outputs) -> Outputs {
  one.replacing(with: other, where: other .> one)
}

/// output[i] = max(floor, row0[2i], row0[2i + 1], row1[2i], row1[2i + 1]).
@inline(never)
public func maxPoolRow(
  _ count: Int, _ row0: UnsafePointer<Float>, _ row1: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, _ floor: Float
) {
  var i = 0
  while i < count {
    let (top, bottom) = (pixels(row0 + 2 * i), pixels(row1 + 2 * i))
    let best = larger(
      larger(top.evenHalf, top.oddHalf), larger(bottom.evenHalf, bottom.oddHalf))
    UnsafeMutableRawPointer(output + i).storeBytes(
      of: larger(Outputs(repeating: floor), best), as: Outputs.self)
    i += 8
  }
}

/// Gives each output's gradient to the first of its four pixels that equals it, unless it is `floor`.
@inline(never)
public func maxPoolRowBackward(
  _ count: Int, _ row0: UnsafePointer<Float>, _ row1: UnsafePointer<Float>,
  _ output: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>, _ floor: Float,
  _ gradRow0: UnsafeMutablePointer<Float>, _ gradRow1: UnsafeMutablePointer<Float>
) {
  let zero = Outputs.zero
  // The upper row is done before the lower one, whose start it may overwrite.
  for part in 0..<2 {
    let lower = part == 1
    var i = 0
    while i < count {
      let top = pixels(row0 + 2 * i)
      let value = outputs(output + i)
      let gradient = zero.replacing(
        with: outputs(gradOutput + i), where: value .> Outputs(repeating: floor))
      let (first, second) = (top.evenHalf .== value, top.oddHalf .== value)
      var pair = Pixels.zero
      if lower {
        let bottom = pixels(row1 + 2 * i)
        let left = gradient.replacing(with: zero, where: first .| second)
        let third = bottom.evenHalf .== value
        pair.evenHalf = zero.replacing(with: left, where: third)
        pair.oddHalf = zero.replacing(
          with: left.replacing(with: zero, where: third), where: bottom.oddHalf .== value)
      } else {
        pair.evenHalf = zero.replacing(with: gradient, where: first)
        pair.oddHalf = zero.replacing(
          with: gradient.replacing(with: zero, where: first), where: second)
      }
      UnsafeMutableRawPointer((lower ? gradRow1 : gradRow0) + 2 * i).storeBytes(
        of: pair, as: Pixels.self)
      i += 8
    }
  }
}
