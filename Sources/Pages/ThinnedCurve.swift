/// A curve of any length in little memory: where its points become too many, neighbours become one, which
/// knows their mean, the least and the greatest.
public struct ThinnedCurve: Equatable, Sendable {
  /// One point, or several that are neighbours; none where what was added was no number.
  public struct Piece: Equatable, Sendable {
    /// Where it begins and ends.
    public var from, to: Double
    /// How many numbers there were, and their sum.
    public var count: Int
    var sum: Double
    /// The least and the greatest of them.
    public var least, most: Double

    /// The middle of where it is.
    public var place: Double { (from + to) / 2 }
    /// What the numbers are on average; NaN of none.
    public var mean: Double { count > 0 ? sum / Double(count) : .nan }

    fileprivate func joined(to next: Piece) -> Piece {
      Piece(
        from: from, to: next.to, count: count + next.count, sum: sum + next.sum,
        least: min(least, next.least), most: max(most, next.most))
    }
  }

  /// How many pieces there are at most: more than a picture has columns to show.
  static let most = 1024
  /// The pieces, in order.
  public private(set) var pieces: [Piece] = []
  /// How many points a piece is of, but for the last one.
  private(set) var width = 1
  /// How many the last is of.
  private var last = 0

  /// A curve without points.
  public init() {}

  /// Adds a point behind all others; a value that is no finite number is a gap.
  public mutating func add(_ place: Double, _ value: Double) {
    let isNumber = value.isFinite
    let piece = Piece(
      from: place, to: place, count: isNumber ? 1 : 0, sum: isNumber ? value : 0,
      least: isNumber ? value : .infinity, most: isNumber ? value : -.infinity)
    if last > 0, last < width, let end = pieces.indices.last {
      pieces[end] = pieces[end].joined(to: piece)
      last += 1
      return
    }
    if pieces.count == Self.most {
      pieces = stride(from: 0, to: pieces.count, by: 2).map {
        pieces[$0].joined(to: pieces[$0 + 1])
      }
      width *= 2
    }
    pieces.append(piece)
    last = 1
  }

  /// The curve as a text, which `init(text:)` reads back.
  public var text: String {
    let numbers = pieces.flatMap {
      ["\($0.from)", "\($0.to)", "\($0.count)", "\($0.sum)", "\($0.least)", "\($0.most)"]
    }
    return (["\(width)", "\(last)"] + numbers).joined(separator: " ")
  }

  /// The curve of a text; nil where it is none.
  public init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count % 6 == 2, let width = Int(words[0]), let last = Int(words[1]), width > 0,
      (0...width).contains(last), words.count <= 6 * Self.most + 2
    else { return nil }
    (self.width, self.last) = (width, last)
    var end = -Double.infinity
    for start in stride(from: 2, to: words.count, by: 6) {
      let numbers = words[start..<start + 6].compactMap { Double($0) }
      guard numbers.count == 6, let count = Int(words[start + 2]), count >= 0, numbers[0] >= end,
        numbers[1] >= numbers[0], numbers[1].isFinite, numbers[3].isFinite,
        count == 0 || numbers[4] <= numbers[5] && numbers[4].isFinite && numbers[5].isFinite
      else { return nil }
      end = numbers[1]
      pieces.append(
        Piece(
          from: numbers[0], to: end, count: count, sum: numbers[3], least: numbers[4],
          most: numbers[5]))
    }
    guard (last > 0) == !pieces.isEmpty else { return nil }
  }
}
