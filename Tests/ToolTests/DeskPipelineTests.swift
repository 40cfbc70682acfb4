import TestFolders
import Testing

/// qlib-cnn and qlib-cnn-daily: the tools of the market together.
@Suite struct DeskPipelineTests {
  /// A short synthetic market, and a desk that qlib-cnn made of it.
  private static let desk = """
    set -eo pipefail
    export CONVOY_TRAIN="2010-04-01 2010-12-31" CONVOY_VALID="2011-01-01 2011-03-31"
    export CONVOY_TEST="2011-04-01 2011-06-30" CONVOY_ARCH=cnn CONVOY_TOPK=10 CONVOY_N_DROP=2
    export CONVOY_TRAIN_OPTIONS="--max-steps 20 --batch 500 --quiet"
    export CONVOY_MARKET=members CONVOY_BENCHMARK=INDEX
    simbars --start 2010-01-01 --days 390 --instruments 40 > all.npy
    provider() { rm -rf "$2"; bars --to "$1" --write-provider "$2" all.npy; }
    provider 2011-06-30 past
    CONVOY_PROVIDER=past '\(root)/pipelines/qlib-cnn' desk > table 2> notes || { cat notes >&2; exit 1; }
    cat notes >&2
    """

  @Test("qlib-cnn: a table, a page with charts, and whole streams on the way")
  func verdict() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(Self.desk)
        grep -c information_ratio table
        grep -c '"record":"day"' desk/ledger.ndjson
        grep -o '"date":"2011-0[46]-[0-9]*"' desk/ledger.ndjson | sort -u | sed -n '1p;$p'
        grep -c '<html' desk/report.html
        [ ! -s notes ]
        [ "$(grep -o '<svg' desk/report.html | wc -l)" -gt 20 ]
        """, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
      #expect(
        lines == ["2", "65", #""date":"2011-04-01""#, #""date":"2011-06-30""#, "1"])
    }
  }

  @Test("qlib-cnn: markets elsewhere, by their variables")
  func elsewhere() throws {
    try withFolder { folder in
      for (name, adjusting) in [("with", SmallMarket.Adjusting.factor), ("without", .rewritten)] {
        put(
          SmallMarket(seed: 3, days: 130, adjusting: adjusting).csv(after: 130),
          "\(folder)/\(name).csv")
      }
      let outcome = bash(
        """
        set -eo pipefail
        export CONVOY_TRAIN="2020-03-30 2020-05-15" CONVOY_VALID="2020-05-18 2020-05-29"
        export CONVOY_TEST="2020-06-01 2020-06-30" CONVOY_TOPK=5 CONVOY_N_DROP=1 CONVOY_REGION=us
        export CONVOY_TRAIN_OPTIONS="--max-steps 5 --batch 100 --quiet"
        export CONVOY_BENCHMARK=none CONVOY_MARKET=all
        run() { '\(root)/pipelines/qlib-cnn' $1 > table 2> notes || { cat notes >&2; exit 1; }; }
        by_hand() { topk-backtest --bars $1/bars.npy --topk 5 --n-drop 1 --from ${CONVOY_TEST% *} --to ${CONVOY_TEST#* } --settings \
          --settings "${@:2}" $1/scores.npy; }

        # No index, all stocks, a bad row, no factors.
        grep -v SH000300 without.csv > good.csv
        { cat good.csv; echo 'SH600000,2030-01-01,5,4,6,5,100'; } > bad.csv
        CONVOY_SKIP_BAD=1 CONVOY_CSV=bad.csv run desk
        grep -c 'bad.csv:.*high' notes
        by_hand desk --region us --benchmark none 2> /dev/null | cmp - desk/ledger.ndjson
        bars good.csv 2> one-line | cmp - desk/bars.npy
        cat one-line
        grep -c '"bench":null' desk/ledger.ndjson
        grep -c 'information_ratio  *-  ' table
        { grep -o '>excess return' desk/report.html || true; } | wc -l
        CONVOY_CSV=bad.csv '\(root)/pipelines/qlib-cnn' refused 2> notes || echo "$? $(grep -c high notes)"

        # With factors: lots of one share, an index, and members of a file.
        gzip with.csv
        printf '%s,2020-01-01,2030-01-01\\n' SH60000{0,1,2,3,4,5,6,7} > some.csv
        export CONVOY_BENCHMARK=SH000300 CONVOY_MARKET=some.csv CONVOY_CSV=with.csv.gz
        run some
        by_hand some --region us --benchmark SH000300 2> /dev/null | cmp - some/ledger.ndjson
        ! by_hand some --benchmark SH000300 2> /dev/null | cmp -s - some/ledger.ndjson
        options="--instruments some.csv --benchmark SH000300 with.csv.gz"
        bars --adjust $options 2> /dev/null | cmp - some/bars.npy
        CONVOY_ADJUST=no '\(root)/pipelines/desk-bars' 2> /dev/null | cmp - <(bars $options 2> /dev/null)
        CONVOY_REGION=mars '\(root)/pipelines/qlib-cnn' mars || echo $?
        """, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.errors == "qlib-cnn: CONVOY_REGION must be cn or us: mars\n")
      let holiday =
        "bars: no trading day, as nothing has a close: 2020-06-26; --calendar names days without trade"
      #expect(
        String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map(String.init)
          == ["1", holiday, "21", "2", "0", "65 1", "64"])
    }
  }

  @Test("qlib-features: the same variables, or options of bars")
  func features() throws {
    try withFolder { folder in
      put(SmallMarket(seed: 3, days: 130, adjusting: .factor).csv(after: 130), "\(folder)/with.csv")
      let outcome = bash(
        """
        set -eo pipefail
        export CONVOY_TRAIN="2020-03-30 2020-05-15" CONVOY_VALID="2020-05-18 2020-05-29"
        export CONVOY_TEST="2020-06-01 2020-06-30"
        echo 'SH600000,2030-01-01,5,4,6,5,100,1' >> with.csv
        export CONVOY_MARKET=all
        CONVOY_CSV=with.csv CONVOY_SKIP_BAD=1 '\(root)/pipelines/qlib-features' one 2> notes > /dev/null
        grep -c 'with.csv:.*high' notes
        '\(root)/pipelines/qlib-features' two --adjust --skip-bad with.csv > /dev/null 2>&1
        for part in train valid test; do cmp one/$part.npy two/$part.npy; done
        export CONVOY_SIMBARS="--instruments 9 --days 200 --start 2020-01-01"
        '\(root)/pipelines/qlib-features' made-up |
          grep -c npy
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == Array("1\n4\n".utf8))
    }
  }

  @Test("cutting the input after a day leaves scores and trades up to it as they were")
  func noLookahead() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(Self.desk)
        for day in 2011-04-20 2011-05-17; do
          bars --to $day all.npy > cut.npy
          for part in all cut; do
            alpha158 --no-label $part.npy | cnn1d-infer --model desk/model.safetensors --from 2011-03-01 |
              tee $part.scores | topk-backtest --bars $part.npy --benchmark INDEX --topk 10 --n-drop 2 \\
              --trades --positions > $part.ledger
          done
          head -c $(wc -c < cut.scores) all.scores | cmp - cut.scores
          head -c $(wc -c < cut.ledger) all.ledger | cmp - cut.ledger
          tail -1 cut.ledger | grep -o $day
        done
        """, folder: folder)
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == Array("2011-04-20\n2011-05-17\n".utf8))
    }
  }

  @Test("qlib-cnn-daily: days one by one or together, twice, and after a run that was killed")
  func daily() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(Self.desk)
        cp -r desk together
        run() { CONVOY_PROVIDER=$2 '\(root)/pipelines/qlib-cnn-daily' $1; }
        for day in 30 29 28 27; do provider 2011-06-$day to-$day; done
        run desk to-27
        run together to-27 > first
        for day in 28 29; do run desk to-$day; run desk to-$day; done
        mkdir -p desk/days/.new; echo rubbish | tee desk/days/.new/bars.npy > desk/days/.new/factors.state
        run desk to-30
        run together to-30
        cmp desk/days/2011-06-30/orders.csv together/days/2011-06-30/orders.csv
        cat desk/days/2011*/scores.ndjson > one; cat together/days/2011*/scores.ndjson | cmp - one
        cat desk/days/2011*/ledger.ndjson > one; cat together/days/2011*/ledger.ndjson | cmp - one
        grep -c '"record":"day"' one
        cp desk/days/2011-06-30/* .
        head -1 desk/days/2011-06-30/orders.csv
        ls desk/days/2011-06-28
        '\(root)/pipelines/desk-chain' take-back desk > /dev/null
        run desk to-30
        for file in *.state ledger.ndjson orders.csv; do cmp desk/days/2011-06-30/$file $file; done
        """, folder: folder)
      let again = [28, 29].map {
        "qlib-cnn-daily: there is no new day: these are the orders of 2011-06-\($0)\n"
      }
      #expect(outcome.errors == again.joined())
      let days = [27, 28, 28, 29, 29, 30].map { "desk/days/2011-06-\($0)/orders.csv\n" }.joined()
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == days
          + "together/days/2011-06-30/orders.csv\n3\nside,instrument,shares,last_close\n"
          + "bars.npy\nledger.ndjson\nmanifest\norders.csv\nscores.ndjson\ndesk/days/2011-06-30/orders.csv\n"
      )
    }
  }

  @Test("qlib-cnn-daily: too little history is no ground for orders")
  func history() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(Self.desk)
        bars --from 2011-06-01 --write-provider short all.npy
        CONVOY_PROVIDER=short '\(root)/pipelines/qlib-cnn-daily' desk
        """, folder: folder)
      #expect(outcome.ending == .exit(65))
      #expect(
        outcome.errors
          == "qlib-cnn-daily: the first run needs 80 days of history, the source has 22\n")
    }
  }

  @Test("qlib-cnn-daily: one line and a status for what is missing, and for two runs at once")
  func refusals() throws {
    try withFolder { folder in
      let pipeline = "'\(root)/pipelines/qlib-cnn-daily'"
      for (command, status, text) in [
        (pipeline, 64, "expected DESK, got ''"),
        ("\(pipeline) .", 64, "name a source: CONVOY_PROVIDER=folder or CONVOY_CSV=file"),
        ("CONVOY_CSV=x \(pipeline) .", 66, ".: has no model.safetensors"),
        (
          "touch model.safetensors; flock lock sleep 5 & sleep 1; CONVOY_CSV=x \(pipeline) .; exit $?",
          75,
          ".: another run is at work"
        ),
      ] {
        let outcome = bash(command, folder: folder)
        #expect(outcome.ending == .exit(Int32(status)), "\(command): \(outcome.errors)")
        #expect(outcome.output.isEmpty && outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("qlib-cnn-daily: \(text)"), "\(outcome.errors)")
      }
    }
  }
}
