import Ink
import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ink that is no character, each kind made of what a writer wrote or of nothing at all.
var scribbles: [SymbolMaking] {
  [struck, crossed, pile, framed, underlined, tangle, zigzag, loops, emptyBox]
}

private func scribble(_ strokes: [Stroke], _ writer: String) -> InkSymbol {
  InkSymbol(
    label: Characters.none, strokes: strokes, writingSize: 1, writer: writer, origin: .scribble)
}

/// Where a character stands.
private let place = Box(around: [Point(-0.35, -0.5), Point(0.35, 0.5)])

/// A digit of some, by a writer.
private func digit(
  _ digits: [String], _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> [Stroke]? {
  let label = Characters.index(of: digits[random.index(below: digits.count)])
  return parts.part(label, by: writer, in: place, &random)
}

/// A digit with lines through it; not one that some people write with a line.
private func struck(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  guard let digit = digit(["2", "3", "5", "6", "8", "9"], parts, writer, &random)
  else { return nil }
  let slope = random.number(-0.5..<0.5)
  let lines = (0..<1 + random.index(below: 3)).map { _ in
    let down = random.number(-0.25..<0.25)
    return Stroke([Point(-0.6, down - slope), Point(0, down), Point(0.6, down + slope)])
  }
  return scribble(digit + lines, writer)
}

/// Anything with a zigzag over it.
private func crossed(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let classes = parts.classes(of: writer)
  let label = classes[random.index(below: classes.count)]
  guard let below = parts.part(label, by: writer, in: place, &random) else { return nil }
  return scribble(below + [saw(width: random.number(0.8..<1.6), &random)], writer)
}

/// Two characters over each other.
private func pile(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  // Dashes, dots and slashes over others make characters, or leave them as they are.
  let thick = Set("023456789×√".map { Characters.index(of: String($0)) } + [Characters.none])
  let classes = parts.classes(of: writer).filter(thick.contains)
  guard classes.count > 1 else { return nil }
  let one = random.index(below: classes.count)
  let other = (one + 1 + random.index(below: classes.count - 1)) % classes.count
  let move = Point(random.number(-0.4..<0.4), random.number(-0.4..<0.4))
  let above = Box(lower: place.lower + move, upper: place.upper + move)
  guard let first = parts.part(classes[one], by: writer, in: place, &random),
    let second = parts.part(classes[other], by: writer, in: above, &random)
  else { return nil }
  return scribble(first + second, writer)
}

/// A digit in a box or a ring.
private func framed(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  guard let digit = digit(["2", "3", "4", "5", "6", "7", "8", "9"], parts, writer, &random)
  else { return nil }
  let half = Point(random.number(0.5..<0.8), random.number(0.65..<0.9))
  guard random.uniform() < 0.5 else { return scribble(digit + box(half, &random), writer) }
  let start = random.number(0..<2 * .pi)
  let ring = (0...24).map { step in
    let angle = start + Double(step) * .pi / 11.5
    return Point(cos(angle), sin(angle)) * half * random.number(0.95..<1.05)
  }
  return scribble(digit + [Stroke(ring)], writer)
}

/// A digit with a line under it; a 1 or 7 so may be written with a foot.
private func underlined(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  guard let digit = digit(["0", "2", "3", "4", "5", "6", "8", "9"], parts, writer, &random)
  else { return nil }
  let lines = (0..<1 + random.index(below: 2)).map { number in
    let down = 0.6 + 0.15 * Double(number) + random.number(0..<0.1)
    return Stroke([
      Point(-random.number(0.35..<0.8), down + random.number(-0.05..<0.05)),
      Point(random.number(0.35..<0.8), down + random.number(-0.05..<0.05)),
    ])
  }
  return scribble(digit + lines, writer)
}

/// Points of several characters, joined as chance will have it.
private func tangle(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let classes = parts.classes(of: writer)
  var points: [Point] = []
  for _ in 0..<2 + random.index(below: 2) {
    let label = classes[random.index(below: classes.count)]
    points += parts.part(label, by: writer, in: place, &random)?.flatMap(\.points) ?? []
  }
  guard points.count >= 12 else { return nil }
  random.shuffle(&points)
  let strokes = (0..<1 + random.index(below: 3)).compactMap { _ -> Stroke? in
    let taken = points.suffix(6 + random.index(below: 12))
    points.removeLast(taken.count)
    return taken.count > 5 ? Stroke(Array(taken)) : nil
  }
  return scribble(strokes, writer)
}

private func zigzag(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  scribble([saw(width: random.number(0.3..<2), &random)], writer)
}

/// A line that goes to and fro along some direction.
private func saw(width: Double, _ random: inout RandomNumbers) -> Stroke {
  let teeth = 5 + random.index(below: 9)
  let height = random.number(0.15..<0.5)
  let turn = random.number(-.pi ..< .pi)
  let points = (0...teeth).map { tooth in
    let along = (Double(tooth) / Double(teeth) - 0.5) * width + random.number(-0.05..<0.05)
    let across = (tooth % 2 == 0 ? height : -height) * random.number(0.7..<1.2)
    return Point(along * cos(turn) - across * sin(turn), along * sin(turn) + across * cos(turn))
  }
  return Stroke(points)
}

/// A pen that goes round and on.
private func loops(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  let turns = 3 + random.index(below: 6)
  let width = random.number(0.2..<2)
  let half = Point(random.number(0.15..<0.4), random.number(0.2..<0.5))
  let points = (0...10 * turns).map { step in
    let angle = Double(step) * .pi / 5
    let along = (Double(step) / Double(10 * turns) - 0.5) * width
    return Point(along, 0) + Point(cos(angle), sin(angle)) * half * random.number(0.85..<1.15)
  }
  return scribble([Stroke(points)], writer)
}

private func emptyBox(
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol? {
  scribble(box(Point(random.number(0.5..<1.5), random.number(0.3..<0.5)), &random), writer)
}

/// Four sides of a box, as one stroke or four.
private func box(_ half: Point, _ random: inout RandomNumbers) -> [Stroke] {
  let corners = [Point(-1, -1), Point(1, -1), Point(1, 1), Point(-1, 1), Point(-1, -1)].map {
    $0 * half + Point(random.number(-0.05..<0.05), random.number(-0.05..<0.05))
  }
  guard random.uniform() < 0.5 else { return [Stroke(corners)] }
  return zip(corners, corners.dropFirst()).map { Stroke([$0, $1]) }
}
