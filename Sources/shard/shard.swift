/// shard: splits a stream of days by instrument, and NDJSON by its lines, for workers that share it.
import ArgumentParser
import Days
import Streams

@main
struct Shard: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "shard",
    abstract: "Split a stream of days by instrument, or NDJSON by its lines, into shards.",
    discussion: """
      Reads npy tables, one a day, and writes the rows of each instrument to one of the shards: to files
      1-of-4.npy and on in the new folder --into, which is there when all are whole, or with --only to
      standard output. merge-days joins what workers make of them. Which shard an instrument is in, the
      64-bit FNV-1a hash of its code says (the remainder by --shards), or --bounds: codes below the first
      are in shard 1, and so on.

      NDJSON is split by the text under --key, its lines as they are: by instrument, or where that is
      missing by id, so that all that is said of a drawing is in one shard. cat joins it.

      A shard that has rows again after days on which others had some is refused: a window over its days
      would not count those. Where nothing looks back, --gaps lets it pass.

      EXAMPLES
        simbars --days 60 | shard --shards 3 --into shards && merge-days shards/*.npy | describe
        simbars --days 60 | shard --shards 3 --only 2 | alpha158 > 2-of-3.npy
        shard --shards 2 --only 1 testdata/ink/drawings.ndjson | segment > groups.ndjson

      SEE ALSO  merge-days, calc-score

      CAVEATS
        A table of many days is taken as its days; one without rows is no day, and is left out. Ink without
        id is refused, as segment would number each shard anew.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("How many shards, by hash.", valueName: "n"))
  var shards: Int?

  @Option(
    help: ArgumentHelp("Where all shards but the first begin, ascending.", valueName: "code,..."))
  var bounds: String?

  @Option(
    help: ArgumentHelp("The folder for the shards, which is made.", valueName: "dir"),
    completion: .directory)
  var into: String?

  @Option(help: ArgumentHelp("Write this shard alone, to standard output.", valueName: "i"))
  var only: Int?

  @Option(
    help: ArgumentHelp("What NDJSON is split by (default: instrument, id).", valueName: "name"))
  var key: String?

  @Flag(help: "Let a shard lack days between its own.")
  var gaps = false

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  func validate() throws {
    let rule = try rule
    guard (into == nil) != (only == nil) else {
      throw ValidationError(
        "either --into must name a folder for all shards, or --only one of them")
    }
    guard into == nil || streams.output == nil else {
      throw ValidationError("--into writes the shards, so that there is no --output")
    }
    if let only, !(1...rule.count).contains(only) {
      throw ValidationError("--only must be in 1...\(rule.count): \(only)")
    }
  }

  /// Which shard is whose, by the options.
  private var rule: ShardRule {
    get throws {
      if let bounds {
        guard shards == nil else { throw ValidationError("--bounds says how many: no --shards") }
        do { return try ShardRule(bounds: bounds) } catch {
          throw ValidationError("--bounds: \(error)")
        }
      }
      guard let shards else {
        throw ValidationError("--shards must say how many, or --bounds where")
      }
      guard (1...ShardRule.most).contains(shards) else {
        throw ValidationError("--shards must be in 1...\(ShardRule.most): \(shards)")
      }
      return .hash(shards)
    }
  }

  var sealsOutput: Bool { sealing.seal && into == nil }
  var writes: [WrittenPath] { [.newFolder("--into", into)] }

  var expects: String { "a table stream (npy), or NDJSON" }
  // NDJSON in is NDJSON out.
  var writesBinary: BinaryOutput? { nil }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let rule = try rule
    try input.split(by: rule, key: key, allowingGaps: gaps, sealed: sealing.seal) { isNpy in
      guard let into else { return (1...rule.count).map { $0 == only ? output : nil } }
      let folder = try StreamFolder(into, names: rule.names(ending: isNpy ? "npy" : "ndjson"))
      if sealing.seal { folder.sealArrays() }
      output.didFinish = { try folder.publish() }
      return folder.writers
    }
  }
}
