/// center28: centres each picture of a PNG stream on 28×28 pixels, as MNIST does.
import ArgumentParser
import Ink
import Streams

@main
struct Center28: Tool, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "center28",
    abstract: "Centre each picture of a PNG stream on 28×28 pixels, as MNIST does.",
    discussion: """
      The ink's box is scaled into 20×20 pixels keeping its aspect, averaging over areas, and its
      centre of mass is put in the middle of pixel (14, 14). Dark ink on light paper or light on dark:
      the border of the picture tells which, a thin frame along it left out, and so are grain and dust
      that is smaller than the pen's dots. Lines too thin for a glyph are drawn wider. Groups of
      strokes2png are taken as they are. A blank picture becomes an empty glyph.

      Writes npy tables (id S64, first <i4, last <i4, strokes <i4[5], box <f4[4], image u1[28,28]), one a
      drawing, white ink on black, -1 for no stroke; behind them record, where something else came with the drawing. The texts that
      strokes2png wrote say which pictures are one drawing; a picture without them is a drawing of its
      own: id its number, first 0, last 1, box its pixels.

      EXAMPLES
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 > glyphs.npy
        strokes2png testdata/ink/four-plus-four.ndjson | center28 > glyph.npy

      SEE ALSO  strokes2png, lenet-infer

      CAVEATS
        A picture is one glyph; nothing is cut out of photographs. Transparent pixels are white paper, so
        white ink on a transparent ground is not seen. Pictures over 67,108,864 pixels are refused.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var sealing: SealOption

  @Option(
    help: ArgumentHelp("Side of the square that the ink is scaled into.", valueName: "pixels"))
  var box = Glyph.box

  func validate() throws {
    guard (1...Glyph.side).contains(box) else {
      throw ValidationError("--box must be from 1 to \(Glyph.side): \(box)")
    }
  }

  var expects: String { "PNG pictures" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var table = GlyphTable(box: box)
    try input.pictures { picture in
      // Under --skip-bad a drawing may have lost pictures: what is left of it is dropped too.
      if let gap = table.gap(before: picture) {
        try input.badRecords.attempt(input.name) { throw gap }
      }
      if let array = try table.add(picture) { output.write(array) }
    }
    if let gap = table.gap(before: nil) {
      try input.badRecords.attempt(input.name) { throw gap }
    }
  }
}
