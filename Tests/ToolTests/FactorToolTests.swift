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
