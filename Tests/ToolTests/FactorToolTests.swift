import TestFolders
import Testing

/// What alpha158 and the processors do beyond reading a stream.
@Suite struct FactorToolTests {
  @Test("runs joined by --state write what one run writes")
  func state() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        set -e
        simbars --days 90 --instruments 20 > all
        bars --to 2015-04-10 all > first; bars --from 2015-04-13 --to 2015-04-13 all > day
        bars --from 2015-04-14 all > rest
        for part in first day rest; do alpha158 --no-label --state s $part; done > joined
        alpha158 --no-label all | cmp - joined
        rm s
        for part in first day rest; do alpha158 --state s $part; done > joined
        alpha158 all | head -c $(wc -c < joined) | cmp - joined
        wc -c < joined
        """, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(names(folder).contains("s"))
      let other = bash("alpha158 --state s --fields KMID rest", folder: folder)
      #expect(other.ending == .exit(65) && other.errorLines.count == 1, "\(other.errors)")
      let again = bash("alpha158 --state s rest > again; cat again", folder: folder)
      #expect(again.ending == .exit(65) || again.errors.contains("days must ascend"))
    }
  }

  @Test("history that was written anew is refused, and the state stays")
  func rewrittenHistory() throws {
    // Closes of 70 days at 20.00 and then 20.50: first as they were, then halved by a split, and raw with
    // the factor that tells of it.
    func rows(_ days: Range<Int>, _ bar: (Int) -> String) -> String {
      days.map { "A,2020-\(zeroPadded($0 / 28 + 1))-\(zeroPadded($0 % 28 + 1)),\(bar($0))\n" }
        .joined()
    }
    func zeroPadded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    func bar(_ price: String, _ factor: String, volume: Int = 1000) -> String {
      "\(price),\(price),\(price),\(price),\(volume),\(factor)"
    }
    let header = "instrument,date,open,high,low,close,volume,factor\n"
    try withFolder { folder in
      put(header + rows(0..<70) { _ in bar("20.00", "1") }, "\(folder)/before")
      put(
        header + rows(0..<71) { bar($0 < 70 ? "10.00" : "10.25", "1") }, "\(folder)/rewritten")
      put(
        header + rows(0..<71) { $0 < 70 ? bar("20.00", "1") : bar("10.25", "2", volume: 2000) },
        "\(folder)/raw")
      put(header + rows(0..<71) { bar($0 < 70 ? "20.00" : "20.50", "1") }, "\(folder)/plain")
      let outcome = bash(
        """
        bars before | alpha158 --no-label --state s > /dev/null; cp s kept
        bars --after 2020-03-14 rewritten | alpha158 --no-label --state s --skip-bad > out
        echo ${PIPESTATUS[1]}; cmp s kept && wc -c < out
        for option in "plain" "raw --adjust"; do
          cp kept s; bars --after 2020-03-14 $option | alpha158 --no-label --state s | md5sum
          bars $option | alpha158 --no-label --from 2020-03-15 | md5sum
        done | uniq | wc -l
        """, folder: folder)
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
      #expect(lines.map { $0.filter(\.isNumber) } == ["65", "0", "1"], "\(outcome)")
      #expect(
        outcome.errors.contains(
          "history was rewritten, or a day is missing before it: the change of A on 2020-03-15 "
            + "is 0.025, but its close 10.25 over the remembered 20.0 makes -0.4875"),
        "\(outcome.errors)")
    }
  }

  @Test(
    "a table of many days is read as its days",
    arguments: [
      "describe --no-table --label LABEL0", "signal-eval --no-table", "cs-rank --fields score",
      "describe --no-table --label LABEL0 < /dev/stdin",
    ])
  func manyDays(_ command: String) throws {
    let folder = "testdata/market/cases"
    let (one, days) = (
      bash("cat \(folder)/c14-one-table.npy | \(command)"),
      bash("\(command) \(folder)/c14-days.npy")
    )
    #expect(one.ending == .exit(0) && one.errors.isEmpty, "\(one.errors)")
    #expect(one.output == days.output && !one.output.isEmpty)
    if !command.hasPrefix("cs-rank") {
      let text = String(decoding: one.output, as: UTF8.self)
      #expect(text.contains(#""ic":-0.115272256755"#) && text.contains(#""days":12"#), "\(text)")
    }
    let doubled = bash("cat \(folder)/c14-days.npy \(folder)/c14-days.npy | \(command)")
    #expect(doubled.ending == .exit(65), "\(doubled.errors)")
    #expect(doubled.errors.contains("days must ascend: "), "\(doubled.errors)")
  }

  @Test("fits and training refuse what inference would: empty fields, bad parameters, shared days")
  func refusals() throws {
    try withFolder { folder in
      let empty = bash(
        "simbars --days 4 --instruments 3 | alpha158 --fields KMID,ROC5,ROC10 |"
          + " robust-zscore fit --params p; ls | wc -l", folder: folder)
      #expect(empty.output == Array("0\n".utf8))
      #expect(
        empty.errors.contains("no value from the first day to the last in 2 of 3 fields")
          && empty.errors.contains("ROC5, ROC10"), "\(empty.errors)")
    }
  }

  @Test("a failed run leaves the state as it was")
  func failedState() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --days 70 --instruments 5 | alpha158 --no-label --state s > /dev/null
        cp s before
        simbars --days 80 --instruments 5 > all; bars --from 2015-04-10 all > rest
        alpha158 --no-label --state s rest > /dev/full
        cmp s before && echo same
        head -c 2000 rest | alpha158 --no-label --state s > /dev/null
        cmp s before && echo same
        """, folder: folder)
      #expect(outcome.output == Array("same\nsame\n".utf8), "\(outcome.errors)")
    }
  }

  @Test("memory does not grow with the days")
  func memory() {
    let outcome = bash(
      "ulimit -v 150000; simbars --days 20000 --instruments 20 | alpha158 --fields KMID | wc -c")
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
  }

  @Test("a fit beyond its memory is the same fit, and leaves nothing behind")
  func spool() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --days 200 --instruments 20 | alpha158 > f
        TMPDIR=$PWD robust-zscore fit --params one f > /dev/null
        TMPDIR=$PWD robust-zscore fit --params two --memory 1M --threads 3 < <(cat f)
        cmp one two
        for way in 'fit f' 'fit < f'; do
          eval "robust-zscore ${way/fit/fit --params three}" > /dev/null && cmp one three
        done
        cat f | describe --label LABEL0 > one; describe --label LABEL0 < f | cmp - one
        describe --label LABEL0 --memory 1M <(cat f) | cmp - one
        rm three; ls
        """, folder: folder)
      let text = String(decoding: outcome.output, as: UTF8.self)
      #expect(text.contains("\"spooled\":true") && text.hasSuffix("f\none\ntwo\n"), "\(text)")
    }
  }

  @Test("a field that is not there: one line with its name, 65")
  func missingFields() {
    for command in [
      "fillna --fields NO", "dropna --fields NO", "cs-rank --fields NO", "describe --fields NO",
      "robust-zscore fit --fields NO --params /dev/null", "describe --label NO",
    ] {
      let outcome = bash(
        "simbars --days 2 --instruments 3 | alpha158 --fields KMID | \(command); exit $?")
      #expect(outcome.ending == .exit(65), "\(command): \(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("field 'NO'"))
    }
  }
}
