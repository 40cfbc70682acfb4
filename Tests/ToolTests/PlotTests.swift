import TestFolders
import Testing

/// What `--plot` of the trainers draws.
@Suite struct PlotTests {
  /// Trainers with the options of a short training, and those of its first part.
  static let trainers = [
    (
      name: "cnn1d-train",
      input: "simbars --days 40 --instruments 9 | alpha158 --fields ROC5,MA5 | fillna",
      options: "--model m --arch linear --train :2015-02-03 --valid 2015-02-04: --max-steps 60"
        + " --learning-rate",
      rate: "0.002", part: "--stop-after 30"
    ),
    (
      name: "lenet-train", input: "head -12 \(root)/testdata/ink/drawings.ndjson",
      options: "--model m --arch 'conv 5x5x4, relu, pool 2, fc 24' --hold-out 3 --epochs 3"
        + " --batch 16 --interval 1 --learning-rate", rate: "0.002", part: "--stop-after 1"
    ),
  ]

  @Test(
    "the curves of a resumed training are those of one run, where the checkpoint has them",
    arguments: trainers.indices)
  func curves(_ index: Int) throws {
    let trainer = Self.trainers[index]
    try withFolder { folder in
      func train(_ options: String) -> Outcome {
        bash(
          "\(trainer.input) | \(trainer.name) \(trainer.options) \(trainer.rate) \(options)",
          folder: folder)
      }
      let whole = train("--plot whole.svg")
      #expect(whole.ending == .exit(0), "\(whole.errors)")
      let picture = try #require(text("\(folder)/whole.svg"))
      #expect(picture.matches(of: /<polyline/).count == 4)
      for word in ["training", "validation", "loss", "steps"] { #expect(picture.contains(word)) }
      for plot in ["--plot parts.svg", ""] {
        let first = train("--checkpoint c \(trainer.part) \(plot)")
        let second = train("--checkpoint c --resume --plot parts.svg")
        #expect(first.ending == .exit(0) && second.ending == .exit(0), "\(second.errors)")
        let parts = try #require(text("\(folder)/parts.svg"))
        #expect((parts == picture) != plot.isEmpty)
        #expect(parts.contains("where the training was resumed") == plot.isEmpty)
        #expect(bash("rm c", folder: folder).ending == .exit(0))
      }
      #expect(Set(names(folder)).isSubset(of: ["whole.svg", "parts.svg", "m", "c"]))
    }
  }

  @Test("networks of several seeds are drawn one after the other, and not joined")
  func seeds() throws {
    let trainer = Self.trainers[0]
    try withFolder { folder in
      let outcome = bash(
        "\(trainer.input) | \(trainer.name) \(trainer.options) 0.002 --seeds 2 --plot a.svg",
        folder: folder)
      let picture = try #require(text("\(folder)/a.svg"), "\(outcome.errors)")
      #expect(picture.matches(of: /<polyline/).count == 8 && picture.contains(">120<"))
    }
  }

  @Test("a training that diverges has its curves up to there", arguments: trainers.indices)
  func diverged(_ index: Int) throws {
    let trainer = Self.trainers[index]
    try withFolder { folder in
      let outcome = bash(
        "set -o pipefail; \(trainer.input) | \(trainer.name) \(trainer.options) 1e30 --plot a.svg",
        folder: folder)
      #expect(outcome.ending == .exit(65), "\(outcome.errors)")
      #expect(text("\(folder)/a.svg")?.hasSuffix("</svg>\n") == true)
    }
  }
}
