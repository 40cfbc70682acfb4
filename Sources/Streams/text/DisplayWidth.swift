// How many columns of a terminal a text takes: letters of Chinese, Japanese and Korean take two, and marks
// that join the letter before them none.

extension String {
  /// The columns that it takes on a terminal.
  ///
  /// Letters that fonts may join, as the four of a family, are added up: a terminal that joins them takes
  /// less, and none takes more.
  var columns: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    var columns = ColumnCount()
    return unicodeScalars.reduce(0) { $0 + columns.next($1) }
  }

  /// The text with blanks behind it, or before it, that make it so wide.
  func padded(to width: Int, isLeft: Bool) -> String {
    let blanks = String(repeating: " ", count: max(width - columns, 0))
    return isLeft ? self + blanks : blanks + self
  }

  /// Pieces of at most so many columns, which joined are the text.
  func pieces(of width: Int) -> [String] {
    guard columns > width else { return [self] }
    var (pieces, piece, used) = ([String](), "", 0)
    var count = ColumnCount()
    for scalar in unicodeScalars {
      let columns = count.next(scalar)
      if used + columns > width, !piece.isEmpty {
        pieces.append(piece)
        (piece, used) = ("", 0)
      }
      piece.unicodeScalars.append(scalar)
      used += columns
    }
    return pieces + [piece]
  }

  /// Lines of at most so many columns, broken between words where that is possible; all but the first
  /// begin where the text does.
  func filled(to width: Int) -> [String] {
    guard columns > width else { return [self] }
    let margin = String(prefix { $0 == " " }.prefix(width / 4))
    var (lines, line) = ([String](), margin)
    for word in split(separator: " ") {
      let isFirst = line == margin
      guard line.columns + word.description.columns + (isFirst ? 0 : 1) > width else {
        line += (isFirst ? "" : " ") + word
        continue
      }
      if !isFirst { lines.append(line) }
      // What is longer than a line is broken where the line ends.
      let pieces = String(word).pieces(of: max(width - margin.count, 1))
      lines += pieces.dropLast().map { margin + $0 }
      line = margin + (pieces.last ?? "")
    }
    return lines + [line]
  }
}

/// Counts the columns of one character after the other.
struct ColumnCount {
  private var before: Unicode.Scalar = " "

  /// The columns that a character adds to those before it.
  mutating func next(_ scalar: Unicode.Scalar) -> Int {
    defer { before = scalar }
    // It makes a picture of the sign before it, which takes two columns then.
    if scalar == "\u{fe0f}" { return before.properties.isEmoji && before.columns == 1 ? 1 : 0 }
    return scalar.columns
  }
}

extension Unicode.Scalar {
  /// The columns that it takes by itself, as `wcwidth` of C counts them.
  var columns: Int {
    if value < 0x300 { return 1 }
    if (0x1160...0x11ff).contains(value) { return 0 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    // Signs of Arabic and Syriac that stand before a number are seen, unlike others of the kind.
    case .format: return (0x600...0x605).contains(value) || Self.seen.contains(value) ? 1 : 0
    default: return isWide ? 2 : 1
    }
  }

  /// Whether Unicode calls it wide or full width.
  private var isWide: Bool {
    var (low, high) = (0, Self.wide.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < Self.wide.count && Self.wide[low].contains(value)
  }

  private static let seen: [UInt32] = [0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd]

  /// What EastAsianWidth.txt of Unicode 14 calls W or F, and what later ones do; gaps that nothing is in are
  /// closed.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0,
    0x23f3...0x23f3, 0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x267f...0x267f,
    0x2693...0x2693, 0x26a1...0x26a1, 0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5,
    0x26ce...0x26ce, 0x26d4...0x26d4, 0x26ea...0x26ea, 0x26f2...0x26f3, 0x26f5...0x26f5,
    0x26fa...0x26fa, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b, 0x2728...0x2728,
    0x274c...0x274c, 0x274e...0x274e, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27b0...0x27b0, 0x27bf...0x27bf, 0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2b55...0x2b55,
    0x2e80...0x303e, 0x3041...0xa4c6, 0xa960...0xa97c,
    0xac00...0xd7a3, 0xf900...0xfad9, 0xfe10...0xfe6b, 0xff01...0xff60, 0xffe0...0xffe6,
    0x16fe0...0x1b2fb, 0x1f004...0x1f004, 0x1f0cf...0x1f0cf, 0x1f18e...0x1f18e, 0x1f191...0x1f19a,
    0x1f200...0x1f320, 0x1f32d...0x1f335, 0x1f337...0x1f37c, 0x1f37e...0x1f393, 0x1f3a0...0x1f3ca,
    0x1f3cf...0x1f3d3, 0x1f3e0...0x1f3f0, 0x1f3f4...0x1f3f4, 0x1f3f8...0x1f43e, 0x1f440...0x1f440,
    0x1f442...0x1f4fc, 0x1f4ff...0x1f53d, 0x1f54b...0x1f54e, 0x1f550...0x1f567, 0x1f57a...0x1f57a,
    0x1f595...0x1f596, 0x1f5a4...0x1f5a4, 0x1f5fb...0x1f64f, 0x1f680...0x1f6c5, 0x1f6cc...0x1f6cc,
    0x1f6d0...0x1f6d2, 0x1f6d5...0x1f6df, 0x1f6eb...0x1f6ec, 0x1f6f4...0x1f6fc, 0x1f7e0...0x1f7f0,
    0x1f90c...0x1f93a, 0x1f93c...0x1f945, 0x1f947...0x1f9ff, 0x1fa70...0x1faf6, 0x20000...0x3fffd,
  ]
}
