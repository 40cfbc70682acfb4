import TestFolders
import Testing

/// qlib-cnn and qlib-cnn-daily: the tools of the market together.
@Suite struct DeskPipelineTests {
  /// A short synthetic market, and a desk that qlib-cnn made of it.
  private static let desk = """
    set -eo pipefail
    export TRAIN="2010-04-01 2010-12-31" VALID="2011-01-01 2011-03-31" TEST="2011-04-01 2011-06-30"
    export ARCH=cnn TRAIN_OPTIONS="--max-steps 20 --batch 500 --quiet" TOPK=10 N_DROP=2
    export MARKET=members BENCHMARK=INDEX
    simbars --start 2010-01-01 --days 390 --instruments 40 > all.npy
    provider() { rm -rf "$2"; bars --to "$1" --write-provider "$2" all.npy; }
    provider 2011-06-30 past
    PROVIDER=past '\(root)/pipelines/qlib-cnn' desk > table 2> notes || { cat notes >&2; exit 1; }
    grep -v 'desk/report.html: has no charts: gnuplot is not installed' notes >&2 || true
    """

  /// All programs of the machine but gnuplot.
  private static let withoutGnuplot = """
    mkdir programs
    IFS=: read -ra folders <<< "$PATH"
    for place in "${folders[@]}"; do ln -s "$place"/* programs/ 2> /dev/null || true; done
    rm -f programs/gnuplot
    PATH=$PWD/programs
    """

  @Test(
    "qlib-cnn: a table, a page, and whole streams on the way, with gnuplot or without",
    arguments: [true, false])
  func verdict(withGnuplot: Bool) throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(withGnuplot ? "" : Self.withoutGnuplot)
        \(Self.desk)
        grep -c information_ratio table
        grep -c '"record":"day"' desk/ledger.ndjson
        grep -o '"date":"2011-0[46]-[0-9]*"' desk/ledger.ndjson | sort -u | sed -n '1p;$p'
        grep -c '<html' desk/report.html
        if type -P gnuplot > /dev/null; then [ ! -s notes ]; else wc -l < notes; fi
        { grep -o 'No chart: gnuplot is not installed' desk/report.html || true; } | wc -l
        """, folder: folder, timeout: 120)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
      let hasCharts = withGnuplot && Requirement.gnuplot.isMet
      #expect(
        lines == ["2", "65", #""date":"2011-04-01""#, #""date":"2011-06-30""#, "1"]
          + (hasCharts ? ["0"] : ["1", "12"]))
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
        """, folder: folder, timeout: 120)
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
        run() { PROVIDER=$2 '\(root)/pipelines/qlib-cnn-daily' $1; }
        for day in 30 29 28 27; do provider 2011-06-$day to-$day; done
        run desk to-27
        run together to-27 > first
        for day in 28 29; do run desk to-$day; run desk to-$day; done
        mkdir -p desk/days/.new; echo rubbish | tee desk/days/.new/bars.npy > desk/days/.new/factors.state
        run desk to-30
        run together to-30
        cmp desk/days/2011-06-30/orders.csv together/days/2011-06-30/orders.csv
        cat desk/days/2011*/scores.ndjson > one; cat together/days/2011*/scores.ndjson | cmp - one
        cmp desk/days/2011-06-30/ledger.ndjson together/days/2011-06-30/ledger.ndjson
        grep -c '"record":"day"' desk/days/2011-06-30/ledger.ndjson
        head -1 desk/days/2011-06-30/orders.csv
        ls desk/days/2011-06-28
        rm -r desk/days/2011-06-30
        run desk to-30
        cmp desk/days/2011-06-30/ledger.ndjson together/days/2011-06-30/ledger.ndjson
        """, folder: folder, timeout: 120)
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      let days = [27, 28, 28, 29, 29, 30].map { "desk/days/2011-06-\($0)/orders.csv\n" }.joined()
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == days
          + "together/days/2011-06-30/orders.csv\n3\nside,instrument,shares,last_close\n"
          + "bars.npy\nledger.ndjson\norders.csv\nscores.ndjson\ndesk/days/2011-06-30/orders.csv\n")
    }
  }

  @Test("qlib-cnn-daily: too little history is no ground for orders")
  func history() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        \(Self.desk)
        bars --from 2011-06-01 --write-provider short all.npy
        PROVIDER=short '\(root)/pipelines/qlib-cnn-daily' desk
        """, folder: folder, timeout: 120)
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
        ("\(pipeline) .", 64, "name a source: PROVIDER=folder or CSV=file"),
        ("CSV=x \(pipeline) .", 66, ".: has no model.safetensors"),
        (
          "touch model.safetensors; flock lock sleep 5 & sleep 1; CSV=x \(pipeline) .; exit $?", 75,
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
