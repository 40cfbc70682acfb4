import Mechanics
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What happens to the output when things go wrong, and where it must not matter.
@Suite struct OutputTests {
  /// Each tool and each first word of one, once, but for the server.
  static let commands = Dictionary(
    AbsurdOptionTests.tools.map { ($0.command, $0) }, uniquingKeysWith: { first, _ in first }
  ).values.filter { $0.name != "ink-pad" }.sorted { $0.name < $1.name }

  @Test("one byte at a time: the same bytes", arguments: ToolUnderTest.facing(.slowInput))
  func trickle(_ tool: ToolUnderTest) throws {
    #expect(run(tool.arguments, tool.sample, step: 1).output == (try tool.expected()))
  }

  @Test("a reader that has gone ends a tool quietly", arguments: ToolUnderTest.facing(.readerGone))
  func readerGone(_ tool: ToolUnderTest) {
    let outcome = run(tool.arguments, tool.sample, output: .gone)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
  }

  @Test(
    "`| head -1` in the middle of much output",
    arguments: ToolUnderTest.facing(.muchOutput))
  func head(_ tool: ToolUnderTest) throws {
    try withFolder { folder in
      let many = [[UInt8]](repeating: tool.sample, count: 2 + 400_000 / tool.sample.count)
      put(Array(many.joined()), "\(folder)/many")
      let command = tool.arguments.map { "'\($0)'" }.joined(separator: " ")
      let outcome = bash("\(command) many | head -1 > first; echo ${PIPESTATUS[0]}", folder: folder)
      #expect(outcome.output == Array("0\n".utf8), "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test("standard output closed, or full: 74", arguments: ToolUnderTest.facing(.unwritableOutput))
  func unwritable(_ tool: ToolUnderTest) {
    let closed = run(tool.arguments, tool.sample, output: .closed)
    expectRefusal(closed, by: tool, 74, naming: "<stdout>")
    let full = run(tool.arguments, tool.sample, output: .file("/dev/full"))
    expectRefusal(full, by: tool, 74, naming: "<stdout>")
    let fullFile = run(tool.arguments + ["--output", "/dev/full"], tool.sample)
    expectRefusal(fullFile, by: tool, 74, naming: "/dev/full")
    let nowhere = run(tool.arguments + ["--output", "/no/such/folder/file"], tool.sample)
    expectRefusal(nowhere, by: tool, 74, naming: "/no/such/folder/file")
  }

  @Test(
    "what cannot be written, or read, is found out before anything is read",
    arguments: commands)
  func early(_ tool: ToolUnderTest) throws {
    try withFolder { folder in
      put([1], "\(folder)/file")
      for (option, kind) in tool.valueOptions where kind.contains(#/file|dir/#) {
        // Folders are made where they are missing, but not in a file.
        let missing = kind.contains("dir") ? [] : ["\(folder)/none/x", "/proc/none"]
        // Nothing comes in: a tool that reads first would wait for ever.
        for path in ["\(folder)/file/x", ""] + missing {
          let outcome = Process(tool.arguments + ["\(option)=\(path)"])
            .finish(endsInput: false)
          let isRefused = [64, 66, 74].contains { outcome.ending == .exit($0) }
          #expect(
            isRefused && outcome.errorLines.count == 1 && outcome.output.isEmpty,
            "\(tool) \(option)='\(path)': \(outcome.ending) \(outcome.errors)")
        }
      }
      #expect(names(folder) == ["file"])
    }
  }

  @Test(
    "two outputs of one file, or one of a file that is read, are refused before anything happens",
    arguments: commands)
  func oneFile(_ tool: ToolUnderTest) throws {
    for (option, kind) in tool.valueOptions where kind == "file" && option != "--output" {
      for (first, second) in [
        ("f", "f"), ("f", "./f"), ("f", "d/../f"), ("f", "to-here/f"), ("f", "to-f"),
        ("f", "hard"), ("to-f", "hard"), ("new", "./new"), ("to-here/new", "d/../new"),
        ("to-new", "new"),
      ] {
        try withFolder { folder in
          put("precious", "\(folder)/f")
          link("\(folder)/f", "\(folder)/hard")
          mkdir("\(folder)/d", 0o777)
          for (target, name) in [(".", "to-here"), ("f", "to-f"), ("new", "to-new")] {
            symlink(target, "\(folder)/\(name)")
          }
          let before = names(folder)
          let outcome = run(
            tool.arguments + ["\(option)=\(folder)/\(first)", "-o", "\(folder)/\(second)"])
          // A file that is only read and not there is missing before anything else.
          let statuses: [Int32] = first.hasSuffix("new") ? [64, 66] : [64]
          #expect(
            statuses.contains { outcome.ending == .exit($0) },
            "\(tool) \(option) \(first) -o \(second): \(outcome.ending) \(outcome.errors)")
          #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty)
          #expect(contents("\(folder)/f") == Array("precious".utf8) && names(folder) == before)
        }
      }
    }
  }

  @Test(
    "--output writes the same bytes; bad input leaves the old file",
    arguments: ToolUnderTest.facing(.outputFile))
  func outputFile(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    try withFolder { folder in
      let path = "\(folder)/out"
      #expect(run(tool.arguments + ["--output", path], tool.sample).ending == .exit(0))
      #expect(contents(path) == expected)
      put([1, 2, 3], path)
      guard tool.format != .nothing else { return }
      let cut = tool.format == .text ? [0xff] : Array(tool.sample.dropLast(9))
      #expect(run(tool.arguments + ["-o", path], cut).ending == .exit(65))
      #expect(contents(path) == [1, 2, 3])
      #expect(names(folder) == ["out"])
    }
  }

  @Test(
    "killed while writing --output: the old file stays", arguments: ToolUnderTest.facing(.killed))
  func killed(_ tool: ToolUnderTest) throws {
    for number in [SIGKILL, SIGTERM, SIGINT] {
      try withFolder { folder in
        put([1, 2, 3], "\(folder)/out")
        let process = Process(tool.arguments + ["--output", "\(folder)/out"])
        // Its input is open, so it runs; its temporary file tells that it has begun.
        let deadline = monotonicSeconds() + patience
        while names(folder).count < 2, monotonicSeconds() < deadline { usleep(1000) }
        #expect(names(folder).count == 2)
        kill(process.id, number)
        let outcome = process.finish()
        #expect(outcome.ending == .signal(number), "\(outcome.errors)")
        #expect(contents("\(folder)/out") == [1, 2, 3])
        // What SIGKILL leaves behind is gone after the next run.
        if number == SIGKILL {
          #expect(names(folder).count == 2)
          #expect(run(tool.arguments + ["-o", "\(folder)/out"], tool.sample).ending == .exit(0))
        }
        #expect(names(folder) == ["out"])
      }
    }
  }

  #if os(Linux)
    @Test("temporary files have no name, so that even SIGKILL leaves none")
    func temporaryFile() throws {
      try withFolder { folder in
        let process = Process(
          ["\(root)/bin/streams-bench", "--records", "1000000"],
          environment: ["TMPDIR=\(folder)"])
        let deadline = monotonicSeconds() + patience
        func isOpen() -> Bool {
          bash("readlink /proc/\(process.id)/fd/*").output.split(separator: 10)
            .contains { $0.starts(with: folder.utf8) }
        }
        while !isOpen(), monotonicSeconds() < deadline { usleep(10_000) }
        #expect(isOpen() && names(folder).isEmpty)
        kill(process.id, SIGKILL)
        #expect(process.finish().ending == .signal(SIGKILL))
        #expect(names(folder).isEmpty)
      }
    }
  #endif

  @Test(
    "locale, time zone, folder, no environment: the same bytes",
    arguments: ToolUnderTest.facing(.surroundings))
  func surroundings(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    let options = tool.options.map { $0.hasPrefix("testdata/") ? "\(root)/\($0)" : $0 }
    for variables in [
      [], ["LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "TZ=Asia/Shanghai", "COLUMNS=3"],
      ["LC_NUMERIC=de_DE", "HOME=/nonexistent", "TERM=dumb", "NO_COLOR=1"],
    ] {
      let outcome = run([tool.path] + options, tool.sample, environment: variables, folder: "/")
      #expect(outcome.output == expected, "\(variables): \(outcome.errors)")
    }
  }

  @Test("1 thread or more, and again: the same bytes", arguments: ToolUnderTest.facing(.threads))
  func threads(_ tool: ToolUnderTest) throws {
    let expected = try tool.expected()
    for threads in ["1", "2", "7"] {
      let outcome = run(tool.arguments + ["--threads", threads], tool.sample)
      #expect(outcome.output == expected, "\(outcome.errors)")
    }
  }

  @Test(
    "days that are not there yet change nothing", arguments: ToolUnderTest.facing(.lessHistory))
  func lessHistory(_ tool: ToolUnderTest) throws {
    let days = try #require(tool.longer)
    let all = run(tool.arguments, bash(days(9)).output)
    try #require(all.ending == .exit(0) && !all.output.isEmpty, "\(all.errors)")
    for count in [1, 4, 8] {
      let some = run(tool.arguments, bash(days(count)).output)
      #expect(all.output.starts(with: some.output) && some.output.count < all.output.count)
      #expect(!some.output.isEmpty && some.ending == .exit(0), "\(count) days: \(some.errors)")
    }
  }
}
