/// The ink of a picture that nobody of the house drew: a scan, a photograph's cut-out, a program's
/// drawing.
///
/// What such a picture may have and `strokes2png` never draws is told from the ink: a frame around it,
/// the paper's grain, dust, and one pixel that is darker than all of the writing. Of a clean picture with
/// a usual pen nothing is changed: its levels are those of `InkLevels`.
struct PictureInk {
  /// Pixels in a row.
  private(set) var width: Int
  /// Rows.
  private(set) var height: Int
  /// Levels of ink, 0 for paper to 255, row by row; empty where the picture is blank.
  private(set) var levels: [UInt8]

  /// Looks for the ink of a picture in grey.
  init(_ samples: [UInt8], width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    var samples = samples
    if let frame = PictureFrame(samples, width: width, height: height) {
      samples = frame.inside(samples, width: width, height: height)
      self.width -= 2 * frame.thickness
      self.height -= 2 * frame.thickness
    }
    levels = Self.levels(samples, width: self.width, height: self.height)
    dropSpecks()
  }

  /// Ink is the side of the paper, darker or lighter, that holds more of it; a large mean contrast
  /// decides that, not the one pixel that departs furthest.
  private static func levels(_ samples: [UInt8], width: Int, height: Int) -> [UInt8] {
    let border = borderCounts(samples, width: width, height: height)
    let paper = median(border)
    var departures = [Int](repeating: 0, count: 256)
    for (value, count) in border.enumerated() { departures[abs(value - paper)] += count }
    let grain = median(departures)
    var counts = [Int](repeating: 0, count: 256)
    for value in samples { counts[Int(value)] += 1 }
    func side(_ dark: Bool) -> [Int] {
      (0..<256).map { departure in
        let value = dark ? paper - departure : paper + departure
        return departure > grain && counts.indices.contains(value) ? counts[value] : 0
      }
    }
    func weight(_ side: [Int]) -> Int {
      side.enumerated().reduce(0) { $0 + $1.element * $1.offset * $1.offset }
    }
    let (darker, lighter) = (side(true), side(false))
    let isDark = weight(darker) >= weight(lighter)
    let contrast = contrast(isDark ? darker : lighter)
    // Half of a border's grain is `grain`: seven times as much is reached by no pixel in 100,000.
    let least = min(7 * grain + 1, contrast / 2)
    return inkLevels(samples, paper: paper, isDark: isDark, contrast: contrast, least: least)
  }

  /// The largest departure from the paper that is not alone: of all that departs by a quarter of it, a
  /// twentieth departs by three quarters.
  private static func contrast(_ departures: [Int]) -> Int {
    var atLeast = departures
    for departure in (0..<255).reversed() { atLeast[departure] += atLeast[departure + 1] }
    let contrast = (1..<256).last { departure in
      departures[departure] > 0
        && atLeast[(3 * departure + 3) / 4] * 20 >= atLeast[(departure + 3) / 4]
    }
    return contrast ?? 0
  }

  /// Leaves out what is smaller than a quarter of the pen's width squared.
  ///
  /// No dot of this pen is, be it a decimal point or one of a ÷. Of a small picture each pixel may be one that its writer made.
  private mutating func dropSpecks() {
    guard max(width, height) >= 2 * Glyph.side else { return }
    let pen = penWidth(levels, width: width)
    guard pen >= 3 else { return }
    let least = Int(pen * pen / 4, within: 0 ... .max)
    var isSeen = [Bool](repeating: false, count: levels.count)
    var specks: [Int] = []
    for start in levels.indices where levels[start] > 0 && !isSeen[start] {
      let piece = piece(from: start, &isSeen)
      if piece.count < least { specks += piece }
    }
    for place in specks { levels[place] = 0 }
  }

  /// The pixels of ink that touch each other, by a side or a corner.
  private func piece(from start: Int, _ isSeen: inout [Bool]) -> [Int] {
    var pixels = [start]
    isSeen[start] = true
    var next = 0
    while next < pixels.count {
      let (x, y) = (pixels[next] % width, pixels[next] / width)
      next += 1
      for row in max(0, y - 1)...min(height - 1, y + 1) {
        for column in max(0, x - 1)...min(width - 1, x + 1) {
          let place = row * width + column
          guard levels[place] > 0, !isSeen[place] else { continue }
          isSeen[place] = true
          pixels.append(place)
        }
      }
    }
    return pixels
  }
}

/// How often each value comes in the outermost pixels of a picture.
func borderCounts(_ samples: [UInt8], width: Int, height: Int, ring: Int = 0) -> [Int] {
  var counts = [Int](repeating: 0, count: 256)
  let (right, bottom) = (width - 1 - ring, height - 1 - ring)
  guard ring <= right, ring <= bottom else { return counts }
  for y in ring...bottom {
    let row = y * width
    if y == ring || y == bottom {
      for x in ring...right { counts[Int(samples[row + x])] += 1 }
    } else {
      counts[Int(samples[row + ring])] += 1
      counts[Int(samples[row + right])] += 1
    }
  }
  return counts
}

/// The value that half of what was counted is not above; of two middle ones the larger.
func median(_ counts: [Int]) -> Int {
  let half = counts.reduce(0, +) / 2
  var seen = 0
  for (value, count) in counts.enumerated() {
    seen += count
    if seen > half { return value }
  }
  return 255
}

/// Levels of ink, 0 for paper to 255 for what departs by the contrast; empty where the picture is blank.
///
/// What departs by less than `least`, or by less than 1/32 of the contrast, is paper too.
func inkLevels(
  _ samples: [UInt8], paper: Int, isDark: Bool, contrast: Int, least: Int = 0
) -> [UInt8] {
  // Less is the grain of the paper.
  guard contrast >= 8 else { return [] }
  let levels = (0..<256).map { value in
    let departure = max(0, isDark ? paper - value : value - paper)
    let level = (departure * 255 + contrast / 2) / contrast
    return level < 8 || departure < least ? 0 : UInt8(min(255, level))
  }
  return samples.map { levels[Int($0)] }
}
