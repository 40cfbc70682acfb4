import ArgumentParser
import Streams

@main
struct Strokes2png: Tool {
  static let configuration = CommandConfiguration(
    commandName: "strokes2png", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
