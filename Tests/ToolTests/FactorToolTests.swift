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
