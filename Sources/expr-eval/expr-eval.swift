import ArgumentParser
import Streams

@main
struct ExprEval: Tool {
  static let configuration = CommandConfiguration(
    commandName: "expr-eval", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
