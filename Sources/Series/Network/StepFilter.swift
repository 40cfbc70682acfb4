import Tensor

/// Winograd's minimal filtering over steps: some neighbouring outputs of a kernel from fewer products.
///
/// F(m, r): m outputs of r taps are m · r products, or m + r - 1 of sums of steps with sums of taps, one for each
/// point of a polynomial. Of the three days of a network of 20 days that is 5 in place of 8.
/// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016; the matrices are those of
/// Toom and Cook at the points 0, 1, -1, 2, -2 and infinity.
struct StepFilter {
  /// Products of a channel.
  let points: Int
  /// `[point][step]`: from the steps that windows see to points.
  let input: FloatBuffer
  /// `[step][point]`: from the gradients of points to those of the steps.
  let inputBackward: FloatBuffer
  /// `[output][point]`: from products to outputs.
  let output: FloatBuffer
  /// `[point][output]`: from the gradients of outputs to those of the products.
  let outputBackward: FloatBuffer
  /// `[point][tap]`: from taps to points.
  let taps: FloatBuffer

  /// The finite points: more of them would have larger errors.
  private static let places = [0.0, 1, -1, 2, -2]

  /// The filter for some neighbouring outputs, or nil where they are not more than a fifth fewer than `products`.
  ///
  /// `seen` says which of the outputs' steps there are: the others are zero.
  init?(outputs: Int, kernel: Int, seen: Range<Int>, products: Int) {
    let points = outputs + kernel - 1
    guard outputs > 1, kernel > 1, points <= Self.places.count + 1, 5 * points < 4 * products
    else { return nil }
    self.points = points
    let places = Self.places.prefix(points - 1)
    /// The coefficients of the product of x - p over some points.
    func polynomial(_ points: some Sequence<Double>) -> [Double] {
      points.reduce([1]) { product, point in
        zip([0] + product, product + [0]).map { $0 - point * $1 }
      }
    }
    func powers(_ base: Double, _ count: Int) -> [Double] {
      (0..<count).map { (0..<$0).reduce(1) { power, _ in power * base } }
    }
    var (steps, outs, taps) = ([[Double]](), [[Double]](), [[Double]]())
    for place in places {
      let others = places.filter { $0 != place }
      let scale = others.reduce(1) { $0 * (place - $1) }
      steps.append(polynomial(others) + [0])
      outs.append(powers(place, outputs))
      taps.append(powers(place, kernel).map { $0 / scale })
    }
    steps.append(polynomial(places))
    outs.append([Double](repeating: 0, count: outputs - 1) + [1])
    taps.append([Double](repeating: 0, count: kernel - 1) + [1])
    self.taps = Self.buffer(taps)
    let input = steps.map { Array($0[seen]) }
    (self.input, inputBackward) = (Self.buffer(input), Self.buffer(Self.turned(input)))
    (output, outputBackward) = (Self.buffer(Self.turned(outs)), Self.buffer(outs))
  }

  private static func turned(_ rows: [[Double]]) -> [[Double]] {
    (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
  }

  private static func buffer(_ rows: [[Double]]) -> FloatBuffer {
    let values = rows.flatMap { $0.map { Float($0) } }
    let buffer = FloatBuffer(values.count)
    for (place, value) in values.enumerated() { buffer.start[place] = value }
    return buffer
  }
}
