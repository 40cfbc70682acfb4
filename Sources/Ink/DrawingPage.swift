/// A picture of a whole drawing at its own proportions, in one ink or each group in its own colour.
public struct DrawingPage {
  /// The widest page, in pixels; wider drawings are drawn smaller.
  public static let widest = 16_384

  private let strokes: [Stroke]
  private let box: Box
  private let scale: Double
  private let radius: Double
  private let shift: Point
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int

  /// Lays a drawing out on a page of `height` pixels; nil where there are no strokes.
  ///
  /// - Parameters:
  ///   - margin: white paper around the ink, in pixels, less than half of the height.
  ///   - penWidth: relative to the writing's size.
  public init?(_ strokes: [Stroke], height: Int, margin: Int, penWidth: Double) {
    guard let box = Box(around: strokes) else { return nil }
    self.strokes = strokes
    self.box = box
    self.height = height
    let size = writingSize(strokes)
    let pen = penWidth * size
    // A lone minus is not blown up to the whole height.
    let rows = Double(height - 2 * margin) / (max(box.height, size) + pen)
    scale = min(rows, Double(Self.widest - 2 * margin) / (box.width + pen))
    radius = max(0.5, pen * scale / 2)
    let columns = (box.width * scale + 2 * radius).rounded(.up)
    width = Int(columns, within: 1...Self.widest) + 2 * margin
    let left = Double(margin) + radius
    shift = Point(left, (Double(height) - box.height * scale) / 2)
  }

  /// The page in grey: dark ink on white paper, row by row.
  public func grey() -> [UInt8] {
    var page = Rasteriser(width: width, height: height, radius: Float(radius))
    for stroke in strokes { page.draw(line(of: stroke)) }
    return page.coverage().map { 255 - $0 }
  }

  /// The page in red, green and blue: each group in a colour of its own, other strokes in grey.
  ///
  /// Groups that overlap, as a lattice's do, cannot all be shown: the projection's chain takes their
  /// place.
  public func coloured(_ groups: [Group]) -> [UInt8] {
    let chain = Group.isChain(groups) ? groups : Projection.groups(strokes)
    var samples = [UInt8](repeating: 255, count: 3 * width * height)
    let grouped = Set(chain.flatMap(\.strokes))
    let left = strokes.indices.filter { !grouped.contains($0) }
    blend(left, colour: SIMD3(150, 150, 150), into: &samples)
    for (number, group) in chain.enumerated() {
      blend(group.strokes, colour: groupColours[number % groupColours.count], into: &samples)
    }
    return samples
  }

  private func blend(_ members: [Int], colour: SIMD3<Int>, into samples: inout [UInt8]) {
    let lines = members.map { line(of: strokes[$0]) }
    guard let area = pixels(of: lines) else { return }
    var patch = Rasteriser(
      width: area.columns.count, height: area.rows.count, radius: Float(radius))
    let corner = SIMD2(Float(area.columns.lowerBound), Float(area.rows.lowerBound))
    for line in lines { patch.draw(line.map { $0 - corner }) }
    var ink = patch.coverage().makeIterator()
    for y in area.rows {
      for x in area.columns {
        guard let coverage = ink.next(), coverage > 0 else { continue }
        for channel in 0..<3 {
          let place = 3 * (y * width + x) + channel
          let paper = Int(samples[place]) * (255 - Int(coverage))
          samples[place] = UInt8((paper + colour[channel] * Int(coverage) + 127) / 255)
        }
      }
    }
  }

  private func line(of stroke: Stroke) -> [SIMD2<Float>] {
    stroke.points.map { SIMD2<Float>(($0 - box.lower) * scale + shift) }
  }

  /// The part of the page that the pen can reach along some lines.
  private func pixels(of lines: [[SIMD2<Float>]]) -> (columns: Range<Int>, rows: Range<Int>)? {
    guard
      let box = lines.joined().reduce(
        nil as Box?,
        { box, point in
          let here = Box(around: [Point(point)])
          return box?.union(here) ?? here
        })
    else { return nil }
    func range(_ low: Double, _ high: Double, _ limit: Int) -> Range<Int> {
      let first = Int((low - radius - 1).rounded(.down), within: 0...limit - 1)
      let last = Int((high + radius + 1).rounded(.up), within: first...limit - 1)
      return first..<last + 1
    }
    return (range(box.lower.x, box.upper.x, width), range(box.lower.y, box.upper.y, height))
  }
}

/// Colours that most colour-blind readers tell apart, dark enough for white paper (after Okabe and Ito,
/// "Color Universal Design", 2008), neighbours unlike.
private let groupColours: [SIMD3<Int>] = [
  SIMD3(0, 114, 178), SIMD3(213, 94, 0), SIMD3(0, 158, 115), SIMD3(204, 121, 167),
  SIMD3(20, 20, 20), SIMD3(230, 159, 0), SIMD3(86, 180, 233),
]
