import Ink
import NeuralNet

/// Characters that are rare in labelled ink, put together from common ones of the same hand.
///
/// `%` is a slash and two small rings, `÷` a bar between two dots or two dots alone, `!` an upright stroke
/// over a dot; dots are dots, rings or ticks.
extension InkCollection {
  /// The most that are made of each kind.
  private static let most = 500
  /// Of how many symbols one more is made.
  private static let share = 100

  /// Adds what is rare and what is no character, decided by the seed; digits alone stay alone.
  public mutating func compose(seed: UInt64) {
    guard symbols.contains(where: { !Characters.digits.contains($0.label) }) else { return }
    let count = min(Self.most, symbols.count / Self.share)
    let parts = WritersParts(symbols)
    symbols += made(
      count, of: [percent, divide, colon, factorial], from: parts, RandomNumbers(seed, 0x5c))
    symbols += made(count, of: scribbles, from: parts, RandomNumbers(seed, 0x5d))
  }

  /// So many of each kind, or fewer where writers lack what they are made of.
  private func made(
    _ count: Int, of kinds: [SymbolMaking], from parts: WritersParts, _ random: RandomNumbers
  ) -> [InkSymbol] {
    // Of layouts only wrong groups are learnt, and these are no parts.
    guard !parts.writers.isEmpty else { return [] }
    var random = random
    var symbols: [InkSymbol] = []
    for make in kinds {
      var (found, tries) = (0, 0)
      while found < count, tries < 2 * count {
        tries += 1
        let writer = parts.writers[random.index(below: parts.writers.count)]
        guard let symbol = make(parts, writer, &random) else { continue }
        symbols.append(symbol)
        found += 1
      }
    }
    return symbols
  }
}

private func composed(_ text: String, _ strokes: [Stroke], _ writer: String) -> InkSymbol {
  InkSymbol(
    label: Characters.index(of: text), strokes: strokes, writingSize: 1, writer: writer,
    origin: .composed)
}

private let one = Characters.index(of: "1")

private func percent(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let wide = random.number(0.25..<0.5)
  let slash = Box(around: [Point(-0.06, -0.5), Point(0.06, 0.5)])
  let side = random.number(0.14..<0.22)
  func ring(_ place: Point, _ random: inout RandomNumbers) -> [Stroke]? {
    let middle = place + Point(0, random.number(-0.1..<0.1))
    let box = Box(around: [middle - side, middle + side])
    return parts.part(Characters.index(of: "0"), by: writer, in: box, &random)
  }
  guard let line = parts.part(one, by: writer, in: slash, &random, slant: 0.7 * wide + 0.2),
    line.count == 1, let top = ring(Point(-wide, -0.25), &random),
    let bottom = ring(Point(wide, 0.25), &random)
  else { return nil }
  return composed("%", line + top + bottom, writer)
}

private func divide(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let half = random.number(0.3..<0.6)
  let tilt = random.number(-0.05..<0.05)
  let box = Box(around: [Point(-half, -tilt), Point(half, tilt)])
  guard let bar = parts.part(Characters.index(of: "-"), by: writer, in: box, &random)
  else { return nil }
  let gap = random.number(0.18..<0.48)
  let dots = [-gap, gap].flatMap { down in
    let place = Point(random.number(-0.15..<0.15), down * random.number(0.8..<1.2))
    return parts.dot(by: writer, at: place, &random)
  }
  return composed("÷", bar + dots, writer)
}

private func colon(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let place = Point(random.number(-0.1..<0.1), random.number(0.2..<0.45))
  let dots = [-place, place].flatMap { parts.dot(by: writer, at: $0, &random) }
  return composed("÷", dots, writer)
}

private func factorial(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let stem = Box(around: [Point(-0.03, -0.5), Point(0.03, 0.2)])
  guard let line = parts.part(one, by: writer, in: stem, &random), line.count == 1
  else { return nil }
  let place = Point(random.number(-0.08..<0.08), random.number(0.3..<0.5))
  return composed("!", line + parts.dot(by: writer, at: place, &random), writer)
}
