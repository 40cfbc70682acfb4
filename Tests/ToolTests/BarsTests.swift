import Mechanics
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What bars and simbars do beyond reading a stream.
@Suite struct BarsTests {
  private static let csv = "\(root)/testdata/market/bars.csv"

  @Test("simbars | bars is simbars, through a qlib folder too, and with any surroundings")
  func synthetic() throws {
    let plain = bash("simbars --days 90 --instruments 12")
    #expect(plain.ending == .exit(0) && plain.errors.isEmpty, "\(plain.errors)")
    #expect(bash("simbars --days 90 --instruments 12 | bars").output == plain.output)
    for variables in [[], ["LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "TZ=Asia/Shanghai"]] {
      let simbars = ["\(root)/bin/simbars", "--days", "90", "--instruments", "12"]
      #expect(run(simbars, environment: variables, folder: "/").output == plain.output)
    }
    try withFolder { folder in
      let through = bash(
        """
        simbars --days 90 --instruments 12 | bars --write-provider q
        bars --provider q --instruments members --benchmark INDEX > through
        simbars --days 90 --instruments 12 |
          bars --instruments q/instruments/members.txt --benchmark INDEX | cmp - through
        wc -c < through
        """, folder: folder)
      #expect(through.ending == .exit(0) && through.errors.isEmpty, "\(through.errors)")
      #expect(through.output.count > 5, "\(through.output)")
    }
  }

  @Test("a reader that goes away, output that is closed or full, of what reads nothing")
  func unwritable() {
    let simbars = ["\(root)/bin/simbars"]
    let gone = run(simbars, output: .gone)
    #expect(gone.ending == .exit(0) && gone.errors.isEmpty, "\(gone.errors)")
    for sink in [Sink.closed, .file("/dev/full")] {
      let outcome = run(simbars, output: sink)
      #expect(outcome.ending == .exit(74) && outcome.errorLines.count == 1, "\(outcome.errors)")
    }
    #expect(run(simbars + ["-o", "/dev/full"]).ending == .exit(74))
    let head = bash("simbars --days 100000 | head -c 1000 | wc -c; echo ${PIPESTATUS[0]}")
    #expect(head.output == Array("1000\n0\n".utf8) && head.errors.isEmpty, "\(head.errors)")
  }

  @Test("memory does not grow with the days that are made up")
  func memory() throws {
    // The address space that holds the program, and 40 MB.
    let outcome = bash("ulimit -v 100000; simbars --days 20000 --instruments 50 | wc -c")
    #expect(outcome.errors.isEmpty && outcome.output.count > 8, "\(outcome.errors)")
  }

  @Test("npy by the day is passed on as it comes, in flat memory, as if it were collected")
  func npyDays() throws {
    let flat = bash("ulimit -v 100000; simbars --days 20000 --instruments 50 | bars | wc -c")
    #expect(flat.errors.isEmpty && flat.output.count > 8, "\(flat.errors)")
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --days 50 --instruments 9 > all
        bars --to 2015-02-02 --instruments <(printf 'SIM0002\\t2015-01-20\\t2015-03-01\\n') \\
          --benchmark INDEX all > passed
        bars --write-provider q all
        bars --provider q --to 2015-02-02 --benchmark INDEX \\
          --instruments <(printf 'SIM0002\\t2015-01-20\\t2015-03-01\\n') | cmp - passed && wc -c < passed
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }

  @Test("a row that breaks a rule: its file and line, nothing on standard output, or dropped")
  func badRows() throws {
    try withFolder { folder in
      let good = try #require(contents(Self.csv))
      put(good + Array("ZZZ,2020-01-09,1,2,3,1,1,1\n".utf8), "\(folder)/bad.csv")
      let bars = "\(root)/bin/bars"
      let refused = run([bars, "\(folder)/bad.csv"])
      #expect(refused.ending == .exit(65) && refused.output.isEmpty)
      #expect(
        refused.errors == "bars: \(folder)/bad.csv:21: high must not be below low: 2.0 < 3.0\n")
      let dropped = run([bars, "--skip-bad", "\(folder)/bad.csv"])
      #expect(dropped.output == run([bars, Self.csv]).output)
      #expect(dropped.errors.hasSuffix("dropped 1 of 20 records\n"), "\(dropped.errors)")
      let all = "instrument,date,open,high,low,close,volume\nA,B,1,1,1,1,1\n"
      put(Array(all.utf8), "\(folder)/all")
      #expect(run([bars, "--skip-bad", "\(folder)/all"]).ending == .exit(65))
    }
  }

  @Test("a folder appears whole or not at all; one that holds something stays")
  func writing() throws {
    try withFolder { folder in
      let bars = "\(root)/bin/bars"
      let made = run([bars, "--adjust", "--write-provider", "\(folder)/q", Self.csv])
      #expect(made.ending == .exit(0) && made.output.isEmpty && made.errors.isEmpty)
      #expect(names("\(folder)/q") == ["calendars", "features", "instruments"])
      let again = run([bars, "--adjust", "--write-provider", "\(folder)/q", Self.csv])
      #expect(again.ending == .exit(74) && again.errors.contains("\(folder)/q: folder exists"))
      #expect(run([bars, "--write-provider", "\(folder)/no/q", Self.csv]).ending == .exit(74))
      #expect(run([bars, "--write-provider", "/dev/null", Self.csv]).ending == .exit(74))
      #expect(names(folder) == ["q"])
      let none = run([bars, "--from", "2021-01-01", "--write-provider", "\(folder)/r", Self.csv])
      #expect(none.ending == .exit(65) && names(folder) == ["q"], "\(none.errors)")
    }
  }

  @Test(
    "ten years, from CSV and through a qlib folder: the same stream",
    .enabled(if: Requirement.market.isMet, "\(Requirement.market)"))
  func tenYears() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        data='\(data)/market'
        from() {
          bars --adjust --instruments $data/csi300_members.csv --benchmark SH000300 "$@" \\
            $data/csi300_daily.csv.gz
        }
        from --write-provider q
        from > csv.npy
        bars --provider q --instruments csi300_members --benchmark SH000300 | cmp - csv.npy
        bars csv.npy | cmp - csv.npy
        wc -c < csv.npy
        """, folder: folder)
      #expect(outcome.ending == .exit(0))
      // The data lack some that were taken from the market long ago.
      let note = "bars: 38 of 661 members are not in the source: SH600005, SH600068, SH600074, ..."
      // One doubled when it came back after weeks, which the rows of CSV alone cannot vouch for.
      let jump = "SZ000831 on 2013-02-08, 27.225513 to 58.61668"
      let (jumps, others) = (
        outcome.errorLines.filter { $0.hasSuffix(jump) },
        outcome.errorLines.filter { !$0.hasSuffix(jump) }
      )
      #expect(others.map(String.init) == [note, note], "\(outcome.errors)")
      #expect(jumps.count == 2, "\(outcome.errors)")
      #expect(outcome.output.count > 8, "\(outcome.output)")
    }
  }

  @Test("a folder of instruments that are hardly ever there takes the memory of the rows there are")
  func sparse() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        { echo instrument,date,open,high,low,close,volume
          awk 'BEGIN { for (i = 0; i < 4000; i++) printf "A,%04d-%02d-%02d,1,1,1,1,1\\n",
              2000 + int(i / 336), 1 + int(i / 28) % 12, 1 + i % 28
            for (i = 0; i < 900; i++) printf "B%d,2000-01-01,1,1,1,1,1\\nB%d,2011-11-24,1,1,1,1,1\\n", i, i }'
        } > sparse.csv
        (ulimit -v 100000; bars --least-share 0 --write-provider q sparse.csv)
        wc -c < q/features/b899/close.day.bin; bars --least-share 0 --provider q --list-days | wc -l
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == Array("16004\n4000\n".utf8), "\(outcome.output)")
    }
  }

  @Test("ended while it writes a folder: nothing is left; after SIGKILL the next run sees to it")
  func killed() throws {
    for number in [SIGTERM, SIGINT, SIGKILL] {
      try withFolder { folder in
        let market = bash("simbars --days 100 --instruments 3000").output
        put(market, "\(folder)/bars.npy")
        let bars = ["\(root)/bin/bars", "--write-provider", "q", "bars.npy"]
        let process = Process(bars, folder: folder)
        let deadline = monotonicSeconds() + patience
        while names(folder).count < 2, monotonicSeconds() < deadline { usleep(200) }
        kill(process.id, number)
        let outcome = process.finish()
        // It may have been done before.
        if names(folder).contains("q") {
          #expect(names("\(folder)/q").count == 3)
          return
        }
        #expect(outcome.ending == .signal(number), "\(outcome.errors)")
        if number == SIGKILL {
          #expect(names(folder).count == 2)
          let next = run(bars, folder: folder)
          #expect(next.ending == .exit(0) && names(folder).contains("q"), "\(next.errors)")
          #expect(names(folder).count == 2)
        } else {
          #expect(names(folder) == ["bars.npy"])
        }
      }
    }
  }
}
