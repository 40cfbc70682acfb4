import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Manners that do not depend on what a tool reads.
@Suite struct MannerTests {
  @Test("every tool of the Makefile is in the table, or it is said why not")
  func table() {
    let built = Set(listOfMake("TOOLS"))
    let inTable = Set((ToolUnderTest.all + ToolUnderTest.onDevices).map(\.name))
    #expect(built == inTable.union(ToolUnderTest.others.keys))
    #expect(inTable.isDisjoint(with: ToolUnderTest.others.keys))
    #expect(Set(names("\(root)/bin").filter { $0 != ".gitignore" }) == built, "make, or make clean")
  }

  @Test("make has built the tools", arguments: ToolUnderTest.executables)
  func isBuilt(_ tool: ToolUnderTest) throws {
    try #require(contents(tool.path) != nil, "\(tool.path) is not there: run make")
  }

  @Test("--help and --version", arguments: ToolUnderTest.executables)
  func help(_ tool: ToolUnderTest) {
    let help = run([tool.path, "--help"])
    #expect(help.ending == .exit(0))
    #expect(help.errors.isEmpty)
    let text = String(decoding: help.output, as: UTF8.self)
    for part in [
      "OVERVIEW: ", "\nEXAMPLES", "SEE ALSO ", "CAVEATS\n", "USAGE: \(tool.name)", "OPTIONS:",
    ] {
      #expect(text.contains(part), "\(tool.name) --help lacks '\(part)'")
    }
    let prose = text.prefix(upTo: text.firstRange(of: "\nUSAGE:")?.lowerBound ?? text.endIndex)
    #expect(prose.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let version = run([tool.path, "--version"])
    #expect(version.output == Array("convoy 0.1.0\n".utf8))
    #expect(run([tool.path, "--help"], output: .file("/dev/full")).ending == .exit(74))
  }

  @Test(
    "empty input is empty output, or an error where there must be some",
    arguments: ToolUnderTest.facing(.emptyInput))
  func empty(_ tool: ToolUnderTest) {
    let outcome = run(tool.arguments)
    guard tool.emptyStatus == 0 else { return expectRefusal(outcome, by: tool, tool.emptyStatus) }
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    #expect(outcome.output.isEmpty || tool.summarises)
    #expect(outcome.errors.isEmpty)
  }

  @Test(
    "usage errors: 64, one line, nothing on standard output",
    arguments: ToolUnderTest.facing(.wrongOptions))
  func usage(_ tool: ToolUnderTest) {
    let wrong = [
      ["--no-such-option"], ["--output"], ["--max-line"], ["--max-line", "-1"], ["--max-line=0"],
      ["--max-line", "1e99"], ["--max-line", "many"], ["--max-line=99999999999999999999"], ["-Z"],
    ]
    for options in wrong {
      expectRefusal(run(tool.arguments + options, tool.sample), by: tool, 64)
    }
  }

  @Test("absurd options of the tool itself")
  func absurdOptions() {
    let wrong = [
      "segment --method guess", "segment --overlap 2", "segment --overlap nan",
      "strokes2png --each-group --colour-groups", "strokes2png --height 0",
      "strokes2png --height 1000000", "strokes2png --margin 64", "strokes2png --pen -1",
      "strokes2png --pen nan", "center28 --box 0", "center28 --box 29", "lenet-infer --top 0",
      "lenet-infer --only x", "lenet-infer --only ''",
      "lenet-infer --threads 0", "lenet-infer --threads 100000", "lenet-infer --json",
      "expr-eval --best 0", "expr-eval --best -3", "expr-eval --best 1000000", "calc-score",
      "calc-score --truth x --hold-out 0", "calc-score --truth x --hold-out 3 --fold 3",
      "calc-score --truth x --seconds -1", "calc-score --truth x --seconds nan",
      "simink --drawings 0", "simink --kinds sum", "simink --fold 5", "simink --hold-out -1",
      "simink --held-out --hold-out 0", "calc-score --fit", "calc-score --check --truth x",
      "calc-score --fit --wrong --truth x",
      "calc-score --fit --fit-geometry",
      "calc-score --fit-geometry --truth x", "calc-score --fit-geometry --wrong",
      "lenet-train", "lenet-train --model x --images y", "lenet-train --model x --resume",
      "cnn1d-train", "cnn1d-train --model x --train : --valid 2015:2016",
      "cnn1d-train --model x --train :2014-12-31 --valid 2015-01-01: --resume", "cnn1d-infer",
      "cnn1d-train --model x --train : --valid :",
      "cnn1d-train --model x --train :2015-01-01 --valid 2015-01-01:",
      "cnn1d-infer --model x --threads 0",
      "lenet-train --model x --threads 0", "lenet-train --model x --recipe none",
      "lenet-train --model x --epoch-samples 1099511627776", "streams-bench --records 0",
      "streams-bench --runs 0", "streams-bench a-file", "lenet-infer --labels -", "segment - -",
      "bars --from 2020-13-01", "bars --from 2020-02-02 --to 2020-02-01", "bars --provider x y",
      "bars --provider x --adjust", "bars --write-provider x --output y", "bars --benchmark 'A B'",
      "bars --threads 2", "simbars x", "simbars --days 0", "simbars --instruments 0",
      "simbars --instruments 1000001", "simbars --signal nan", "simbars --signal -1",
      "simbars --seed -1", "simbars --start 9990-01-01 --days 3000", "simbars --start today",
      "alpha158 --threads 0", "alpha158 --fields KMID,KMID", "alpha158 --fields nothing",
      "alpha158 --fields ''", "alpha158 --set beta", "alpha158 --check-lookahead --state x",
      "alpha158 --state x --from 2020-01-01", "alpha158 --from 2020-02-02 --to 2020-01-01",
      "fillna --value x", "fillna --fields A,A", "dropna --fields ,", "cs-rank --fields A,,B",
      "robust-zscore fit", "robust-zscore apply", "robust-zscore guess",
      "robust-zscore fit --params x --from 2020-02-02 --to 2020-01-01",
      "robust-zscore fit --params x --memory 0",
      "robust-zscore fit --params x --memory 9999999999G",
      "robust-zscore fit --params x --threads 0", "describe --memory lots", "describe --fields A,A",
      "signal-eval --groups 0", "signal-eval --annualization 0", "signal-eval --labels -",
      "signal-eval --labels x --bars y", "topk-backtest", "topk-backtest --bars -",
      "topk-backtest --bars x --topk 0", "topk-backtest --bars x --n-drop -1",
      "topk-backtest --bars x --limit 0", "topk-backtest --bars x --limit nan",
      "topk-backtest --bars x --account 0", "topk-backtest --bars x --open-cost 2",
      "topk-backtest --bars x --risk-degree nan", "topk-backtest --bars x --region mars",
      "topk-backtest --bars x --benchmark 'A B'", "topk-backtest --bars x --trade-unit -1",
      "topk-backtest --bars x --from 2020-02-02 --to 2020-02-01",
      "risk-report --annualization 0", "risk-report --annualization nan",
      "risk-report --risk-free 2", "risk-report --scores -", "risk-report --html",
      "calc-score --truth -", "pipelines/mnist-calc --output x", "pipelines/mnist-calc -ox",
      "pipelines/mnist-calc --no-such-option", "pipelines/mnist-calc-eval",
      "pipelines/mnist-calc-eval - < testdata/ink/drawings.ndjson",
      "pipelines/qlib-features", "pipelines/qlib-features --provider x",
      "pipelines/mnist-calc-eval --method projection testdata/ink/drawings.ndjson",
      "conv-bench --seconds 0", "conv-bench --seconds nan", "conv-bench --runs -1",
      "conv-bench --threads 0", "conv-bench --implementations fast", "conv-bench --suite none",
      "conv-bench --implementations gemm,gemm", "conv-bench --n 3", "conv-bench --list",
      "conv-bench --op conv2d --n 1", "conv-bench --suite seed --op linear",
      "conv-bench --op linear --n 0 --inputs 1 --outputs 1", "conv-bench check --shapes 0",
      "conv-bench --op linear --n 1 --inputs 1 --outputs 1 --r 3", "conv-bench check x",
      "conv-bench --op linear --n 16777216 --inputs 16777216 --outputs 1",
      "conv-bench --op linear --n 1 --inputs 1 --outputs 1 --implementations winograd",
      "conv-bench --op conv2d --n 1 --c 1 --h 2 --w 2 --k 1 --r 3 --s 3",
      "conv-bench --op conv2d --n 1 --c 1 --h 2 --w 2 --k 1 --r 1 --s 1 --stride 1x",
      "conv-bench --runs 0 --plot x.svg", "conv-bench peak check", "conv-bench peak --profile",
      "conv-bench --profile x", "conv-bench --html x", "conv-bench --list --suite seed --html x",
      "conv-bench --trace x --suite seed", "conv-bench --profile --suite seed",
      "conv-bench check --plot x",
      "conv-bench peak --compare x", "conv-bench --list --suite seed --compare x",
      "CONVOY_CPU=z80 conv-bench peak", "conv2d",
      "conv2d --weight x --stride 0", "conv2d --weight x --padding -1",
      "conv2d --weight x --dilation 1x0", "conv2d --weight x --groups 0",
      "conv2d --weight x --method fast", "conv2d --weight x --threads 0",
      "CONVOY_CPU= conv2d --weight x", "ink-pad x", "ink-pad --port 65536", "ink-pad --port -1",
      "ink-pad --port", "ink-pad --idle 0", "ink-pad --host example.org", "ink-pad --host ''",
      "ink-pad --host 127.1", "ink-pad --lan --host 127.0.0.1", "ink-pad --allow-host a:1",
      "ink-pad --allow-host ''", "ink-pad --allow-host http://a", "ink-pad --folder ''",
      "ink-pad --folder",
      "pipelines/mnist-digit --output x", "pipelines/mnist-digit --no-such-option",
      "pipelines/tensor-op x", "pipelines/tensor-op --html", "pipelines/bench x",
      "pipelines/qlib-cnn -x",
      "bars --list-days --write-provider x", "bars --await-benchmark",
      "topk-backtest --bars x --orders",
      "conv-bench --pictures 1", "conv-bench --suite seed --pictures 0",
      "conv-bench --summary --list --suite seed", "conv-bench --summary --compare x",
    ]
    for command in wrong {
      let outcome = bash(command)
      #expect(outcome.ending == .exit(64), "\(command): \(outcome.ending) \(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(command)")
    }
  }

  @Test(
    "long work shows how far it is, on a terminal only, and not when it is to be quiet",
    .enabled(if: Requirement.terminal.isMet, "\(Requirement.terminal)"))
  func progress() throws {
    let terminal = try Terminal()
    func shown(_ command: String) -> String {
      let outcome = bash("{ \(command) | { sleep 1.5; cat; } | tail -c 1; } 2> \(terminal.name)")
      #expect(outcome.output == [0x0a], "\(command)")
      return terminal.shown()
    }
    try withFolder { folder in
      let drawings = try #require(contents("\(root)/testdata/ink/drawings.ndjson"))
      put([[UInt8]](repeating: drawings, count: 20).joined(), "\(folder)/ink")
      let text = shown("segment \(folder)/ink")
      #expect(text.hasPrefix("\rsegment: ") && text.hasSuffix("left\u{1b}[K\r\u{1b}[K"), "\(text)")
      #expect(shown("segment --quiet \(folder)/ink").isEmpty)
      #expect(shown("segment < \(folder)/ink").isEmpty)
    }
  }

  @Test(
    "answers are a table on a terminal, whose rows stand under each other, and text with --text",
    .enabled(if: Requirement.terminal.isMet, "\(Requirement.terminal)"))
  func answersOnATerminal() throws {
    let terminal = try Terminal()
    func shown(_ command: String) -> [String] {
      #expect(bash("\(command) > \(terminal.name)").ending == .exit(0), "\(command)")
      return terminal.shown().split(separator: "\r\n").map(String.init)
    }
    let ink = "testdata/ink/four-plus-four.ndjson"
    let rows = shown("printf '%s\\n' 1/2+1 '(3' | expr-eval")
    #expect(
      rows == [
        "id                text              confidence",
        "1                 1/2+1=3/2               1.00",
        "2                 (3 ('(' is not closed)        1.00",
      ])
    let calculated = shown("pipelines/mnist-calc \(ink)")
    #expect(calculated.count == 2 && calculated[0].hasPrefix("id  "), "\(calculated)")
    #expect(calculated[1].hasPrefix("four-plus-four    4+4=8 "), "\(calculated)")
    #expect(shown("pipelines/mnist-calc --text \(ink)") == ["4+4=8"])
    // No id moves the cursor.
    let hostile = shown(#"echo '{"id":"a\u001b[2Jb","symbols":[]}' | expr-eval"#)
    #expect(hostile.count == 2 && hostile[1].hasPrefix(#"a\u001b[2Jb"#), "\(hostile)")
  }

  @Test(
    "missing files and folders: 66 with the path", arguments: ToolUnderTest.facing(.missingInput))
  func missing(_ tool: ToolUnderTest) {
    for path in ["/no/such/file", "/tmp", "testdata"] {
      expectRefusal(run(tool.arguments + [path]), by: tool, 66, naming: path)
    }
  }

  @Test(
    "models and other files beside the input: missing 66, a folder 66, of another kind or empty 65",
    arguments: ToolUnderTest.facing(.sideFiles))
  func sideFiles(_ tool: ToolUnderTest) throws {
    let option = try #require(tool.sideFile)
    var words = tool.arguments
    if let place = words.firstIndex(of: option) { words.removeSubrange(place...place + 1) }
    for (path, status) in [
      ("/no/such/file", Int32(66)), ("/tmp", 66), ("/dev/null", 65),
      ("testdata/ink/sum.inkml", 65), ("models/lenet.safetensors", 65),
    ] where !(path.hasPrefix("models/") && tool.name.hasPrefix("lenet-")) {
      let outcome = run(words + [option, path], tool.sample)
      expectRefusal(outcome, by: tool, status, naming: path)
    }
  }

  @Test("standard input closed: 66", arguments: ToolUnderTest.facing(.closedInput))
  func closedInput(_ tool: ToolUnderTest) {
    let outcome = run(["/bin/bash", "-c", "exec \"$0\" \"$@\" <&-"] + tool.arguments)
    expectRefusal(outcome, by: tool, 66, naming: "<stdin>")
  }

  @Test(
    "named files, -, and gzip give the same bytes as standard input",
    arguments: ToolUnderTest.facing(.damagedGzip))
  func inputs(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    try withFolder { folder in
      put(tool.sample, "\(folder)/sample")
      put(run(["/usr/bin/env", "gzip", "-c"], tool.sample).output, "\(folder)/sample.gz")
      #expect(run(tool.arguments + ["\(folder)/sample"]).output == expected)
      #expect(run(tool.arguments + ["\(folder)/sample.gz"]).output == expected)
      #expect(run(tool.arguments + ["-"], tool.sample).output == expected)
      let zipped = try #require(contents("\(folder)/sample.gz"))
      // Cut anywhere, with another checksum, and with something behind it.
      var damaged: [[UInt8]] = [zipped + [1, 2, 3]]
      damaged.append(zipped.dropLast(8) + [0, 0, 0, 0] + zipped.suffix(4))
      let step = max(1, zipped.count / Samples.count(6))
      for place in stride(from: 3, to: zipped.count, by: step) {
        damaged.append(Array(zipped[..<place]))
      }
      for bytes in damaged {
        let outcome = run(tool.arguments, bytes)
        #expect(
          outcome.ending == .exit(65) && outcome.errorLines.count == 1 && outcome.endsWhole,
          "\(bytes.count) bytes: \(outcome.ending) \(outcome.errors)")
      }
      if tool.format != .csv, tool.format != .npy {
        #expect(
          run(tool.arguments, zipped + zipped).output
            == run(tool.arguments, tool.sample + tool.sample).output)
      }
    }
  }
}
