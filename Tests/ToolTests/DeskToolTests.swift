import TestFolders
import Testing

/// What the tools of the desk do beyond reading a stream.
@Suite struct DeskToolTests {
  @Test("pipes with names: all have a reader before anything is read of one")
  func namedPipes() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --instruments 6 --days 9 > bars.npy
        for i in 1 2; do shard --shards 2 --only $i bars.npy > $i.npy; done
        mkfifo 1 2; merge-days 1 2 > joined.npy &
        exec 3> 1 4> 2; cat 2.npy >&4; cat 1.npy >&3; exec 3>&- 4>&-; wait $!
        cmp joined.npy bars.npy
        """, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome)")
    }
  }

  @Test(
    "history cut after a day leaves scores and trades up to it as they were, over the whole pipe")
  func noLookahead() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        set -eo pipefail
        simbars --days 120 --instruments 20 > all
        for day in 03-02 04-17 05-29; do
          bars --to 2015-$day all > cut
          for part in all cut; do
            alpha158 --no-label --fields ROC5 $part | topk-backtest --score ROC5 --bars $part \\
              --benchmark INDEX --topk 5 --n-drop 1 --account 3e5 --trades --positions > $part.ledger
          done
          head -c $(wc -c < cut.ledger) all.ledger | cmp - cut.ledger
          tail -1 cut.ledger | grep -o 2015-$day
        done
        """, folder: folder)
      #expect(outcome.output == Array("2015-03-02\n2015-04-17\n2015-05-29\n".utf8))
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }

  @Test("scores as lines or tables, bars gzipped or not: the same bytes")
  func formats() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        set -eo pipefail
        simbars --days 3 --instruments 5 > bars
        gzip -k bars
        { for stock in SIM0005 SIM0002 SIM0004; do
            echo '{"instrument":"'$stock'","date":"2015-01-01","score":0.'${stock: -1}'}'
          done; } > lines
        topk-backtest --bars bars --benchmark INDEX --topk 2 --trades < lines > one
        sort -r lines | topk-backtest --bars bars.gz --benchmark INDEX --topk 2 --trades | cmp - one
        topk-backtest --bars <(cat bars) --benchmark INDEX --topk 2 --trades lines | cmp - one
        topk-backtest --bars bars --benchmark INDEX --to 2015-01-02 --topk 2 --trades lines | cmp - one
        grep -o 'SIM....' one
        """, folder: folder)
      #expect(outcome.output == Array("SIM0005\nSIM0004\n".utf8), "\(outcome.errors)")
    }
  }

  @Test("memory does not grow with the days")
  func memory() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        set -e
        simbars --days 20000 --instruments 20 > bars
        ulimit -v 100000
        topk-backtest --score change --bars bars --benchmark INDEX --topk 5 --n-drop 1 bars | wc -l
        signal-eval --score change --bars bars bars | wc -l
        """, folder: folder)
      #expect(outcome.output == Array("19999\n20001\n".utf8), "\(outcome.errors)")
    }
  }

  @Test("--skip-bad drops rows of scores; faults of other files stay faults")
  func skipBad() throws {
    try withFolder { folder in
      let script = """
        simbars --days 70 --instruments 5 > bars
        alpha158 --no-label --fields KMID bars > scores
        head -c 20000 bars > cut
        """
      #expect(bash(script, folder: folder).ending == .exit(0))
      for command in [
        "topk-backtest --skip-bad --score KMID --benchmark INDEX --bars cut scores",
        "signal-eval --skip-bad --score KMID --bars cut scores",
        "signal-eval --skip-bad --score KMID --labels cut --label close scores",
        "signal-eval --skip-bad --score KMID --labels cut --label none scores",
      ] {
        let outcome = bash("\(command) > out; exit $?", folder: folder)
        #expect(outcome.ending == .exit(65), "\(command): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(": cut: array "))
        // What went before is whole.
        let written = try #require(contents("\(folder)/out"))
        #expect(written.isEmpty || written.last == 0x0a)
      }
    }
  }
}
