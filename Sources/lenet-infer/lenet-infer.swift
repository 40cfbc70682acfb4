/// lenet-infer: says what each glyph could be.
import ArgumentParser
import Glyphs
import Streams
import Tensor

@main
struct LenetInfer: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "lenet-infer",
    abstract: "Say what each glyph of an npy stream could be, with probabilities.",
    discussion: """
      Reads tables of glyphs as center28 writes them, plain arrays of 28×28 or N×28×28 bytes, or \
      idx files; white ink (255) on black. Writes one line of NDJSON a drawing, or a picture of an \
      idx file, with what else came with it. With --labels it compares instead, and prints the error rate and which class was \
      taken for which.

      EXAMPLES
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 |
          lenet-infer | expr-eval
        strokes2png testdata/ink/four-plus-four.ndjson | center28 | lenet-infer --top 3

      DATA
        The error on MNIST's test set, whose glyphs are digits, once its files are in data/mnist (see
        lenet-train):

          lenet-infer --only 0123456789 --labels data/mnist/t10k-labels-idx1-ubyte.gz \\
            data/mnist/t10k-images-idx3-ubyte.gz

      SEE ALSO  center28, expr-eval, lenet-train

      CAVEATS
        Every glyph with ink gets a class, also what is like nothing the network has learnt: its
        probabilities say which class is likelier, not how sure that is; one without is none. Their last digits differ on processors
        without AVX2.
      """,
    version: convoyVersion)

  @Option(
    help: ArgumentHelp("Model to use (default: lenet.safetensors of the house).", valueName: "file")
  )
  var model: String?

  @Option(
    name: [.customLong("top"), .customShort("k")],
    help: ArgumentHelp("Classes named for each glyph.", valueName: "n"))
  var top = 5

  @Option(
    help: ArgumentHelp(
      "The characters that a glyph can be, where that is known, as 0123456789.",
      valueName: "characters"))
  var only: String?

  @Option(help: ArgumentHelp("Labels, idx or npy, to compare with.", valueName: "file"))
  var labels: String?

  @Flag(help: "With --labels, write JSON instead of text.")
  var json = false

  @OptionGroup var layers: MethodOptions

  @Option(help: ArgumentHelp("Threads (default: one for each core).", valueName: "n"))
  var threads: Int?

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top must be positive: \(top)") }
    guard (1...1024).contains(threads ?? 1) else {
      throw ValidationError("--threads must be in 1...1024: \(threads ?? 0)")
    }
    if let only, only.isEmpty { throw ValidationError("--only must have a character at least") }
    guard !json || labels != nil else { throw ValidationError("--json needs --labels") }
  }

  var reads: [String?] { [model, labels] }

  var expects: String { "glyphs (npy)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let model = try Model(path: model, orDefault: "lenet.safetensors")
    let only = only.map { $0.map(String.init) }
    for text in only ?? [] where !model.classes.contains(text) {
      let known = model.classes.joined(separator: " ")
      throw ValidationError("--only: the model has no class '\(text)', but \(known)")
    }
    let reader = GlyphReader(
      model, only: only, methods: layers.methods,
      workers: Workers(threads ?? Workers.cores))
    if let labels {
      let labels = try readBytes(labels, trailing: []).map(Int.init)
      let table = try reader.compare(input, with: labels)
      if json { table.writeJSON(output) } else { output.write(table.summary + table.text) }
      try output.commit()
      return
    }
    var symbols = SymbolOutput(reader, top: top, output)
    var drawings = 0
    try input.forEachSource {
      if try IdxFile.starts(input.peek(4)) {
        try symbols.write(pictures: reader.idxGlyphs(input), numbered: &drawings)
      } else {
        try input.arraysOfSource { array in
          drawings += 1
          try symbols.write(array, number: drawings)
        }
      }
    }
  }
}
