import TestFolders
import Testing

/// The pipeline that compares the ways to convolve, and its page.
@Suite struct TensorOpTests {
  /// What makes it short.
  private static let short =
    "export CONVOY_SECONDS=0.01 CONVOY_SHAPES=4 CONVOY_PICTURES=1 CONVOY_NAIVE_PICTURES=0; "
    + "export CONVOY_MNIST=/none; pipeline='\(root)/pipelines/tensor-op'; "

  private func lines(_ outcome: Outcome) -> [Substring] {
    String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
  }

  @Test("it checks, times and profiles the implementations, and makes a page of it")
  func whole() throws {
    try withFolder { folder in
      let outcome = bash(
        Self.short + "CONVOY_METHODS='swap gemm' $pipeline --html page.html", folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      let lines = lines(outcome)
      // Two times classic and one small, each two ways, and what they are; one large, one way.
      #expect(
        lines.filter { $0.hasPrefix("  classic") || $0.hasPrefix("  small") }.count == 3 + 6 + 0)
      #expect(lines.filter { $0.hasPrefix("  large") }.count == 2)
      #expect(lines.contains { $0.hasPrefix("  lenet5 swap   ") && $0.contains(" 5 ") })
      #expect(lines.contains { $0.hasPrefix("  mnist-net gemm   ") && $0.contains(" 2 ") })
      #expect(lines.contains { $0.contains("gradients agree with finite differences") })
      #expect(lines.last?.hasPrefix("Not trained: MNIST's files (https://") ?? false)
      #expect(lines.last?.hasSuffix(" are not in /none") ?? false)
      // Nothing but the page, and the page is whole.
      #expect(names(folder) == ["page.html"])
      let page = try #require(text("\(folder)/page.html"))
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
      for part in ["Roofline", "classic, forward and backward", "training step of lenet5", "swap"] {
        #expect(page.contains(part), "\(part)")
      }
      #expect(!page.contains("https://") && !page.contains("Seconds of an epoch"))
    }
  }

  @Test("the old name of its seconds is read with a line, and the new one rules")
  func oldName() {
    let line = "tensor-op: CONVOY_TIME is read for the last time, name it CONVOY_SECONDS"
    for (variables, count) in [
      ("CONVOY_TIME=x", 1), ("CONVOY_SECONDS=x", 0), ("CONVOY_TIME=1 CONVOY_SECONDS=x", 0),
    ] {
      let outcome = bash(
        "\(variables) CONVOY_SHAPES=1 CONVOY_METHODS=gemm '\(root)/pipelines/tensor-op'")
      #expect(outcome.ending == .exit(64), "\(outcome)")
      #expect(outcome.errorLines.filter { $0 == line }.count == count, "\(outcome.errors)")
      #expect(outcome.errorLines.last?.contains("--seconds") ?? false, "\(outcome.errors)")
    }
  }

  @Test("what is wrong outside is one line before anything is measured, under its own name")
  func environment() throws {
    try withFolder { folder in
      for (variables, status, text) in [
        ("CONVOY_THREADS=two", 64, "CONVOY_THREADS must be a whole number from 1 on: 'two'"),
        ("CONVOY_THREADS=0", 64, "CONVOY_THREADS must be a whole number from 1 on: '0'"),
        ("CONVOY_THREADS=999", 64, "--threads must be in 1...256: 999 (see conv-bench --help)"),
        ("CONVOY_SAMPLES=-5", 64, "CONVOY_SAMPLES must be a whole number from 1 on: '-5'"),
        ("CONVOY_PICTURES=1.5", 64, "CONVOY_PICTURES must be a whole number from 1 on: '1.5'"),
        ("CONVOY_PICTURES=99999999", 64, "--pictures must be in 1...16777216: 99999999"),
        ("CONVOY_NAIVE_PICTURES=x", 64, "CONVOY_NAIVE_PICTURES must be a whole number from 0"),
        ("CONVOY_PEER=/no/such", 69, "CONVOY_PEER must be a program: '/no/such'"),
        ("CONVOY_WORK=/dev/null/x", 74, "CONVOY_WORK: cannot write into '/dev/null/x'"),
        ("TMPDIR=/no/such", 74, "TMPDIR: "),
      ] {
        let outcome = bash(
          "export CONVOY_MNIST=/none CONVOY_SECONDS=100; \(variables) '\(root)/pipelines/tensor-op'",
          folder: folder)
        #expect(outcome.ending == .exit(Int32(status)), "\(variables): \(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains(": \(text)"), "\(outcome.errors)")
      }
      let failed = bash(
        Self.short + "CONVOY_METHODS=gemm CONVOY_PEER=false $pipeline", folder: folder)
      #expect(
        failed.ending == .exit(69) && failed.errors == "tensor-op: CONVOY_PEER failed: 'false'\n")
      #expect(names(folder).isEmpty)
    }
  }

  @Test("an unknown way, and what is no option, end it")
  func usage() {
    #expect(bash("CONVOY_METHODS='gemm fast' pipelines/tensor-op").ending == .exit(64))
    for words in ["--html", "--html ''", "--fast", "page.html"] {
      let outcome = bash("pipelines/tensor-op \(words)")
      #expect(outcome.ending == .exit(64) && outcome.output.isEmpty, "\(words): \(outcome)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("tensor-op: "))
    }
  }

  @Test(
    "a page that cannot be written, or is another output, is refused before anything is measured")
  func refused() throws {
    try withFolder { folder in
      for (words, status) in [
        ("--html none/page.html", 74), ("--html .", 74), ("--html out > out", 64),
        ("--html work/check", 64),
      ] {
        let outcome = bash(
          Self.short + "CONVOY_WORK=work CONVOY_SECONDS=100 $pipeline \(words)", folder: folder)
        #expect(outcome.ending == .exit(Int32(status)), "\(words): \(outcome)")
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      for name in names("\(folder)/work") {
        #expect(text("\(folder)/work/\(name)")?.isEmpty ?? false, "\(name)")
      }
    }
  }

  @Test("killed or failed, it leaves the page that was there, and nothing beside it")
  func killed() throws {
    try withFolder { folder in
      let outcome = bash(
        Self.short + """
          mkdir temporary; export TMPDIR=$PWD/temporary; echo before > page.html
          CONVOY_SECONDS=60 CONVOY_METHODS=gemm setsid $pipeline --html page.html & sleep 3
          kill -TERM -- -$!; for i in {1..50}; do kill -0 -- -$! 2> /dev/null || break; sleep 0.1; done
          kill -KILL -- -$! 2> /dev/null; wait $! && echo done || true
          cat page.html; ls; ls temporary
          CONVOY_SECONDS=x CONVOY_METHODS=gemm $pipeline --html page.html 2> /dev/null || echo $?
          cat page.html; ls temporary
          """, folder: folder)
      #expect(
        lines(outcome) == ["before", "page.html", "temporary", "64", "before"], "\(outcome)")
    }
  }

  @Test("the page is the same twice, from the same records; nothing to write about is an error")
  func page() throws {
    try withFolder { folder in
      let records = "'\(root)/Tests/golden/conv-bench/summary/records.ndjson'"
      let outcome = bash(
        """
        conv-bench --summary --html one.html \(records) > one
        conv-bench --summary --html two.html < \(records) > two
        cmp one.html two.html && cmp one two && cmp two <(conv-bench --summary \(records))
        conv-bench --summary --html none.html < /dev/null; echo $?
        conv-bench --summary --html one.html one.html; echo $?
        conv-bench --summary --html three.html \(records) > three.html; echo $?
        """, folder: folder)
      #expect(lines(outcome).filter { !$0.isEmpty } == ["65", "64", "64"], "\(outcome)")
      #expect(outcome.errors.contains("there is no record to sum up"))
      #expect(outcome.errors.contains("--html would take the place of what is read"))
      #expect(outcome.errors.contains("standard output and --html are one file"))
      #expect(text("\(folder)/one.html")?.hasSuffix("</html>\n") ?? false)
      #expect(!names(folder).contains("none.html"))
    }
  }

  @Test("what is compared with times of other threads, sizes or problems is not, with a line")
  func strangers() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        sizes='--op linear --inputs 30 --outputs 4 --implementations gemm --runs 2'
        conv-bench $sizes --n 3 --name a --threads 2 > others
        conv-bench $sizes --n 3 --name a --compare others | grep -c '"ratio":null'
        conv-bench $sizes --n 4 --name a --compare others --threads 2 | grep -c '"ratio":null'
        conv-bench $sizes --n 3 --name b --compare others | grep -c '"ratio":null'
        conv-bench $sizes --n 3 --name a --compare others --threads 2 | grep -c '"ratio":[0-9]'
        conv-bench $sizes --n 3 --name a | conv-bench --summary others - > tables
        """, folder: folder)
      #expect(outcome.output == Array("1\n1\n1\n1\n".utf8), "\(outcome)")
      #expect(
        outcome.errorLines == [
          "conv-bench: others: a has 2 threads there, and 1 here: it is not compared",
          "conv-bench: others: a is 3×30 → 4 there, and 4×30 → 4 here: it is not compared",
          "conv-bench: others: names none of these problems: nothing is compared",
        ] + outcome.errorLines.suffix(1))
      #expect(
        outcome.errorLines.last?.hasPrefix("conv-bench: results of 2 threads, ") ?? false,
        "\(outcome.errors)")
    }
  }
}
