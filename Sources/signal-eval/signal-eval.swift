import ArgumentParser
import Streams

@main
struct SignalEval: Tool {
  static let configuration = CommandConfiguration(commandName: "signal-eval")
  @OptionGroup var streams: StreamOptions
  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
