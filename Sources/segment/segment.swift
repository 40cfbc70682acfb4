import ArgumentParser
import Streams

@main
struct Segment: Tool {
  static let configuration = CommandConfiguration(
    commandName: "segment", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
