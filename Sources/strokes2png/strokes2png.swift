/// strokes2png: draws ink as PNG pictures.
import ArgumentParser
import Ink
import Streams

@main
struct Strokes2PNG: Tool {
  static let configuration = CommandConfiguration(
    commandName: "strokes2png",
    abstract: "Draw ink as PNG pictures, dark on white.",
    discussion: """
      Reads ink in every form that segment does, and writes one PNG file after the other: a picture of each
      drawing or, with --each-group, of each group that segment found. Lines are anti-aliased, with
      round caps and joins; the pen's width is relative to the size of the whole writing, so that a
      dot stays a dot. The texts id, group (2/5), first, last and box travel in the pictures, and in the
      first of a drawing record: what else came with it, as a JSON object of 16 KiB at most.

      A group's picture is scaled so that its ink fills 72 pixels. A drawing without strokes is one
      white pixel.

      EXAMPLES
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 > glyphs.npy
        segment testdata/ink/four-plus-four.ndjson | strokes2png --colour-groups > groups.png

      SEE ALSO  segment, center28

      CAVEATS
        A drawing's picture is at most 16,384 pixels wide; wider ones are drawn smaller. Pressure and
        speed of the pen are not drawn.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  @Flag(help: "Draw each group on a picture of its own.")
  var eachGroup = false

  @Flag(help: "Draw each group in its own colour; for a lattice, the projection's groups.")
  var colourGroups = false

  @Option(help: ArgumentHelp("Height of a drawing's picture.", valueName: "pixels"))
  var height = 128

  @Option(help: ArgumentHelp("White paper around a drawing.", valueName: "pixels"))
  var margin = 8

  @Option(help: "Width of the pen, relative to the size of the writing.")
  var pen = Pen.defaultWidth

  func validate() throws {
    guard !(eachGroup && colourGroups) else {
      throw ValidationError("--each-group and --colour-groups exclude each other")
    }
    guard (8...4096).contains(height) else {
      throw ValidationError("--height must be from 8 to 4096: \(height)")
    }
    guard margin >= 0, margin <= (height - 1) / 2 else {
      throw ValidationError("--margin must be from 0 to less than half the height: \(margin)")
    }
    guard pen > 0, pen <= 1 else {
      throw ValidationError("--pen must be more than 0 and at most 1: \(pen)")
    }
  }

  var expects: String { "ink (NDJSON)" }
  var writesBinary: BinaryOutput? { .pictures }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var isTold = false
    try input.drawings { arrived in
      let drawing = try arrived.toDraw(grouped: eachGroup || colourGroups)
      if !isTold, arrived.isRecordTooLong {
        isTold = true
        diagnose(
          "\(input.name): what came with '\(drawing.id)' is over \(Drawing.recordLimit) bytes and goes no "
            + "further; join it by id")
      }
      if eachGroup {
        try drawing.groupPictures(penWidth: pen) { try output.write($0) }
      } else {
        try output.write(
          try drawing.picture(
            height: height, margin: margin, penWidth: pen, coloured: colourGroups))
      }
    }
  }
}
