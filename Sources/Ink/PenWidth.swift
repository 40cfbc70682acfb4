/// The width of the pen that drew some levels of ink, in pixels; 0 where there is none.
///
/// It is twice the ink over its outline: a line of length L and width w has L·w of ink, and an outline of
/// 2L. The outline is the total variation of the levels, which is the same whether an edge is sharp or
/// soft, and nearly the same whichever way a line runs. A line five times as long as it is wide comes out
/// 12 % too thin, on account of its ends.
func penWidth(_ levels: [UInt8], width: Int) -> Double {
  guard !levels.isEmpty else { return 0 }
  // Weak levels are grain or smears, whose outline is long.
  func level(_ place: Int) -> Double { levels[place] < 64 ? 0 : Double(levels[place]) }
  var (mass, outline) = (0.0, 0.0)
  for start in stride(from: 0, to: levels.count, by: width) {
    let isLast = start + width == levels.count
    outline += level(start)
    for place in start..<start + width {
      let here = level(place)
      if start == 0 { outline += here }
      let across = (place + 1 < start + width ? level(place + 1) : 0) - here
      let down = (isLast ? 0 : level(place + width)) - here
      mass += here
      if across != 0 || down != 0 { outline += (across * across + down * down).squareRoot() }
    }
  }
  return outline > 0 ? 2 * mass / outline : 0
}

/// Ink as a wider pen would have drawn it.
///
/// MNIST's lines are some two pixels wide, which a thin pen's are not once its picture is scaled down: a
/// line of one pixel in 180 would be a shade of grey.
struct ThickenedInk {
  /// Pixels in a row.
  let width: Int
  /// Rows.
  let height: Int
  /// Levels of ink, row by row.
  let levels: [UInt8]

  /// The width that thinner lines are given, in pixels of the glyph: that of `strokes2png`'s pen.
  static let target = 2.1
  /// Lines of this width are left alone, and so is what is not scaled down to its half.
  static let enough = 1.6

  /// Ink of a pen that is too thin, inside `columns` and `rows`; nil where it is wide enough.
  ///
  /// - Parameter box: the side of the square that the ink is to fill, in pixels of the glyph.
  init?(_ ink: [UInt8], width: Int, columns: Range<Int>, rows: Range<Int>, box: Int) {
    let side = Double(max(columns.count, rows.count))
    let pen = penWidth(ink, width: width)
    let box = Double(box)
    guard side >= 2 * box, pen * box < Self.enough * side, box > Self.target else { return nil }
    // The ink grows by as much on both sides: (pen + 2 radius) / (side + 2 radius) is target / box.
    let radius = (Self.target * side - box * pen) / (box - Self.target) / 2
    // A quarter of a thousand pixels is finer than a glyph can show.
    let step = max(1, Int(side, within: 1 ... .max) / 256)
    let reach = radius / Double(step)
    let edge = Int((reach + 1).rounded(.up), within: 1...256)
    self.width = (columns.count + step - 1) / step + 2 * edge
    self.height = (rows.count + step - 1) / step + 2 * edge
    var isInk = [Bool](repeating: false, count: self.width * self.height)
    for y in rows {
      let row = ((y - rows.lowerBound) / step + edge) * self.width
      for x in columns where ink[y * width + x] >= 64 {
        isInk[row + (x - columns.lowerBound) / step + edge] = true
      }
    }
    levels = Self.grown(isInk, width: self.width, height: self.height, by: Float(reach))
  }

  /// Everything within a distance of ink, with soft edges.
  private static func grown(_ isInk: [Bool], width: Int, height: Int, by radius: Float) -> [UInt8] {
    let far = Float(width + height)
    // Along each row, how far the next ink is.
    var across = isInk.map { $0 ? 0 : far }
    for start in stride(from: 0, to: across.count, by: width) {
      for place in start + 1..<start + width {
        across[place] = min(across[place], across[place - 1] + 1)
      }
      for place in (start..<start + width - 1).reversed() {
        across[place] = min(across[place], across[place + 1] + 1)
      }
    }
    let reach = Int((radius + 1).rounded(.up), within: 1...height)
    return (0..<across.count).map { place in
      let (x, y) = (place % width, place / width)
      var nearest = far * far
      for row in max(0, y - reach)...min(height - 1, y + reach) {
        let (along, down) = (across[row * width + x], Float(row - y))
        nearest = min(nearest, along * along + down * down)
      }
      return UInt8(max(0, min(1, radius + 1 - nearest.squareRoot())) * 255 + 0.5, within: 0...255)
    }
  }
}
