/// simbars: daily bars of a market that never was, so that everything runs without data.
import ArgumentParser
import Bars
import Days
import Streams

@main
struct SimBars: Tool, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "simbars",
    abstract: "Make up daily bars of a synthetic market, as a stream of days like that of bars.",
    discussion: """
      Writes what bars writes, one npy table a trading day, of a market that is SYNTHETIC: no price in it
      was ever paid. Prices are adjusted, with splits in the factor. There are sectors, suspensions, late
      listings, delistings and days at a limit of 10 %. Stocks are SIM0001 and on, SIM00001 of over 9,999;
      INDEX is the mean return of the members, and no member.

      Next days' returns can be foreseen a little, across the stocks of a day: by a slow drift of each
      stock, and by the reversal of its noise of the last days. --signal 0 leaves pure noise.

      The same seed gives the same bytes on every machine, and a longer market begins as a shorter one.

      EXAMPLES
        simbars --days 60 --instruments 9 | bars --from 2015-02-02 > february.npy
        simbars --seed 7 --days 250 --start 2020-01-01 > market.npy

      SEE ALSO  bars, alpha158

      CAVEATS
        What earns money here says nothing about a real market. Every weekday is a trading day.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Whole number that everything follows from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Stocks, some of which are listed late.", valueName: "n"))
  var instruments = 100

  @Option(help: ArgumentHelp("Trading days.", valueName: "n"))
  var days = 500

  @Option(help: ArgumentHelp("Day to begin on, or the first weekday after it.", valueName: "date"))
  var start = Day(number: 16_436)

  @Option(help: ArgumentHelp("How well returns can be foreseen: 0 not at all.", valueName: "x"))
  var signal = 1.0

  @OptionGroup var streams: StreamOptions
  @OptionGroup var sealing: SealOption

  func validate() throws {
    guard streams.files.isEmpty else {
      throw ValidationError("no file is read, the market is made up: '\(streams.files[0])'")
    }
    guard (1...1_000_000).contains(instruments) else {
      throw ValidationError("--instruments must be in 1...1000000: \(instruments)")
    }
    guard (1...100_000).contains(days) else {
      throw ValidationError("--days must be in 1...100000: \(days)")
    }
    guard Day(number: start.number + Int32(days / 5 * 7 + 7)) < SyntheticMarket.end else {
      throw ValidationError("--days must end before the year 9999: \(days) from \(start)")
    }
    guard (0...10).contains(signal) else {
      throw ValidationError("--signal must be from 0 to 10: \(signal)")
    }
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var market = try SyntheticMarket(
      seed: seed, instruments: instruments, start: start, signal: signal)
    for _ in 0..<days {
      output.write(market.nextDay().array)
      try output.commit()
    }
  }
}
