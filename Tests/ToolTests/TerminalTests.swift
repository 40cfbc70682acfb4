import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tools on a terminal.
@Suite(.enabled(if: Requirement.terminal.isMet, "\(Requirement.terminal)"))
struct TerminalTests {
  private static let market = "simbars --days 40 --instruments 9"
  private static let fields = "--fields ROC5,MA5,STD20"

  /// What prints tables, as somebody would call it.
  static let printing = [
    "\(market) | alpha158 \(fields) | describe --label LABEL0",
    "\(market) | alpha158 | describe",
    "printf 'instrument,date,贵州茅台的收盘价,\(String(repeating: "n", count: 80))\\n"
      + "A,2020-01-02,nan,inf\\n' | table | describe",
    "\(market) | alpha158 --fields ROC5 | signal-eval --score ROC5",
    "\(market) | alpha158 --fields ROC5 | signal-eval --score ROC5 --groups 30",
    "conv-bench --op conv2d --n 1 --c 2 --h 5 --w 6 --k 3 --r 3 --s 3 --runs 1",
    "conv-bench check --shapes 1",
    "conv-bench --op conv2d --n 4 --c 8 --h 9 --w 9 --k 8 --r 3 --s 3 --runs 2 | cat"
      + " | conv-bench --summary",
    "head -12 testdata/ink/drawings.ndjson | lenet-train --model /dev/null --hold-out 3"
      + " --arch 'conv 5x5x8, relu, pool 2, fc 24' --epochs 3 --batch 16",
    "\(market) | alpha158 --fields ROC5,MA5 | fillna | cnn1d-train --model /dev/null --arch linear"
      + " --train :2015-02-03 --valid 2015-02-04: --max-steps 40",
    "pipelines/mnist-calc testdata/ink/four-plus-four.ndjson",
    "pipelines/mnist-calc testdata/ink/drawings.ndjson | cat | head -3 |"
      + " calc-score --truth testdata/ink/drawings.ndjson",
  ]

  @Test(
    "tables fit the terminal, and a narrower one; a pipe has the width it had", arguments: printing)
  func tables(_ command: String) throws {
    var letters: [[Character: Int]] = []
    for columns in [200, 80, 40] {
      let terminal = try Terminal(columns: columns)
      let outcome = bash("set -o pipefail; \(command) 2> /dev/null > \(terminal.name)")
      #expect(outcome.ending == .exit(0), "\(command)")
      let rows = terminal.screen()
      #expect(rows.count > 1)
      for row in rows {
        let wide = row.unicodeScalars.count { $0.value >= 0x4e00 }
        #expect(row.count + wide <= columns, "\(columns): '\(row)'")
        #expect(row.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(row)")
      }
      letters.append(rows.joined().reduce(into: [:]) { if $1.isLetter { $0[$1, default: 0] += 1 } })
    }
    // Names stand in every block: a narrow terminal has all that a wide one has, or more of it.
    guard !command.contains("conv-bench") else { return }
    for narrow in letters.dropFirst() {
      #expect(letters[0].allSatisfy { narrow[$0, default: 0] >= $1 }, "\(command): \(letters)")
    }
  }

  @Test("names are set off where the terminal can and NO_COLOR does not forbid it")
  func colour() throws {
    let terminal = try Terminal(columns: 80)
    for (variables, isSetOff) in [
      (["TERM=xterm"], true), (["TERM=xterm", "NO_COLOR="], true),
      (["TERM=xterm", "NO_COLOR=1"], false), (["TERM=dumb"], false), ([], false),
    ] {
      let outcome = run(
        ["\(root)/bin/expr-eval", "-"], Array("1+2\n".utf8), output: .file(terminal.name),
        environment: variables)
      let shown = terminal.shown()
      #expect(outcome.ending == .exit(0) && shown.contains("1+2=3"))
      #expect(shown.hasPrefix("\u{1b}[1mid") == isSetOff, "\(variables): \(shown)")
      #expect(shown.contains("\u{1b}") == isSetOff)
    }
    let piped = run(
      ["\(root)/bin/expr-eval", "-"], Array("1+2\n".utf8), environment: ["TERM=xterm"])
    #expect(!piped.output.contains(0x1b))
  }

  @Test(
    "a terminal is shown text without controls; what is no text is refused, and says how else",
    arguments: ToolUnderTest.all)
  func binary(_ tool: ToolUnderTest) throws {
    let terminal = try Terminal(columns: 80)
    let outcome = run(tool.arguments, tool.sample, output: .file(terminal.name))
    let shown = terminal.shown()
    if outcome.ending == .exit(64) {
      expectRefusal(outcome, by: tool, 64, naming: "standard output is a terminal")
      #expect(outcome.errors.contains("> FILE") && shown.isEmpty, "\(outcome.errors)")
      return
    }
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\r" || $0 == "\n" })
  }

  @Test(
    "what is always binary is refused before anything is read",
    arguments: [
      "alpha158", "bars", "simbars", "fillna", "center28", "strokes2png", "merge-days",
      "table --to npy", "table --to arrow",
    ])
  func early(_ command: String) throws {
    let terminal = try Terminal()
    let words = command.split(separator: " ").map(String.init)
    let outcome = Process(["\(root)/bin/\(words[0])"] + words[1...], output: .file(terminal.name))
      .finish(endsInput: false)
    #expect(outcome.ending == .exit(64) && outcome.errorLines.count == 1, "\(outcome)")
  }

  @Test(
    "a tool at a terminal says what it waits for, in one line, and what is typed is its input",
    arguments: ToolUnderTest.all.filter { $0.format != .nothing })
  func waiting(_ tool: ToolUnderTest) throws {
    let terminal = try Terminal()
    // Ctrl-D, for as often as the end is read.
    terminal.type("\u{4}\u{4}\u{4}\u{4}")
    let words = tool.arguments.map { "'\($0)'" }.joined(separator: " ")
    let outcome = bash("exec \(words) < \(terminal.name)")
    #expect(outcome.ending == .exit(tool.emptyStatus), "\(outcome)")
    let line = try #require(outcome.errorLines.first)
    let expected = try Regex(
      "\(tool.name): reading .*\\b(ndjson|text|csv|npy|png)\\b.* from the terminal; end with Ctrl-D, "
        + "or give a file; see --help"
    ).ignoresCase()
    #expect(line.wholeMatch(of: expected) != nil, "\(line)")
    #expect(!outcome.errors.dropFirst(line.count).contains("terminal"))
  }

  @Test("only a terminal that is read is waited for")
  func notWaiting() throws {
    let terminal = try Terminal()
    let outcome = bash("expr-eval testdata/expressions.txt < \(terminal.name); true")
    #expect(!outcome.errors.contains("terminal"), "\(outcome.errors)")
    #expect(bash("simbars --days 1 < \(terminal.name) | wc -c").errors.isEmpty)
  }

  @Test(
    "progress and output never share a row, on a narrow terminal too; it is gone at the end, also at an early one",
    arguments: [(80, ""), (20, "timeout -s INT 3 ")])
  func progress(columns: Int, before: String) throws {
    let terminal = try Terminal(columns: columns)
    let problem =
      before.isEmpty
      ? "--op conv2d --n 1 --c 2 --h 5 --w 6 --k 3 --r 3 --s 3 --seconds 0.7"
      : "--suite lenet --seconds 0.3"
    let script = "\(before)conv-bench \(problem) --implementations swap,gemm"
    _ = bash("{ echo before; \(script); } > \(terminal.name) 2>&1")
    let text = terminal.shown()
    // It was there, and fits the terminal, whose last column is left free.
    let drawn = text.split(separator: "\r").filter { $0.hasSuffix("\u{1b}[K") && $0.count > 4 }
    #expect(!drawn.isEmpty, "\(text)")
    for line in drawn { #expect(line.count - 3 < columns, "'\(line)'") }
    // And it is gone.
    let rows = Screen(text).rows.map { String($0) }
    #expect(rows.first == "before")
    for row in rows { #expect(!row.contains("problems") && row.count <= columns, "\(row)") }
    #expect(!before.isEmpty || rows.contains { $0.contains("swap") })
  }
}
