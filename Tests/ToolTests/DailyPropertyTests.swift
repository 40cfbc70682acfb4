import Mechanics
import TestFolders
import Testing

/// The daily run beside one over all days: the same bytes, whatever the source does.
///
/// `Scripts/check-daily` takes twenty markets through 320 runs, and some 50 more that are killed; in the
/// suite there are two markets.
@Suite struct DailyPropertyTests {
  private static let markets = UInt64(variable("CONVOY_DAILY_MARKETS") ?? "") ?? 1

  /// A market is run on its last ten days, one by one.
  private static let (days, dayByDay) = (110, 10)

  @Test(
    "rows missing at random, splits, a holiday, a late index, runs that are killed and repeated",
    arguments: SmallMarket.Adjusting.allCases, 1...markets)
  func daily(_ adjusting: SmallMarket.Adjusting, _ seed: UInt64) throws {
    try withFolder { folder in
      let market = SmallMarket(
        seed: seed, days: Self.days, adjusting: adjusting, holesFrom: Self.days - 20)
      let first = Self.days - Self.dayByDay
      for count in first...Self.days { put(market.csv(after: count), "\(folder)/\(count).csv") }
      var numbers = SplitMix64(key: [seed, adjusting == .factor ? 0 : 1])
      // A quarter of the days is killed somewhere on the way, once the run before is done.
      let kills = (0...Self.dayByDay).map { $0 % 4 == 2 ? 1 + Int(numbers.next() % 200) : 0 }
      let since = adjusting == .factor ? "" : market.days[market.lastSplit]
      let outcome = bash(
        """
        set -eo pipefail; touch notes kills
        export CONVOY_MARKET=all CONVOY_TOPK=4 CONVOY_N_DROP=1 CONVOY_ACCOUNT=1000000
        for desk in one all; do
          mkdir $desk; cp '\(root)/testdata/market/scores.safetensors' $desk/model.safetensors
        done
        daily() { echo >> runs; CONVOY_CSV=$2.csv '\(root)/pipelines/qlib-cnn-daily' $1 > path 2>> notes; }
        kills=(\(kills.map(String.init).joined(separator: " ")))
        for count in {\(first)..\(Self.days)}; do
          after=${kills[count - \(first)]}
          if [ $after != 0 ]; then
            CONVOY_CSV=$count.csv setsid '\(root)/pipelines/qlib-cnn-daily' one > /dev/null 2>&1 &
            sleep $(printf 0.%03d $after); kill -9 -- -$! 2> /dev/null && echo killed >> kills || true
            wait $! 2> /dev/null || true
            flock one/lock true
          fi
          daily one $count || { tail -3 notes >&2; exit 1; }
          [ $((count % 3)) != 0 ] || daily one $count
        done
        daily all \(first); daily all \(Self.days)

        # The tools by themselves, over all days.
        export CONVOY_BENCHMARK=SH000300
        opening=$(ls one/days | head -1)
        CONVOY_CSV=\(Self.days).csv '\(root)/pipelines/desk-bars' > bars.npy 2>> notes
        alpha158 --no-label bars.npy |
          cnn1d-infer --model one/model.safetensors --from $opening --ndjson > scores
        topk-backtest --topk 4 --n-drop 1 --account 1000000 --bars bars.npy --orders orders.csv scores \\
          > ledger 2>> notes

        # Where the past is written anew, shares are counted anew too, and qlib's 1e-12 beside a price
        # moves the last digits of factors: those of the last split's day and after are the same.
        same() { sed '\(adjusting == .factor ? "" : #"s/"deal_amount":[^,]*,//"#)' "$@"; }
        late() { awk -F '"' '$8 >= "\(since)"' "$@"; }
        for desk in one all; do
          cmp <(cat $desk/days/*/scores.ndjson | late) <(late scores)
          cmp <(cat $desk/days/*/ledger.ndjson | same) <(same ledger)
          cmp $desk/days/$(basename $(ls -d $desk/days/* | tail -1))/orders.csv orders.csv
        done
        ls one/days | tail -1
        wc -l < ledger
        grep -c 'all is made again' notes || true
        wc -l < runs; wc -l < kills
        """, folder: folder, timeout: 300)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        .map { String($0.filter { $0 != " " }) }
      try #require(lines.count == 5, "\(lines)")
      #expect(lines[0] == market.days[Self.days - 1])
      // Every day but the first, on which the account opens: that may be earlier, where the index is late.
      #expect((8...12).contains(Int(lines[1]) ?? 0), "\(lines)")
      // A split is noticed by the run that meets it, and by the one that takes all days.
      #expect((adjusting == .rewritten ? 2...4 : 0...0).contains(Int(lines[2]) ?? -1), "\(lines)")
      if Self.markets > 1 {
        print(
          "market \(seed), \(adjusting): \(lines[3]) runs, \(lines[4]) killed, history anew \(lines[2]) times"
        )
      }
    }
  }
}
