import ArgumentParser
import Streams

@main
struct LenetTrain: Tool {
  static let configuration = CommandConfiguration(
    commandName: "lenet-train", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
