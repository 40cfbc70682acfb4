import Mechanics
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What tools promise of a file that they read, and write anew at the end.
@Suite struct StateTests {
  /// The options that name such files.
  private static let options = ["--state", "--checkpoint"]

  /// Every tool of the table with each of these options that its help lists.
  static let keepers: [ToolUnderTest] = ToolUnderTest.all.flatMap { tool in
    let help = String(decoding: run([tool.path, "--help"]).output, as: UTF8.self)
    return options.filter { help.contains("  \($0) <") }.map { option in
      var keeper = tool
      keeper.options += [option, "kept"]
      return keeper
    }
  }

  @Test("the tools that keep something are these: the list is that of the helps")
  func list() {
    #expect(
      Set(Self.keepers.map(\.name))
        == ["alpha158", "cnn1d-infer", "topk-backtest", "cnn1d-train", "lenet-train"])
  }

  /// Starts a tool whose input stays open, and waits until it has its lock.
  private func start(_ tool: ToolUnderTest, _ folder: String) -> Process {
    let process = Process(absolute(tool), folder: folder)
    let deadline = monotonicSeconds() + patience
    while !isLocked("\(folder)/.kept.lock"), monotonicSeconds() < deadline { usleep(1000) }
    return process
  }

  /// Whether somebody has a lock on a file: that it is there says less, a moment before it is locked.
  private func isLocked(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    guard let locks = text("/proc/locks") else {
      // Where the system does not tell, a moment is waited.
      usleep(300_000)
      return true
    }
    return locks.split(separator: "\n").contains {
      $0.contains(" FLOCK ") && $0.contains(":\(status.st_ino) ")
    }
  }

  /// Its command line for another folder.
  private func absolute(_ tool: ToolUnderTest) -> [String] {
    tool.arguments.map { $0.hasPrefix("testdata/") ? "\(root)/\($0)" : $0 }
  }

  @Test(
    "two at once: the second ends 75, by a link too, and the first as it should", arguments: keepers
  )
  func twoAtOnce(_ tool: ToolUnderTest) throws {
    try withFolder { folder in
      let first = start(tool, folder)
      let second = run(absolute(tool), tool.sample, folder: folder)
      expectRefusal(second, by: tool, 75, naming: "kept: another run is at work on it")
      #expect(second.output.isEmpty)
      let outcome = first.finish(feeding: tool.sample)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(names(folder) == ["kept"])

      symlink("kept", "\(folder)/link")
      let again = start(tool, folder)
      var other = tool
      other.options[other.options.count - 1] = "link"
      expectRefusal(
        run(absolute(other), tool.sample, folder: folder), by: tool, 75, naming: "link: another run"
      )
      kill(again.id, SIGKILL)
      _ = again.finish()
      #expect(names(folder).contains(".kept.lock"))
      // What a killed run has left is taken over.
      _ = run(absolute(tool), tool.sample, folder: folder)
      #expect(!names(folder).contains(".kept.lock"))
    }
  }

  @Test("a state that cannot be kept is told before all work", arguments: keepers)
  func nowhere(_ tool: ToolUnderTest) throws {
    try withFolder { folder in
      var other = tool
      other.options[other.options.count - 1] = "\(folder)/no/kept"
      expectRefusal(run(absolute(other), [1], folder: folder), by: tool, 74, naming: "no/kept")
    }
  }

  @Test("a day that is missing between the state and the input is refused, and leaves the state")
  func gap() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        set -eo pipefail
        simbars --instruments 20 --days 62 > market; days=($(bars --list-days market))
        for day in ${days[@]:60}; do bars --from $day --to $day market > $day; done
        last=${days[59]} next=${days[60]} beyond=${days[61]}
        factors() { alpha158 --no-label --fields KMID,ROC5,MA5 --state $1 "${@:2}"; }
        score() { cnn1d-infer --model '\(root)/testdata/market/scores.safetensors' --state $1 "${@:2}"; }
        trade() { topk-backtest --topk 5 --n-drop 1 --benchmark INDEX --state $1 --bars "${@:2}"; }
        bars --to $last market > past
        factors f past > f.past; score s f.past > s.past; trade t past --from ${days[50]} s.past > ledger
        mkdir kept; cp f s t kept/
        refused() { local status=0; "$@" > out 2> err || status=$?; echo $status; cut -c 1-70 err | sed 's/ *$//'; wc -c < out; }

        # By what the bars say themselves.
        refused factors f $beyond; refused trade t $beyond s.past
        # By the day that bars was told.
        refused factors f --after $next $beyond
        factors g2 $beyond > f.beyond; refused score s --after $next f.beyond
        refused trade t $beyond --after $next s.past
        # By the calendar, behind the state and among the days that come, and a calendar that ends too early.
        bars --list-days market > calendar; head -61 calendar > early
        refused score s --calendar calendar f.beyond; refused score s --calendar early f.beyond
        alpha158 --no-label --fields KMID,ROC5,MA5 past $next $beyond > f.all
        # Here the scores of 59 days were right, and are out.
        refused score new --calendar <(grep -v $last calendar) f.all
        score new --calendar calendar f.all | cmp - <(score other f.all)
        # A state that is gone.
        refused factors gone --after $last $next
        for state in f s t; do cmp $state kept/$state; done; ls -a | grep lock || true
        # What fits goes on.
        factors f --after $last $next > f.next; score s --after $last --calendar calendar f.next > s.next
        trade t $next --after $last s.next | grep -c '"record":"day"'
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == """
          65
          alpha158: 2015-03-27: array 1: history was rewritten, or a day is miss
          0
          65
          topk-backtest: 2015-03-27: history was rewritten, or a day is missing
          0
          65
          alpha158: f: the state ends on 2015-03-25, and what comes is after 201
          0
          65
          cnn1d-infer: s: the state ends on 2015-03-25, and what comes is after
          0
          65
          topk-backtest: t: the state ends on 2015-03-25, and what comes is afte
          0
          65
          cnn1d-infer: f.beyond: array 1: a day is missing: 2015-03-27 comes aft
          0
          65
          cnn1d-infer: f.beyond: array 1: date is no trading day of the calendar
          0
          65
          cnn1d-infer: f.all: array 60: date is no trading day of the calendar:
          31152
          65
          alpha158: gone: there is no state, and what comes is after 2015-03-25
          0
          1

          """)
    }
  }
}
