/// The pen that ink is drawn with.
public enum Pen {
  /// Width relative to the size of the writing: digits of ink come out as bold as MNIST's.
  public static let defaultWidth = 0.12
}

/// A picture of one group of strokes, large enough that what MNIST's normalisation makes of it loses
/// nothing: the larger side of the ink, pen included, is 72 pixels whatever its own scale.
///
/// The ink starts exactly at the margin, so that its place on the paper leaves no trace.
public struct GroupPage {
  /// The larger side of the ink, in pixels.
  public static let inkSide = 72
  /// White paper around the ink, in pixels.
  public static let margin = 2

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Dark ink on white paper, row by row.
  public let samples: [UInt8]

  /// Draws strokes with a pen of a width in the ink's own unit; without strokes it is one white pixel.
  public init(_ strokes: some Collection<Stroke>, pen: Double) {
    guard let box = Box(around: strokes) else {
      (width, height, samples) = (1, 1, [255])
      return
    }
    let size = max(box.width, box.height)
    // What is too small to divide by is a dot, without extent.
    let dot = size + pen < Box.leastSide
    let side = Double(Self.inkSide)
    // The thinnest line is one pixel wide, else it would fall between the pixels.
    let radius = dot ? side / 2 : max(0.5, side / 2 * pen / (size + pen))
    let scale = dot || size < Box.leastSide ? 0 : (side - 2 * radius) / size
    let shift = Double(Self.margin) + radius
    // Rounding errors must not add a column: a thousandth of a pixel holds no ink.
    func pixels(_ length: Double) -> Int {
      let ink = (length * scale + 2 * radius - 1e-3).rounded(.up)
      return Int(ink, within: 1...Self.inkSide) + 2 * Self.margin
    }
    width = pixels(box.width)
    height = pixels(box.height)
    var page = Rasteriser(width: width, height: height, radius: Float(radius))
    var line: [SIMD2<Float>] = []
    for stroke in strokes {
      line.removeAll(keepingCapacity: true)
      for point in stroke.points {
        line.append(SIMD2<Float>((point - box.lower) * scale + shift))
      }
      page.draw(line)
    }
    samples = page.coverage().map { 255 - $0 }
  }
}
