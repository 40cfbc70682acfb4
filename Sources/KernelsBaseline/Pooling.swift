// Maximum over 2×2 pixels, eight outputs at a time.
//
// Whole vectors are read, up to 16 floats behind the last plane; only what belongs to a plane is
// written, so that gradients may take the place of the pixels. What is left of a row goes through a
// spare vector.

private typealias Pixels = SIMD16<Float>
private typealias Outputs = SIMD8<Float>

@inline(__always)
private func load<Floats>(_ type: Floats.Type, _ pointer: UnsafePointer<Float>) -> Floats {
  UnsafeRawPointer(pointer).loadUnaligned(as: Floats.self)
}

@inline(__always)
private func store<Floats>(_ value: Floats, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Floats.self)
}

// For each type by itself: what is generic compares float by float.
@inline(__always)
private func larger(_ one: Outputs, _ other: Outputs) -> Outputs {
  one.replacing(with: other, where: other .> one)
}

@inline(__always)
private func larger(_ one: Pixels, _ other: Pixels) -> Pixels {
  one.replacing(with: other, where: other .> one)
}

/// Each value twice.
@inline(__always)
private func twice(_ values: Outputs) -> Pixels {
  var pair = Pixels()
  pair.evenHalf = values
  pair.oddHalf = values
  return pair
}

/// Neighbours exchanged.
@inline(__always)
private func exchanged(_ values: Pixels) -> Pixels {
  var pair = Pixels()
  pair.evenHalf = values.oddHalf
  pair.oddHalf = values.evenHalf
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

/// output = max(floor, the pixels of each square), plane by plane; `spare` is room for 32 floats.
@inline(never)
public func maxPool(
  _ planes: Int, _ height: Int, _ width: Int, _ floor: Float, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, _ spare: UnsafeMutablePointer<Float>
) {
  let (rows, count) = (height / 2, width / 2)
  let least = Outputs(repeating: floor)
  for plane in 0..<planes {
    for row in 0..<rows {
      let top = input + (plane * height + 2 * row) * width
      let to = output + (plane * rows + row) * count
      for i in stride(from: 0, to: count, by: 8) {
        let upper = load(Pixels.self, top + 2 * i)
        let lower = load(Pixels.self, top + width + 2 * i)
        let best = larger(
          larger(upper.evenHalf, upper.oddHalf), larger(lower.evenHalf, lower.oddHalf))
        let isWhole = i + 8 <= count
        store(larger(least, best), isWhole ? to + i : spare)
        if !isWhole { move(count - i, spare, to + i) }
      }
    }
  }
}

/// Gives each output's gradient to the first of its four pixels that is the largest and above `floor`.
@inline(never)
public func maxPoolBackward(
  _ planes: Int, _ height: Int, _ width: Int, _ floor: Float, _ input: UnsafePointer<Float>,
  _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>,
  _ spare: UnsafeMutablePointer<Float>
) {
  let (rows, count) = (height / 2, width / 2)
  let zero = Pixels.zero
  let least = Pixels(repeating: floor)
  // What left pixels are compared with in place of a left neighbour: equal to nothing.
  var none = Pixels.zero
  none.evenHalf = Outputs(repeating: .nan)
  for plane in 0..<planes {
    for row in 0..<rows {
      let first = (plane * height + 2 * row) * width
      let place = (plane * rows + row) * count
      for i in stride(from: 0, to: count, by: 8) {
        let upper = load(Pixels.self, input + first + 2 * i)
        let lower = load(Pixels.self, input + first + width + 2 * i)
        let (upperOther, lowerOther) = (exchanged(upper), exchanged(lower))
        let value = larger(larger(upper, upperOther), larger(lower, lowerOther))
        let gradient = zero.replacing(
          with: twice(load(Outputs.self, gradOutput + place + i)), where: value .> least)
        // A pixel takes the gradient unless its left neighbour has, or one of the row above.
        let upperTaken = zero.replacing(with: gradient, where: upper .== value)
        let rest = gradient.replacing(with: zero, where: upper .== value)
          .replacing(with: zero, where: upperOther .== value)
        let lowerTaken = zero.replacing(with: rest, where: lower .== value)
        let isWhole = i + 8 <= count
        let to = gradInput + first + 2 * i
        store(
          upperTaken.replacing(with: zero, where: (upperOther + none) .== value),
          isWhole ? to : spare)
        store(
          lowerTaken.replacing(with: zero, where: (lowerOther + none) .== value),
          isWhole ? to + width : spare + 16)
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
