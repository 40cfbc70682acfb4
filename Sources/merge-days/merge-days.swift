/// merge-days: joins streams of days by date, as the shards of a market are joined again.
import ArgumentParser
import Days
import Streams

@main
struct MergeDays: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "merge-days",
    abstract: "Join streams of days by date, the rows of a day in order of the instrument.",
    discussion: """
      Reads files of npy tables, one a day, all at once, and writes each day with the rows of all. The
      fields must be the same, and an instrument in one of the files. A file may lack days that others
      have. The bytes are the same for any number of shards, and those of one run whose days have their rows in
      order, as bars and alpha158 write them.

      Files called 2-of-7.npy, as shard calls them, must be all of one splitting, each once; --some takes
      a part of them. A file without any day is refused, but where its seal says that this is all. Where
      files end on different days, a line says so: one may have been cut short. --sealed refuses those that
      cannot tell.

      EXAMPLES
        simbars --days 60 | shard --shards 3 --into parts && merge-days parts/*.npy | describe
        simbars --days 60 | shard --bounds SIM0050 --into halves; \\
          merge-days halves/1-of-2.npy halves/2-of-2.npy | alpha158 > factors.npy

      SEE ALSO  shard

      CAVEATS
        A day of each file is held, and all files are open: the limit of open files is raised as far as the
        system allows. Tables without rows are no days, and are left out.
      """,
    version: convoyVersion)

  @Flag(help: "Take some of the shards that names tell of, and other files beside them.")
  var some = false

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    try WrittenPath.checkEachOnce(streams.files)
    if !some { try ShardName.checkIsWhole(streams.files) }
    let merge = try DayMerge(input)
    try merge.write(to: output)
    if let note = merge.note { diagnose(note) }
  }
}
