/// cnn1d-infer: scores instruments, day by day, by a network of cnn1d-train.
import ArgumentParser
import Days
import Series
import Streams
import Tensor

@main
struct CNN1DInfer: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "cnn1d-infer",
    abstract: "Score the instruments of each day by a network that cnn1d-train has trained.",
    discussion: """
      Reads npy tables, one a day, in order of the days, and writes each with a score for every row:
      instrument, date, the fields that the network has not read, score. It remembers the last days of
      each instrument, as many as the network sees; --state keeps them in a file, so that a day's scores
      need that day's rows only. Rows do not tell whether days before them are missing: --calendar FILE
      refuses days that leave one of its out, behind the state and among themselves, and --after DAY a
      state that does not end on the day that bars --after was told. Of two runs on one state the second
      ends with 75.

      Where the model carries a normalisation (cnn1d-train --normalisation), the input is raw factors, as
      alpha158 writes them: they are scaled, clipped and filled here. --processed says that they have
      been already. Where it carries none, they must have been. Scores of several networks are averaged.

      EXAMPLES
        simbars --days 60 | alpha158 --no-label --fields KMID,ROC5,MA5 |
          cnn1d-infer --model testdata/market/scores.safetensors --ndjson
        simbars --days 60 | alpha158 |
          cnn1d-infer --model testdata/market/scores.safetensors --from 2015-03-02 > scores.npy

      SEE ALSO  cnn1d-train, alpha158, signal-eval, topk-backtest

      CAVEATS
        An instrument has a score from its first day on, when most of its window repeats that day; and so
        it was learned. A state is of one model: another one refuses it. Last digits of scores differ
        between AVX-512, AVX2 and others.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Model to score by.", valueName: "file"), completion: .file())
  var model: String

  @Option(help: ArgumentHelp("First day to write; windows look back beyond it.", valueName: "date"))
  var from: Day?

  @Option(help: ArgumentHelp("Last day to write.", valueName: "date"))
  var to: Day?

  @OptionGroup var memory: StateOptions

  @Option(
    help: ArgumentHelp(
      "Trading days, one a line, as bars --list-days writes them.", valueName: "file"),
    completion: .file())
  var calendar: String?

  @Flag(help: "The input is normalised already, though the model could do it.")
  var processed = false

  @Flag(help: "Write NDJSON, a line a row, instead of npy.")
  var ndjson = false

  @Option(help: ArgumentHelp("Threads that share the rows of a day.", valueName: "n"))
  var threads = 1

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  func validate() throws {
    try sealing.validate(unless: ndjson, "--ndjson")
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be in 1...1024: \(threads)")
    }
    _ = try DaySpan(from: from, to: to)
  }

  var writes: [WrittenPath] { [memory.written] }
  var reads: [String?] { [model, calendar] }

  var writesBinary: BinaryOutput? { ndjson ? nil : .arrays }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let wanted = try DaySpan(from: from, to: to)
    let model = try SignalModel(path: model)
    let days = DayScores(
      model, isRaw: model.normalisation != nil && !processed, workers: Workers(threads))
    days.calendar = try calendar.map { try TradingCalendar(reading: $0) }
    let state = try memory.file()
    if let state {
      try days.resume(from: state.path)
      try state.check(last: days.lastDay)
    }
    var json = JSONWriter(output)
    try input.days { array in
      guard let (day, scores) = try days.push(array) else { return }
      guard wanted.contains(day) else { return }
      if ndjson {
        try days.write(array, scores, &json)
      } else {
        output.write(try days.table(array, scores))
      }
    }
    if let state { output.didFinish = { try days.save(to: state.path) } }
  }
}
