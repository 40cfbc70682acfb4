import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What every script of `pipelines` keeps to.
@Suite struct PipelineMannerTests {
  static let pipelines = files.filter { access("\(root)/pipelines/\($0)", X_OK) == 0 }
  /// Those, and the parts that they share, which are no commands.
  private static let files = names("\(root)/pipelines").filter { !$0.hasPrefix(".") }

  /// What `make install` installs, as the Makefile lists it.
  static let installed = listOfMake("PIPELINES")

  @Test("what is installed is there; only the bench, which needs the clone's samples, is not")
  func list() {
    #expect(Self.pipelines.filter { !Self.installed.contains($0) } == ["bench"])
    #expect(Self.installed.allSatisfy(Self.pipelines.contains))
  }

  @Test("at most 60 lines, and JSON is left to the tools", arguments: files)
  func shape(_ pipeline: String) throws {
    let lines = try #require(text("\(root)/pipelines/\(pipeline)"))
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count - 1 <= 60)
    for (number, line) in lines.enumerated() {
      #expect(line.unicodeScalars.count <= 120, "line \(number + 1)")
      let words = line.split { !$0.isLetter && $0 != "_" }
      let picks = words.contains { ["sed", "awk", "grep", "cut", "jq", "tr"].contains($0) }
      // The help is the head of the script; the bench's summary is of plain numbers.
      let isHelp = line.hasPrefix("  -h | --help) sed ") || line.hasPrefix("    -h | --help) sed ")
      let isSummary = pipeline == "bench" && line.hasPrefix("summary() { sort -n | awk ")
      #expect(!picks || isHelp || isSummary || line.hasPrefix("#"), "line \(number + 1): \(line)")
    }
  }

  @Test(
    "--help and --version, by a link, from any folder, whatever CDPATH says", arguments: pipelines)
  func answers(_ pipeline: String) throws {
    try withFolder { folder in
      let outcome = bash(
        """
        ln -s '\(root)/pipelines/\(pipeline)' link; mkdir pipelines
        export CDPATH=.:/tmp
        ./link --help; ./link -h | cmp - <(./link --help); ./link --version
        cd '\(root)'; pipelines/\(pipeline) --version
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
      #expect(lines.first?.hasPrefix("\(pipeline): ") ?? false, "\(lines)")
      #expect(lines.contains { $0.hasPrefix("  \(pipeline)") }, "no synopsis")
      #expect(lines.suffix(2).allSatisfy { $0.hasPrefix("convoy ") }, "\(lines.suffix(2))")
      #expect(names(folder) == ["link", "pipelines"])
    }
  }

  /// Each pipeline's names in the list that they all read.
  private static let variables = String(
    decoding: bash(
      """
      set -e; . pipelines/variables none 2> /dev/null
      for pipeline in \(pipelines.joined(separator: " ")); do
        names=(); . pipelines/variables $pipeline; echo "$pipeline ${names[*]}"
      done
      """
    ).output, as: UTF8.self)

  @Test("what is read from outside begins with CONVOY_, and is on the list", arguments: pipelines)
  func outside(_ pipeline: String) throws {
    let line = try #require(
      Self.variables.split(separator: "\n").first { $0.hasPrefix("\(pipeline) ") })
    let listed = Set(line.split(separator: " ").dropFirst().map(String.init))
    let script = try #require(text("\(root)/pipelines/\(pipeline)"))
    var read: Set<String> = []
    for match in script.matches(of: #/\$\{?([A-Z][A-Z_]+)/#) { read.insert(String(match.1)) }
    let strange = read.filter { !$0.hasPrefix("CONVOY_") }
      .subtracting(["PATH", "EPOCHREALTIME", "NR"])
    #expect(strange.isEmpty)
    let parts = read.filter { $0.hasPrefix("CONVOY_") }.map { String($0.dropFirst(7)) }
    #expect(Set(parts).subtracting(["DATA"]).isSubset(of: listed), "\(parts)")
  }

  @Test("the old names are read with a line; new ones rule, and others' variables do nothing")
  func oldNames() {
    let market = "--instruments 3 --days 2"
    for (variables, lines) in [
      ("CONVOY_SIMBARS='\(market)'", 0), ("SIMBARS='\(market)'", 1),
      ("SIMBARS='--days x' CONVOY_SIMBARS='\(market)'", 0),
      ("MODEL=x ARCH=y TEXT=z CONVOY_SIMBARS='\(market)'", 0),
    ] {
      let outcome = bash("\(variables) pipelines/desk-bars | cmp - <(simbars \(market))")
      #expect(outcome.ending == .exit(0) && outcome.output.isEmpty, "\(outcome)")
      #expect(outcome.errorLines.count == lines, "\(outcome.errors)")
    }
    // A pipeline of pipelines says it once.
    let outcome = bash(
      "SIMBARS='--instruments 3 --days 2' TRAIN='2010-01-01 2010-02-01' pipelines/qlib-cnn /dev/null/x"
    )
    #expect(
      outcome.errorLines.contains {
        $0.hasPrefix("qlib-cnn: ") && $0.hasSuffix("CONVOY_SIMBARS and so on: SIMBARS TRAIN")
      }, "\(outcome.errors)")
  }

  @Test(
    "a name that no pipeline reads, as of a slip, is told once; all that we read ourselves are known"
  )
  func unknownNames() throws {
    let market = "CONVOY_SIMBARS='--instruments 3 --days 2'"
    let outcome = bash(
      "\(market) CONVOY_TOP_K=3 CONVOY_CPU=baseline CONVOY_TOPK=2 pipelines/desk-bars")
    #expect(outcome.ending == .exit(0))
    #expect(
      outcome.errorLines == [
        "desk-bars: CONVOY_TOP_K is read by no pipeline; of CONVOY_ desk-bars reads "
          + "PROVIDER CSV ADJUST MARKET BENCHMARK SKIP_BAD BARS_OPTIONS SIMBARS"
      ])
    // A pipeline of pipelines says it once.
    let both = bash(
      "\(market) CONVOY_TOP_K=3 CONVOY_TRAIN='2010-01-01 2010-02-01' pipelines/qlib-features .build/none/x"
    )
    #expect(both.errors.split(separator: "CONVOY_TOP_K").count == 2, "\(both.errors)")

    let found = bash(
      """
      git ls-files Sources pipelines Scripts Tests bin Makefile Package.swift .ci |
        xargs grep -ohE '\\bCONVOY_[A-Z_]*[A-Z]\\b' | sort -u
      """)
    let ours = String(decoding: found.output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(ours.count > 50)
    let settings = ours.filter { $0 != "CONVOY_TOP_K" }.map { "\($0)=" }.joined(separator: " ")
    let all = bash("export \(settings); unset CONVOY_TOLD; . pipelines/variables run-spark")
    #expect(all.ending == .exit(0) && all.errors.isEmpty, "\(all.errors)")
  }

  @Test("yes and no are said as people say them, and nothing else")
  func yesAndNo() throws {
    try withFolder { folder in
      put(
        "instrument,date,open,high,low,close,volume,factor\nA,2024-01-02,9,9,9,9,1,2\n",
        "\(folder)/raw")
      put(
        "instrument,date,open,high,low,close,volume\nA,2024-01-02,9,9,9,9,1\nA,2024-01-03,x\n",
        "\(folder)/bad")
      func bars(_ settings: String) -> Outcome {
        bash("\(settings) '\(root)/pipelines/desk-bars' | table --to csv | tail -1", folder: folder)
      }
      for (word, isYes) in [
        ("yes", true), ("True", true), ("1", true), ("NO", false), ("0", false),
      ] {
        let raw = bars("CONVOY_CSV=raw CONVOY_ADJUST=\(word)")
        let close = String(decoding: raw.output, as: UTF8.self).split(separator: ",").dropFirst(5)
          .first
        #expect(close == (isYes ? "18" : "9"), "\(word): \(raw)")
        let bad = bars("CONVOY_CSV=bad CONVOY_SKIP_BAD=\(word)")
        #expect(bad.errors.contains("dropped 1") == isYes, "\(word): \(bad)")
      }
      for name in ["ADJUST", "SKIP_BAD"] {
        let outcome = bash("CONVOY_\(name)=maybe pipelines/desk-bars")
        #expect(outcome.ending == .exit(64), "\(outcome)")
        #expect(outcome.errors == "desk-bars: CONVOY_\(name) must be yes or no: 'maybe'\n")
      }
    }
  }

  @Test("a folder of tasks is of one job: other settings and other input are refused")
  func oneJob() throws {
    try withFolder { folder in
      let prepare = """
        mkdir f i s; simbars --days 5 --instruments 3 > f/bars.npy; cp '\(root)'/testdata/ink/drawings.ndjson i/ink.ndjson
        for file in bars train valid test; do cp f/bars.npy s/$file.npy; done
        export PATH='\(root)/pipelines':$PATH
        tasks-factors f 2 | wc -c > /dev/null; tasks-ink i 2 > /dev/null; tasks-sweep s > /dev/null
        """
      #expect(bash("set -e; \(prepare)", folder: folder).errors.isEmpty)
      func said(_ script: String) -> String {
        bash("PATH='\(root)/pipelines':$PATH; \(script) > out; echo $?; cat out", folder: folder)
          .errors
      }
      // The same again, and in more shards, is the same job.
      #expect(said("tasks-factors f 2") + said("tasks-factors f 3") + said("tasks-ink i 1") == "")
      #expect(
        said("CONVOY_FIELDS=KMID tasks-factors f 2")
          == "tasks-factors: f: is of another job (CONVOY_FIELDS=, now CONVOY_FIELDS=KMID): take another folder\n"
      )
      #expect(
        said("echo > x; CONVOY_MODEL=x tasks-ink i 2")
          .contains("CONVOY_MODEL=, now CONVOY_MODEL=of checksum and bytes "))
      // By the same name another network, and by another name the same.
      #expect(
        said(
          "mkdir k; cp i/ink.ndjson k; cp x y; CONVOY_MODEL=x tasks-ink k 2; CONVOY_MODEL=y tasks-ink k 2"
        )
          == "")
      #expect(
        said("echo 1 >> x; CONVOY_MODEL=x tasks-ink k 2").contains("now CONVOY_MODEL=of checksum"))
      #expect(said("CONVOY_CPU=baseline tasks-factors f 2").contains("now CONVOY_CPU=baseline"))
      #expect(
        said("CONVOY_JOB=$PWD tasks-factors f 2")
          == "tasks-factors: CONVOY_JOB would send tasks to another folder: unset it\n")
      #expect(
        said("CONVOY_TRAIN=2015-01-01 tasks-factors f 2")
          == "tasks-factors: CONVOY_TRAIN must be two days: '2015-01-01'\n")
      #expect(
        said("CONVOY_SEEDS='1 x' tasks-sweep s")
          == "tasks-sweep: CONVOY_SEEDS must be whole numbers: '1 x'\n")
      #expect(said("CONVOY_TOPK=5 tasks-sweep s").contains("CONVOY_TOPK=30 50, now CONVOY_TOPK=5"))
      for (change, tasks) in [
        ("touch -d '1 minute' f/bars.npy", "tasks-factors f 2"),
        ("touch -d 1999-12-31 f/bars.npy", "tasks-factors f 2"),
        ("echo >> i/ink.ndjson", "tasks-ink i 2"),
        ("touch -d '1 minute' s/valid.npy", "tasks-sweep s"),
      ] {
        #expect(bash(change, folder: folder).ending == .exit(0))
        let outcome = bash("'\(root)'/pipelines/\(tasks)", folder: folder)
        #expect(outcome.ending == .exit(65) && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("is of another job ("))
      }
    }
  }

  @Test("given to make they go without, and no pipeline hears of the old name")
  func make() {
    let rule =
      "include Makefile\nshow:\n\t@env | sort | grep -E '^(CONVOY_)?(TOPK|MARKET)=' || true\n"
    let outcome = bash(
      "printf \(quoted(rule)) | make -f - --no-print-directory show TOPK=7 MARKET='a b'")
    #expect(outcome.output == Array("CONVOY_MARKET=a b\nCONVOY_TOPK=7\n".utf8), "\(outcome)")
  }

  private func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
