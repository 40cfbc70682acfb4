/// A QR code of up to 106 bytes: versions 1 to 6 of ISO/IEC 18004, level M, of which a seventh may be
/// dirt.
struct QRCode: Equatable {
  /// Modules a side.
  private(set) var size: Int
  /// Whether a module is dark, row by row.
  private var modules: [Bool]
  /// Where patterns stand that every code of this size has.
  private var isPattern: [Bool]

  /// The code of a text's bytes; nil where there are too many.
  init?(_ text: String) {
    guard let codewords = QRCodewords(Array(text.utf8)) else { return nil }
    size = 17 + 4 * codewords.version
    modules = Array(repeating: false, count: size * size)
    isPattern = modules
    drawPatterns()
    place(codewords.bytes)
    let plain = self
    let masked = (0..<8).map { mask in
      var code = plain
      code.apply(mask: mask)
      code.drawFormat(mask: mask)
      return code
    }
    self = masked.min { $0.penalty < $1.penalty } ?? plain
  }

  /// Whether the module in a column and a row is dark; beyond the edge all is light.
  subscript(x: Int, y: Int) -> Bool {
    (0..<size).contains(x) && (0..<size).contains(y) && modules[y * size + x]
  }

  private mutating func draw(_ isDark: Bool, _ x: Int, _ y: Int) {
    guard (0..<size).contains(x), (0..<size).contains(y) else { return }
    modules[y * size + x] = isDark
    isPattern[y * size + x] = true
  }

  /// The lines of alternate modules, squares in three corners and, from version 2 on, in the fourth one; and
  /// the places of the format, light for now.
  private mutating func drawPatterns() {
    for place in 0..<size {
      draw(place.isMultiple(of: 2), 6, place)
      draw(place.isMultiple(of: 2), place, 6)
    }
    for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawSquare(x, y, reach: 4) }
    if size > 21 { drawSquare(size - 7, size - 7, reach: 2) }
    drawFormat(mask: 0)
  }

  /// A square in a square around a module: rings that are dark, light and dark; the corners' have a
  /// light rim.
  private mutating func drawSquare(_ x: Int, _ y: Int, reach: Int) {
    let light = reach == 4 ? [2, 4] : [1]
    for dx in -reach...reach {
      for dy in -reach...reach {
        draw(!light.contains(max(abs(dx), abs(dy))), x + dx, y + dy)
      }
    }
  }

  /// Level and mask with ten bits that correct errors, twice: 7.9.
  static func format(mask: Int) -> Int {
    // Level M is 00.
    var remainder = mask
    for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
    return (mask << 10 | remainder) ^ 0x5412
  }

  private mutating func drawFormat(mask: Int) {
    let format = Self.format(mask: mask)
    for bit in 0..<15 {
      let isDark = format >> bit & 1 == 1
      switch bit {
      case 0..<6: draw(isDark, 8, bit)
      case 6, 7: draw(isDark, 8, bit + 1)
      case 8: draw(isDark, 7, 8)
      default: draw(isDark, 14 - bit, 8)
      }
      if bit < 8 { draw(isDark, size - 1 - bit, 8) } else { draw(isDark, 8, size - 15 + bit) }
    }
    draw(true, 8, size - 8)
  }

  /// Puts codewords into pairs of columns from the right, up and down by turns.
  private mutating func place(_ bytes: [UInt8]) {
    let bits: [Bool] = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
    var next = bits.makeIterator()
    var isUpward = true
    // The column of alternate modules is left out.
    for right in Array(stride(from: size - 1, to: 6, by: -2)) + [5, 3, 1] {
      for step in 0..<size {
        let y = isUpward ? size - 1 - step : step
        for x in [right, right - 1] where !isPattern[y * size + x] {
          modules[y * size + x] = next.next() ?? false
        }
      }
      isUpward.toggle()
    }
  }

  /// Turns modules over where a rule holds: table 10.
  private mutating func apply(mask: Int) {
    for y in 0..<size {
      for x in 0..<size where !isPattern[y * size + x] {
        let isTurned =
          switch mask {
          case 0: (x + y) % 2 == 0
          case 1: y % 2 == 0
          case 2: x % 3 == 0
          case 3: (x + y) % 3 == 0
          case 4: (x / 3 + y / 2) % 2 == 0
          case 5: x * y % 2 + x * y % 3 == 0
          case 6: (x * y % 2 + x * y % 3) % 2 == 0
          default: ((x + y) % 2 + x * y % 3) % 2 == 0
          }
        if isTurned { modules[y * size + x].toggle() }
      }
    }
  }

  /// How hard it is to read: long runs, blocks, what looks like a corner, and much of one shade.
  ///
  /// ISO/IEC 18004, 7.8.3.
  private var penalty: Int {
    var sum = 0
    let corner = [true, false, true, true, true, false, true]
    for line in 0..<size {
      for isColumn in [false, true] {
        let row = (0..<size).map { isColumn ? self[line, $0] : self[$0, line] }
        var run = 1
        for place in 1...size {
          if place < size, row[place] == row[place - 1] {
            run += 1
          } else {
            if run >= 5 { sum += run - 2 }
            run = 1
          }
        }
        for start in 0...(size - 7) where row[start..<(start + 7)].elementsEqual(corner) {
          let isLight = { (places: Range<Int>) in
            places.allSatisfy { !row.indices.contains($0) || !row[$0] }
          }
          if isLight((start - 4)..<start) || isLight((start + 7)..<(start + 11)) { sum += 40 }
        }
      }
    }
    for y in 1..<size {
      for x in 1..<size
      where [self[x - 1, y], self[x, y - 1], self[x - 1, y - 1]].allSatisfy({ $0 == self[x, y] }) {
        sum += 3
      }
    }
    let dark = modules.count { $0 }
    return sum + abs(20 * dark - 10 * modules.count) / modules.count * 10
  }
}
