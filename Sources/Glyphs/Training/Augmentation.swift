import Ink
import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far glyphs are bent while training; every measure is a largest value.
public struct Augmentation: Equatable, Sendable {
  /// Turned by, in degrees.
  public var rotation: Float = 9
  /// Scaled by up to this factor, or its inverse, in each direction by itself.
  public var scale: Float = 1.15
  /// Sheared: pixels along x for each along y.
  public var shear: Float = 0.15
  /// Shifted by, in pixels of 28.
  public var shift: Float = 1
  /// Bent by: the deviation of a grid of 5×5 knots, in pixels of 28.
  public var bend: Float = 1
  /// The pen's width for ink, by up to this factor or its inverse.
  public var pen: Float = 1.8
  /// Ink sheared further: half of it leans by up to this for each along y.
  public var slant: Float = 0.25
  /// The share of ink drawn as another device would: with points left out, shaking, or on a coarse grid.
  public var device: Float = 0.4
  /// The share of pictures left as they are.
  ///
  /// Bending blurs, and a network that never saw a sharp
  /// picture takes one for ink: without this 8 % of MNIST's own training pictures are misread.
  public var untouched: Float = 0.35

  /// The default measures.
  public init() {}
}

/// A smooth random map of the plane: an affine map and a bend.
///
/// Source of the idea: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks
/// applied to visual document analysis", 2003. Instead of filtered noise, knots are interpolated.
struct Warp {
  private static let knots = 5
  private var xx, xy, yx, yy: Float
  private var bends = [SIMD2<Float>](repeating: .zero, count: knots * knots)

  /// A map drawn at random.
  init(_ measures: Augmentation, _ random: inout RandomNumbers) {
    let angle = random.spread(measures.rotation) * .pi / 180
    let across = exp(random.spread(log(measures.scale)))
    let down = exp(random.spread(log(measures.scale)))
    let shear = random.spread(measures.shear)
    let (cosine, sine) = (cos(angle), sin(angle))
    xx = across * cosine
    xy = across * (shear * cosine - sine)
    yx = down * sine
    yy = down * (shear * sine + cosine)
    for knot in bends.indices {
      bends[knot] = SIMD2(random.normal(), random.normal()) * measures.bend
    }
  }

  /// Where a point goes; coordinates are pixels from the middle of 28×28.
  @inline(__always)
  func callAsFunction(_ x: Float, _ y: Float) -> SIMD2<Float> {
    let knots = Self.knots
    let limit = Float(knots - 1) - 0.001
    let u = max(0, min(limit, (x + 14) * Float(knots - 1) / 28))
    let v = max(0, min(limit, (y + 14) * Float(knots - 1) / 28))
    let (i, j) = (Int(u, within: 0...knots - 2), Int(v, within: 0...knots - 2))
    let (fu, fv) = (u - Float(i), v - Float(j))
    let bend = bends.withUnsafeBufferPointer { bends in
      let place = j * knots + i
      let top = bends[place] * (1 - fu) + bends[place + 1] * fu
      let bottom = bends[place + knots] * (1 - fu) + bends[place + knots + 1] * fu
      return top * (1 - fv) + bottom * fv
    }
    return SIMD2(xx * x + xy * y, yx * x + yy * y) + bend
  }
}

extension Augmentation {
  /// Draws a 28×28 picture bent at random, in values from 0 to 255.
  ///
  /// Pixels are interpolated by cubics (Keys, 1981), since straight lines between pixels blur.
  func bend(
    _ image: UnsafePointer<UInt8>, _ random: inout RandomNumbers,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let side = Glyph.side
    let warp = Warp(self, &random)
    let move = SIMD2(random.spread(shift), random.spread(shift)) + 13.5
    let margin = 6
    let stride = side + 2 * margin
    withUnsafeTemporaryAllocation(of: Float.self, capacity: stride * stride) { padded in
      guard let padded = padded.baseAddress else { return }
      padded.update(repeating: 0, count: stride * stride)
      for y in 0..<side {
        for x in 0..<side {
          padded[(y &+ margin) &* stride &+ x &+ margin] = Float(image[y &* side &+ x])
        }
      }
      for y in 0..<side {
        for x in 0..<side {
          let from = warp(Float(x) - 13.5, Float(y) - 13.5) + move
          target[y &* side &+ x] = interpolate(padded, from, margin: margin)
        }
      }
    }
  }

  /// Bends the strokes of a symbol at random and draws them with a pen of random width.
  func draw(_ symbol: InkSymbol, _ random: inout RandomNumbers) -> [UInt8] {
    let warp = Warp(self, &random)
    let width = Pen.defaultWidth * Double(exp(random.spread(log(pen))))
    guard let box = Box(around: symbol.strokes) else { return [] }
    // The bend is relative to the symbol as it will lie in 20 of 28 pixels; a dot is not blown up.
    let extent = max(box.width, box.height, 0.1 * symbol.writingSize)
    let scale = extent > 0 ? 20 / extent : 1
    let placed = symbol.strokes.map { stroke in
      Stroke(stroke.points.map { ($0 - box.center) * scale })
    }
    return Glyph.image(
      strokes: bend(placed, by: warp, &random), writingSize: symbol.writingSize * scale,
      penWidth: width)
  }

  /// Bends strokes that lie around the middle of 28×28 pixels, as another hand and device would have them.
  func bend(_ strokes: [Stroke], by warp: Warp, _ random: inout RandomNumbers) -> [Stroke] {
    let slant = random.uniform() < 0.5 ? random.spread(slant) : 0
    let drawn = random.uniform() < device ? DeviceSampling(&random) : nil
    return strokes.map { stroke in
      let points = stroke.points.map { place in
        let moved = warp(Float(place.x), Float(place.y))
        return Point(Double(moved.x - slant * moved.y), Double(moved.y))
      }
      return Stroke(drawn?.sampled(points, &random) ?? points)
    }
  }
}

/// The value at a place of a 28×28 picture with a margin of at least six black pixels on each side.
@inline(__always)
private func interpolate(
  _ padded: UnsafePointer<Float>, _ place: SIMD2<Float>, margin: Int
) -> Float {
  let side = Glyph.side
  let stride = side + 2 * margin
  // Everything further out is black.
  let limit = Float(side) + 2
  let u = max(-4, min(limit, place.x))
  let v = max(-4, min(limit, place.y))
  let left = u.rounded(.down)
  let top = v.rounded(.down)
  let across = cubic(u - left)
  let down = cubic(v - top)
  let reach = -4...side + 2
  let row = Int(top, within: reach) + margin - 1
  let first = padded + (row * stride + Int(left, within: reach) + margin - 1)
  var sum = SIMD4<Float>.zero
  for tap in 0..<4 {
    let four = UnsafeRawPointer(first + tap * stride).loadUnaligned(as: SIMD4<Float>.self)
    sum += four * down[tap]
  }
  return max(0, min(255, (sum * across).sum()))
}

/// The weights of four neighbours for a place `t` behind the second: Catmull and Rom's spline.
@inline(__always)
private func cubic(_ t: Float) -> SIMD4<Float> {
  let t2 = t * t
  let t3 = t2 * t
  let first: Float = -0.5 * t3 + t2 - 0.5 * t
  let second: Float = 1.5 * t3 - 2.5 * t2 + 1
  let third: Float = -1.5 * t3 + 2 * t2 + 0.5 * t
  let fourth: Float = 0.5 * t3 - 0.5 * t2
  return SIMD4(first, second, third, fourth)
}
