/// simink: drawings of sums that nobody drew, put together from characters that people wrote.
import ArgumentParser
import Glyphs
import Layouts
import Streams

@main
struct SimInk: Tool {
  static let configuration = CommandConfiguration(
    commandName: "simink",
    abstract: "Make up drawings of sums, in two dimensions, from labelled characters.",
    discussion: """
      Reads characters as lenet-train does (label, or groups with labels), and writes drawings as segment
      reads them, with their truth: text, latex, value, and which strokes are which character. Expressions
      are MADE UP at random, as in school; each is written with one writer's characters, and with others'
      where that one has none. Sizes, gaps, bars, exponents and roots vary as people's do.

      It is for learning and trying what real ink has too little of: --kinds names what is in the
      expressions beside whole numbers. The same seed and characters give the same drawings, and more of
      them begin with the fewer.

      EXAMPLES
        head -12 testdata/ink/drawings.ndjson | simink --drawings 3 | segment |
          strokes2png --each-group | center28 | lenet-infer | expr-eval --text
        head -12 testdata/ink/drawings.ndjson | simink --kinds fraction --drawings 1 |
          strokes2png > sum.png

      SEE ALSO  lenet-train, calc-score, segment

      CAVEATS
        What is read well here is not for that read well from people: measure on what they drew.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Whole number that everything follows from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Drawings to make.", valueName: "n"))
  var drawings = 1000

  @Option(
    help: ArgumentHelp(
      "What may be in them: \(Self.kindNames) (default: all).", valueName: "list"))
  var kinds: String?

  @OptionGroup var holdOut: HoldOutOptions

  @Flag(help: "Take those writers alone, instead of keeping them aside.")
  var heldOut = false

  @OptionGroup var streams: StreamOptions

  func validate() throws {
    guard (1...10_000_000).contains(drawings) else {
      throw ValidationError("--drawings must be in 1...10000000: \(drawings)")
    }
    guard !heldOut || holdOut.writers != nil else {
      throw ValidationError("--held-out takes the writers that --hold-out names, and it is 0")
    }
    _ = try chosenKinds()
  }

  private static let kindNames = RandomLayout.Kind.allCases.map(\.rawValue)
    .joined(separator: ", ")

  func chosenKinds() throws -> [RandomLayout.Kind] {
    guard let kinds else { return RandomLayout.Kind.allCases }
    return try kinds.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let kind = RandomLayout.Kind(rawValue: String(name)) else {
        throw ValidationError("--kinds must be of \(Self.kindNames): '\(name)'")
      }
      return kind
    }
  }

  var expects: String { "labelled drawings (NDJSON)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var ink = InkCollection()
    try ink.read(input)
    let out = holdOut.writers
    if let out { ink.remove { out.contains($0) != heldOut } }
    var made = MadeUpDrawings(ink, kinds: try chosenKinds(), seed: seed)
    guard !made.isEmpty else {
      let rest = out == nil ? "" : " (--hold-out \(holdOut.holdOut) leaves writers out)"
      throw Failure(.badData, "no characters of these writers in the input\(rest)")
    }
    if kinds != nil, let (kind, sign) = made.lacking {
      throw Failure(.badData, "nobody wrote '\(sign)', which --kinds \(kind.rawValue) needs")
    }
    for _ in 0..<drawings {
      guard let drawing = made.next() else {
        throw Failure(.badData, "too few of the characters that sums are made of in the input")
      }
      drawing.write(to: output)
      try output.commit()
    }
  }
}
