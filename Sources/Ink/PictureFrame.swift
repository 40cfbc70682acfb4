/// A thin frame along the border of a picture: the printed box of a form, as a scan cuts it out.
///
/// Its border would be taken for paper. A frame is a ring of one colour around a ring of another that
/// goes on inside, and is dark, or else stands apart from what is inside: a light one that does not is
/// the paper around a character that fills its picture, such as a thick =.
struct PictureFrame {
  /// Its width, in pixels.
  let thickness: Int

  /// The frame of a picture in grey; nil where there is none.
  init?(_ samples: [UInt8], width: Int, height: Int) {
    let picture = Rings(samples: samples, width: width, height: height)
    guard let thickness = (1...2).first(where: { picture.hasFrame($0) }) else { return nil }
    self.thickness = thickness
  }

  /// The picture without its frame.
  func inside(_ samples: [UInt8], width: Int, height: Int) -> [UInt8] {
    let columns = thickness..<width - thickness
    return (thickness..<height - thickness).flatMap { y in
      samples[(y * width + columns.lowerBound)..<(y * width + columns.upperBound)]
    }
  }
}

/// A picture as rings of pixels around each other, the outermost first.
private struct Rings {
  let samples: [UInt8]
  let width: Int
  let height: Int

  /// Whether the outermost `thickness` rings are a frame.
  func hasFrame(_ thickness: Int) -> Bool {
    guard min(width, height) >= 2 * thickness + 8 else { return false }
    let outer = counts(0)
    let (frame, paper) = (median(outer), median(counts(thickness)))
    let contrast = abs(frame - paper)
    // Between a frame of two pixels and the paper the second may be any grey.
    guard contrast >= 48, share(of: outer, near: frame, contrast / 4) >= 0.9,
      share(of: counts(thickness), near: paper, contrast / 4) >= 0.75,
      share(of: counts(thickness + 1), near: paper, contrast / 4) >= 0.5
    else { return false }
    let isDark = frame < paper
    guard isDark || thickness == 1 else { return false }
    func departs(_ place: Int, _ part: Int) -> Bool {
      let departure = isDark ? paper - Int(samples[place]) : Int(samples[place]) - paper
      return departure * part > contrast
    }
    let reached = isDark ? [] : reached { departs($0, 8) }
    // The round ends of a bar that fills its picture are no ink in a frame.
    return (height / 8..<height - height / 8).contains { y in
      (width / 8..<width - width / 8).contains { x in
        let place = y * width + x
        return departs(place, isDark ? 8 : 4) && (isDark || !reached[place])
      }
    }
  }

  private func counts(_ ring: Int) -> [Int] {
    borderCounts(samples, width: width, height: height, ring: ring)
  }

  private func share(of counts: [Int], near value: Int, _ distance: Int) -> Double {
    let near = counts[max(0, value - distance)...min(255, value + distance)].reduce(0, +)
    return Double(near) / Double(max(1, counts.reduce(0, +)))
  }

  /// Which pixels can be reached from the border over pixels that `isOpen`.
  private func reached(_ isOpen: (Int) -> Bool) -> [Bool] {
    var reached = [Bool](repeating: false, count: samples.count)
    var waiting: [Int] = []
    func reach(_ x: Int, _ y: Int) {
      let place = y * width + x
      guard !reached[place], isOpen(place) else { return }
      reached[place] = true
      waiting.append(place)
    }
    for x in 0..<width {
      reach(x, 0)
      reach(x, height - 1)
    }
    for y in 0..<height {
      reach(0, y)
      reach(width - 1, y)
    }
    while let place = waiting.popLast() {
      let (x, y) = (place % width, place / width)
      if x > 0 { reach(x - 1, y) }
      if x < width - 1 { reach(x + 1, y) }
      if y > 0 { reach(x, y - 1) }
      if y < height - 1 { reach(x, y + 1) }
    }
    return reached
  }
}
