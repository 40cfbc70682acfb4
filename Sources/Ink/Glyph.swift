/// MNIST's normalisation: the ink's box scaled to fill 20×20 pixels keeping its aspect, and its centre
/// of mass put in the middle of pixel (14, 14) of 28×28.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". MNIST shifts by
/// whole pixels, which leaves its centres of mass spread evenly over 14.0 ..< 15.0 in both directions
/// (measured: mean 14.50, deviation 0.29). Here the shift is exact, by the same weights that scale, so
/// that moving or scaling the ink leaves the glyph alone.
public enum Glyph {
  /// The side of a glyph, in pixels.
  public static let side = 28
  /// The larger side of the ink in it, in pixels, as MNIST has it.
  public static let box = 20
  /// The pixels of a glyph.
  public static let count = side * side

  /// The glyph of a picture in grey that `strokes2png` drew of a group: 28×28 bytes row by row, 255 is
  /// ink; all 0 for a blank picture.
  ///
  /// The paper is the median of the border's pixels; ink is what departs from it, to the side that
  /// departs further. What departs by less than 1/32 of the strongest ink is paper too.
  /// - Parameters:
  ///   - samples: width × height bytes, row by row.
  ///   - box: the side of the square that the ink fills, 1...28.
  public static func normalise(
    _ samples: [UInt8], width: Int, height: Int, box: Int = Glyph.box
  ) -> [UInt8] {
    let paper = median(borderCounts(samples, width: width, height: height))
    let darkest = Int(samples.min() ?? 0)
    let lightest = Int(samples.max() ?? 0)
    let isDark = paper - darkest >= lightest - paper
    let contrast = isDark ? paper - darkest : lightest - paper
    let ink = inkLevels(samples, paper: paper, isDark: isDark, contrast: contrast)
    return glyph(of: ink, width: width, height: height, box: box)
  }

  /// The glyph of any other picture in grey, of whatever pen, paper and frame.
  ///
  /// - Parameters:
  ///   - samples: width × height bytes, row by row.
  ///   - box: the side of the square that the ink fills, 1...28.
  public static func ofPicture(
    _ samples: [UInt8], width: Int, height: Int, box: Int = Glyph.box
  ) -> [UInt8] {
    let ink = PictureInk(samples, width: width, height: height)
    if let frame = Frame(of: ink.levels, width: ink.width, height: ink.height),
      let thick = ThickenedInk(
        ink.levels, width: ink.width, columns: frame.columns, rows: frame.rows, box: box)
    {
      return glyph(of: thick.levels, width: thick.width, height: thick.height, box: box)
    }
    return glyph(of: ink.levels, width: ink.width, height: ink.height, box: box)
  }

  /// Ink scaled into the box and centred; all 0 where there is none.
  private static func glyph(of ink: [UInt8], width: Int, height: Int, box: Int) -> [UInt8] {
    guard let frame = Frame(of: ink, width: width, height: height) else {
      return [UInt8](repeating: 0, count: count)
    }
    let scale = Double(box) / Double(max(frame.columns.count, frame.rows.count))
    let middle = Double(side) / 2 + 0.5
    let horizontal = Resampling(
      frame.columns, scale: scale, offset: middle - scale * frame.center.x, size: side)
    let vertical = Resampling(
      frame.rows, scale: scale, offset: middle - scale * frame.center.y, size: side)
    return resample(ink, width: width, horizontal, vertical)
  }

  /// The glyph of some strokes of a writing, by the very code of `strokes2png --each-group | center28`.
  ///
  /// - Parameters:
  ///   - writingSize: size of the whole writing, in the ink's unit, from `writingSize(_:)`.
  ///   - penWidth: width of the pen, relative to the writing's size.
  public static func image(
    strokes: some Collection<Stroke>, writingSize: Double, penWidth: Double = Pen.defaultWidth
  ) -> [UInt8] {
    let page = GroupPage(strokes, pen: penWidth * writingSize)
    return normalise(page.samples, width: page.width, height: page.height)
  }
}

/// The rows and columns that hold ink, and its centre of mass.
private struct Frame {
  var columns: Range<Int>
  var rows: Range<Int>
  /// In pixels; the middle of pixel (0, 0) is (0.5, 0.5).
  var center: SIMD2<Double>

  init?(of ink: [UInt8], width: Int, height: Int) {
    guard !ink.isEmpty else { return nil }
    var columnSums = [Int](repeating: 0, count: width)
    var (mass, moment) = (0, 0)
    var (top, bottom) = (-1, -1)
    for y in 0..<height {
      var rowSum = 0
      for x in 0..<width {
        let level = Int(ink[y * width + x])
        rowSum += level
        columnSums[x] += level
      }
      if rowSum > 0 {
        if top < 0 { top = y }
        bottom = y
      }
      mass += rowSum
      moment += rowSum * (2 * y + 1)
    }
    guard let left = columnSums.firstIndex(where: { $0 > 0 }),
      let right = columnSums.lastIndex(where: { $0 > 0 })
    else { return nil }
    columns = left..<right + 1
    rows = top..<bottom + 1
    // Whole numbers up to here: the sums depend on no order.
    let across = columnSums.enumerated().reduce(0) { $0 + $1.element * (2 * $1.offset + 1) }
    center = SIMD2(Double(across), Double(moment)) / (2 * Double(mass))
  }
}

private func resample(
  _ ink: [UInt8], width: Int, _ horizontal: Resampling, _ vertical: Resampling
) -> [UInt8] {
  let side = Glyph.side
  // Rows first: source rows × 28.
  var rows = [Float](repeating: 0, count: vertical.source.count * side)
  for (index, y) in vertical.source.enumerated() {
    for x in 0..<side {
      var sum: Float = 0
      var weight = horizontal.starts[x]
      for source in horizontal.spans[x] {
        sum += horizontal.weights[weight] * Float(ink[y * width + source])
        weight += 1
      }
      rows[index * side + x] = sum
    }
  }
  var glyph = [UInt8](repeating: 0, count: Glyph.count)
  var sums = [Float](repeating: 0, count: side)
  for y in 0..<side {
    for x in 0..<side { sums[x] = 0 }
    var weight = vertical.starts[y]
    for source in vertical.spans[y] {
      let row = (source - vertical.source.lowerBound) * side
      for x in 0..<side { sums[x] += vertical.weights[weight] * rows[row + x] }
      weight += 1
    }
    for x in 0..<side { glyph[y * side + x] = UInt8(sums[x] + 0.5, within: 0...255) }
  }
  return glyph
}
