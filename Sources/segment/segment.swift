/// segment: finds the strokes of ink that could be one character.
import ArgumentParser
import Ink
import Streams

@main
struct Segment: Tool {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Find the strokes of ink that could be one character.",
    discussion: """
      Reads NDJSON, one drawing a line, y down, in any unit:
        {"id":"a1","strokes":[[[x,y],...],...]}
      Writes the same objects with
        "groups":[{"first":0,"last":2,"strokes":[0,3],"box":[x0,y0,x1,y1]},...]
      With the strokes in order from left to right, a group has its strokes among the positions
      first ..< last: all of these, where one line is written. Groups that came in are replaced; a missing
      id becomes the line's number. Other forms of ink are told
      by their keys, and written as above:
        {"strokes":[[{"x":1,"y":2},...],...]}    points as objects, or [x,y,pressure,time]
        [{"points":[{"x":1,"y":2},...]},...]     signature_pad, over one line or several
        {"strokes":[{"x":[...],"y":[...]},...]}  MyScript iink, also in its "strokeGroups"
        {"drawing":[[[x,...],[y,...]],...]}      QuickDraw, key_id its id
      What starts with < is read as W3C InkML, one drawing a file.

      The lattice offers every set of neighbouring strokes that could be a character, for the reader to
      choose from; the projection is a plain segmentation, where strokes whose projections on the x
      axis overlap belong together.

      EXAMPLES
        segment testdata/ink/four-plus-four.ndjson | strokes2png --each-group | center28 > glyphs.npy
        segment testdata/ink/sum.inkml | strokes2png --colour-groups > sum.png

      SEE ALSO  strokes2png, center28, expr-eval

      CAVEATS
        A stroke that is two characters at once is not cut, and a candidate has five strokes at most.
        Of InkML, <traceView> is left out, type="penUp" and <definitions> are no ink; documents that
        declare entities, or a <mapping> that is none of identity, affine and lookup, are refused.
        Pressure and time are left out of all forms but our own.
        A drawing has 2,000 strokes and 1,000,000 points at most, within 1e9 of the origin.
      """,
    version: convoyVersion)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case lattice, projection
  }

  @OptionGroup var streams: StreamOptions

  @Option(help: "How to segment: lattice or projection.")
  var method = Method.lattice

  @Option(
    help: "Projection: the share of the narrower stroke above which an overlap joins, 0 to 1.")
  var overlap = Projection.defaultOverlap

  @Flag(help: "Read W3C InkML, one drawing a file, even where a file does not start with <.")
  var inkml = false

  func validate() throws {
    guard (0...1).contains(overlap) else {
      throw ValidationError("--overlap must be from 0 to 1: \(overlap)")
    }
  }

  var expects: String { "ink (NDJSON or InkML)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var json = JSONWriter(output)
    try input.drawings(inkml: inkml) { arrived in
      try arrived.write(groups: groups(arrived.drawing.strokes), to: &json)
    }
  }

  private func groups(_ strokes: [Stroke]) -> [Group] {
    switch method {
    case .lattice: Lattice.groups(strokes)
    case .projection: Projection.groups(strokes, overlap: overlap)
    }
  }
}
