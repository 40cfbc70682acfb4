// Maximum over 2×2 pixels, eight outputs at a time.
//
// Whole vectors are read, up to 16 floats behind the last plane; only what belongs to a plane is
// written. What is left of a row goes through a spare vector. Which pixel of a square won is kept in a
// byte, a sixteenth of the square, so that the pixels need not be kept for the way back.

private typealias Pixels = SIMD16<Float>
private typealias Outputs = SIMD8<Float>
private typealias Places = SIMD8<Int32>

@inline(__always)
private func load<Floats>(_ type: Floats.Type, _ pointer: UnsafePointer<Float>) -> Floats {
  UnsafeRawPointer(pointer).loadUnaligned(as: Floats.self)
}

@inline(__always)
private func store<Floats>(_ value: Floats, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Floats.self)
}

/// Each value twice.
@inline(__always)
private func twice(_ values: Outputs) -> Pixels {
  var pair = Pixels()
  pair.evenHalf = values
  pair.oddHalf = values
  return pair
}

/// Each number twice.
@inline(__always)
private func twice(_ values: Places) -> SIMD16<Int32> {
  var pair = SIMD16<Int32>()
  pair.evenHalf = values
  pair.oddHalf = values
  return pair
}

/// Moves fewer than 16 floats.
@inline(__always)
private func move(
  _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  var i = 0
  if count & 8 != 0 {
    store(load(SIMD8<Float>.self, source), target)
    i = 8
  }
  if count & 4 != 0 {
    store(load(SIMD4<Float>.self, source + i), target + i)
    i += 4
  }
  if count & 2 != 0 {
    store(load(SIMD2<Float>.self, source + i), target + i)
    i += 2
  }
  if count & 1 != 0 { target[i] = source[i] }
}

@inline(__always)
private func larger(_ one: Outputs, _ other: Outputs) -> Outputs {
  one.replacing(with: other, where: other .> one)
}

extension CompiledKernels {
  /// output = max(floor, the pixels of each square), plane by plane.
  ///
  /// `winners`, where wanted, says which pixel that was: 0 and 1 above, 2 and 3 below, the first of
  /// equals, 4 for `floor`; it needs room for 8 more. `spare` is room for 8 floats.
  @inline(never)
  static func maxPool(
    _ planes: Int, _ height: Int, _ width: Int, _ floor: Float, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ winners: UnsafeMutablePointer<UInt8>?,
    _ spare: UnsafeMutablePointer<Float>
  ) {
    let (rows, count) = (height / 2, width / 2)
    let least = Outputs(repeating: floor)
    for plane in 0..<planes {
      for row in 0..<rows {
        let top = input + (plane * height + 2 * row) * width
        let place = (plane * rows + row) * count
        for i in stride(from: 0, to: count, by: 8) {
          let upper = load(Pixels.self, top + 2 * i)
          let lower = load(Pixels.self, top + width + 2 * i)
          let (first, second) = (upper.evenHalf, upper.oddHalf)
          let third = lower.evenHalf
          let best = larger(larger(first, second), larger(third, lower.oddHalf))
          let isWhole = i + 8 <= count
          store(larger(least, best), isWhole ? output + place + i : spare)
          if !isWhole { move(count - i, spare, output + place + i) }
          guard let winners else { continue }
          var winner = Places(repeating: 3)
          winner.replace(with: Places(repeating: 2), where: third .== best)
          winner.replace(with: Places(repeating: 1), where: second .== best)
          winner.replace(with: Places.zero, where: first .== best)
          winner.replace(with: Places(repeating: 4), where: best .<= least)
          UnsafeMutableRawPointer(winners + place + i).storeBytes(
            of: SIMD8<UInt8>(truncatingIfNeeded: winner), as: SIMD8<UInt8>.self)
        }
      }
    }
  }

  /// Gives each output's gradient to the pixel that won, and 0 to the others.
  @inline(never)
  static func maxPoolBackward(
    _ planes: Int, _ height: Int, _ width: Int, _ winners: UnsafePointer<UInt8>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>,
    _ spare: UnsafeMutablePointer<Float>
  ) {
    let (rows, count) = (height / 2, width / 2)
    let zero = Pixels.zero
    var upper = SIMD16<Int32>.zero
    upper.oddHalf = Places(repeating: 1)
    let lower = upper &+ 2
    for plane in 0..<planes {
      for row in 0..<rows {
        let first = (plane * height + 2 * row) * width
        let place = (plane * rows + row) * count
        for i in stride(from: 0, to: count, by: 8) {
          let gradient = twice(load(Outputs.self, gradOutput + place + i))
          let winner = twice(
            Places(
              truncatingIfNeeded: UnsafeRawPointer(winners + place + i).loadUnaligned(
                as: SIMD8<UInt8>.self)))
          let isWhole = i + 8 <= count
          let to = gradInput + first + 2 * i
          store(zero.replacing(with: gradient, where: winner .== upper), isWhole ? to : spare)
          store(
            zero.replacing(with: gradient, where: winner .== lower),
            isWhole ? to + width : spare + 16
          )
          if !isWhole {
            move(2 * (count - i), spare, to)
            move(2 * (count - i), spare + 16, to + width)
          }
        }
        if width % 2 == 1 {
          gradInput[first + width - 1] = 0
          gradInput[first + 2 * width - 1] = 0
        }
      }
      if height % 2 == 1 {
        let last = gradInput + (plane * height + height - 1) * width
        for x in 0..<width { last[x] = 0 }
      }
    }
  }
}
