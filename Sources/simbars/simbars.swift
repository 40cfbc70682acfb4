import ArgumentParser
import Market
import Streams

@main
struct SimBars: Tool {
  @OptionGroup var streams: StreamOptions
  func run(_ input: ByteReader, _ output: ByteWriter) throws {}
}
