import ArgumentParser
import Streams

@main
struct LenetInfer: Tool {
  static let configuration = CommandConfiguration(
    commandName: "lenet-infer", abstract: "Not yet.", version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
