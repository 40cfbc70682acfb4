import TestFolders
import Testing

/// Sources that are plausible and wrong, and the right outcome of each.
///
/// All are made of one clean market of 15 stocks, an index and 100 days by putting one fault into it.
@Suite struct DeskCaseTests {
  private static let start = """
    set -eo pipefail; PATH='\(root)/bin:\(root)/pipelines':$PATH
    cases='\(root)/testdata/market/cases'; model='\(root)/testdata/market/scores.safetensors'
    gzip -dc "$cases/ok.csv.gz" > ok.csv
    rows() { awk -F, -v OFS=, "$@" ok.csv; }
    trade() {
      bars --adjust --benchmark SH000300 $1.csv > $1.npy 2>> $1.notes
      topk-backtest --topk 5 --n-drop 1 --bars $1.npy "$cases/scores.ndjson.gz" > $1.ledger 2>> $1.notes
    }
    bench() {
      grep -o '"bench":[^,]*' $1.ledger | awk -F : '{ sum += $2 } END { printf "%s %.5f\\n", name, sum }' name=$1
      cat $1.notes
    }
    scores() {
      bars --adjust --benchmark SH000300 $1.csv > $1.npy
      alpha158 --no-label $1.npy | cnn1d-infer --model "$model" --ndjson > $1.scores
    }
    """

  private func check(_ script: String, _ expected: String) throws {
    try expectOutput(of: Self.start + "\n" + script, expected)
  }

  @Test("an index without volume, with a gap, without factors")
  func index() throws {
    try check(
      """
      rows '$1 == "SH000300" { $7 = 0 } 1' > no-volume.csv
      rows '$1 != "SH000300" || $2 < "2024-02-27" || $2 > "2024-02-29"' > gap.csv
      rows '$1 == "SH000300" { $8 = "" } 1' > no-factor.csv
      for case in ok no-volume gap no-factor; do trade $case; bench $case; done
      cmp ok.ledger no-volume.ledger
      """,
      """
      ok 0.09692
      no-volume 0.09692
      gap 0.09696
      topk-backtest: the benchmark SH000300 has no close on 3 of 99 days, the first 2024-02-27: bridged \
      from its last close (see --benchmark-gap)
      no-factor 0.09692
      topk-backtest: SH000300 has a close but no factor on 2024-01-03: amounts are not rounded to lots, \
      on any day

      """)
  }

  @Test("two stocks suspended without rows: cut meanwhile, the same bars, factors and scores")
  func suspended() throws {
    try check(
      """
      days='$2 <= "2024-05-02" || NR == 1' gone='$1 ~ /60000[29]/ && $2 ~ /2024-04-2[4-9]/'
      rows "($days) && !($gone)" > whole.csv
      rows "($days) && !($gone) && \\$2 <= \\"2024-04-26\\" || NR == 1" > cut.csv
      for case in whole cut; do scores $case; done
      for part in npy scores; do
        head -c $(wc -c < cut.$part) whole.$part | cmp - cut.$part
        [ $(wc -c < cut.$part) -lt $(wc -c < whole.$part) ]
      done
      grep -c 2024-04-26 cut.scores
      alpha158 --check-lookahead --earlier cut.npy whole.npy | grep -o '"look_ahead":.*'

      # As it was, when rows were made up only until the last one of each: the check sees it.
      rows "\\$2 <= \\"2024-04-23\\" || NR == 1" > before.csv
      bars --adjust before.csv | tee old.npy > older.npy
      for day in 24 25 26; do
        bars --adjust --from 2024-04-$day --to 2024-04-$day --least-share 0 \\
          <(grep -v 60000[29] ok.csv) >> old.npy
      done
      bars --adjust --to 2024-04-26 whole.csv > new.npy
      alpha158 --check-lookahead --earlier old.npy new.npy 2>&1 | grep -v '^{' || true
      """,
      """
      15
      "look_ahead":false}
      alpha158: look-ahead: instrument of SH600002 on 2024-04-24 differs when history ends on 2024-04-26

      """)
  }

  /// Sources that end on days of May, one with a past that was written anew, and `run` SOURCE.
  private static let rewriting = """
    for day in 05-03 05-06 05-07 05-08; do rows -v day=2024-$day '$2 <= day || NR == 1' > $day.csv; done
    # All prices halved from the first day on, as after a split of two in a source that rewrites.
    rows '$2 <= "2024-05-09" || NR == 1' | awk -F, -v OFS=, \\
      '$1 == "SH600003" && NR > 1 { for (i = 3; i <= 6; i++) $i /= 2 } 1' > split.csv
    mkdir desk; cp "$model" desk/model.safetensors
    export CONVOY_MARKET=all CONVOY_TOPK=4 CONVOY_N_DROP=1
    run() { CONVOY_CSV=$1.csv qlib-cnn-daily desk "${@:2}" 2>&1 || echo $?; }
    """

  @Test("qlib-cnn-daily: a history that is written anew after parameters changed, or on that day")
  func changedParameters() throws {
    try check(
      """
      \(Self.rewriting)
      run 05-03
      CONVOY_TOPK=5 run split --change-from 2024-05-06 | grep -v '^alpha158'
      CONVOY_TOPK=5 run 05-06 --change-from 2024-05-06
      CONVOY_TOPK=6 CONVOY_N_DROP=2 run 05-07 --change-from 2024-05-07
      export CONVOY_TOPK=6 CONVOY_N_DROP=2
      run split | grep -v '^alpha158'
      printf 'instrument,shares,cost\\nSH600000,1000,\\n' > now.csv
      CONVOY_HOLDINGS=now.csv CONVOY_CASH=56595 run split | tail -1
      """,
      """
      desk/days/2024-05-03/orders.csv
      qlib-cnn-daily: parameters changed (TOPK on 2024-05-06), so the past is not traded again: name \
      CONVOY_HOLDINGS and CONVOY_CASH as of 2024-05-09
      65
      desk/days/2024-05-06/orders.csv
      desk/days/2024-05-07/orders.csv
      qlib-cnn-daily: parameters changed (TOPK on 2024-05-06, TOPK N_DROP on 2024-05-07), so the past \
      is not traded again: name CONVOY_HOLDINGS and CONVOY_CASH as of 2024-05-09
      65
      desk/days/2024-05-09/orders.csv

      """)
  }

  @Test("qlib-cnn-daily: a real account, what was dealt, and a history that is written anew")
  func realAccount() throws {
    try check(
      """
      \(Self.rewriting)
      printf 'instrument,shares,cost\\nSH600000,1000,\\nSH600003,500,\\n' > held.csv
      CONVOY_HOLDINGS=held.csv run 05-03
      CONVOY_HOLDINGS=held.csv CONVOY_CASH=50000 run 05-03; cat desk/days/2024-05-03/orders.csv
      printf 'instrument,side,shares,price\\nSH600003,sell,500,13.2\\n' > dealt.csv
      CONVOY_FILLS=dealt.csv run 05-06; cat desk/days/2024-05-06/orders.csv
      CONVOY_FILLS=dealt.csv run 05-06
      CONVOY_FILLS=none run split
      printf 'instrument,shares,cost\\nSH600000,1000,\\nSH600003,100,\\n' > now.csv
      CONVOY_HOLDINGS=now.csv CONVOY_CASH=56595 run split | tail -1
      ls desk/days/*/*s.csv
      grep -c 'SH60000[03]' desk/days/2024-05-09/orders.csv
      """,
      """
      topk-backtest: --holdings and --cash go together, and --cash is in 0...1e15 (see topk-backtest --help)
      64
      desk/days/2024-05-03/orders.csv
      side,instrument,shares,last_close
      SELL,SH600003,500,13.23
      BUY,SH600004,1600,11.19
      BUY,SH600007,1000,16.39
      BUY,SH600011,900,19.50
      desk/days/2024-05-06/orders.csv
      side,instrument,shares,last_close
      SELL,SH600000,1000,7.82
      BUY,SH600004,1300,11.30
      BUY,SH600007,900,16.44
      BUY,SH600011,700,19.54
      BUY,SH600010,800,17.88
      desk/days/2024-05-06/orders.csv
      qlib-cnn-daily: there is no new day: these are the orders of 2024-05-06, HOLDINGS and FILLS are not read
      alpha158: desk/days/.new/history: array 1: history was rewritten, or a day is missing before \
      it: the change of SH600003 on 2024-05-07 is -0.0037850114, but its close 6.58 over the remembered \
      13.21 makes -0.5018925: begin a \
      new state with the history
      qlib-cnn-daily: the account is a real one: name CONVOY_HOLDINGS and CONVOY_CASH as of 2024-05-09
      65
      desk/days/2024-05-09/orders.csv
      desk/days/2024-05-03/holdings.csv
      desk/days/2024-05-03/orders.csv
      desk/days/2024-05-06/fills.csv
      desk/days/2024-05-06/orders.csv
      desk/days/2024-05-09/holdings.csv
      desk/days/2024-05-09/orders.csv
      1

      """)
  }

  @Test(
    "qlib-cnn-daily: fills that are forgotten or left where they were, holdings that are read again"
  )
  func forgotten() throws {
    try check(
      """
      \(Self.rewriting)
      printf 'instrument,shares\\nSH600000,1000\\nSH600003,500\\n' > held.csv
      export CONVOY_CASH=50000 CONVOY_HOLDINGS=held.csv; run 05-03
      cp -r desk again; unset CONVOY_CASH CONVOY_HOLDINGS
      printf 'instrument,side,shares,price\\nSH600003,sell,500,13.2\\n' > dealt.csv
      CONVOY_FILLS=dealt.csv run 05-06
      run 05-07; ls desk/days
      CONVOY_FILLS=dealt.csv run 05-07
      printf 'instrument,side,shares,price\\n' > none.csv
      cp -r desk other; CONVOY_FILLS=none.csv run 05-07; run 05-08
      mv desk first; mv other desk; CONVOY_FILLS=none run 05-07; CONVOY_FILLS=none run 05-08
      rm -r desk; mv again desk; CONVOY_CASH=50000 CONVOY_HOLDINGS=held.csv run 05-06
      """,
      """
      desk/days/2024-05-03/orders.csv
      desk/days/2024-05-06/orders.csv
      qlib-cnn-daily: fills were booked on 2024-05-06: CONVOY_FILLS must name those of 2024-05-07 (a header \
      alone says that nothing was dealt), or be none
      65
      2024-05-03
      2024-05-06
      topk-backtest: dealt.csv: all 1 fills that were booked on 2024-05-06 are here again, for \
      2024-05-07: is it the old file? a column date says that they are of 2024-05-07
      65
      desk/days/2024-05-07/orders.csv
      qlib-cnn-daily: fills were booked on 2024-05-07: CONVOY_FILLS must name those of 2024-05-08 (a header \
      alone says that nothing was dealt), or be none
      65
      topk-backtest: no --fills: the orders of 1 days, the first 2024-05-07, are booked in the real account \
      as if they were dealt at the prices of the bars, although the fills of 2024-05-06 were booked: were \
      they forgotten?
      desk/days/2024-05-07/orders.csv
      desk/days/2024-05-08/orders.csv
      qlib-cnn-daily: held.csv is what it was on 2024-05-03: without it the account goes on, by CONVOY_FILLS
      desk/days/2024-05-06/orders.csv

      """)
  }

  @Test("a row without numbers makes no trading day, by itself or in the daily run")
  func emptyRow() throws {
    try check(
      """
      rows '$2 <= "2024-04-22" || NR == 1' > yesterday.csv
      rows '$2 <= "2024-04-23" || NR == 1' > next.csv
      { cat yesterday.csv; echo SH600014,2024-04-25,,,,,,; } > future.csv
      { cat yesterday.csv; echo SH600014,2024-04-23,,,,,,; } > same-day.csv
      head -1 ok.csv > empty.csv
      rows '$2 <= "2024-04-19" || NR == 1' > old.csv
      mkdir desk; cp "$model" desk/model.safetensors
      export CONVOY_MARKET=all CONVOY_TOPK=4 CONVOY_N_DROP=1 CONVOY_ACCOUNT=1000000
      for source in yesterday future same-day next; do
        echo $source; CONVOY_CSV=$source.csv qlib-cnn-daily desk 2>&1
      done
      for source in old empty; do
        echo $source; CONVOY_CSV=$source.csv qlib-cnn-daily desk 2>&1 || echo $?
      done
      ls desk/days
      """,
      """
      yesterday
      desk/days/2024-04-22/orders.csv
      future
      bars: no trading day, as nothing has a close: 2024-04-25; --calendar names days without trade
      desk/days/2024-04-22/orders.csv
      qlib-cnn-daily: there is no new day: these are the orders of 2024-04-22
      same-day
      bars: no trading day, as nothing has a close: 2024-04-23; --calendar names days without trade
      desk/days/2024-04-22/orders.csv
      qlib-cnn-daily: there is no new day: these are the orders of 2024-04-22
      next
      desk/days/2024-04-23/orders.csv
      old
      bars: old.csv: days after 2024-04-23 are wanted, but the source ends on 2024-04-19
      65
      empty
      bars: empty.csv: benchmark has no bars: SH000300
      65
      2024-04-22
      2024-04-23

      """)
  }
}
