import ArgumentParser
import Streams

@main
struct Center28: Tool {
  static let configuration = CommandConfiguration(
    commandName: "center28", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
