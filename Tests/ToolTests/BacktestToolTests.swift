import TestFolders
import Testing

/// What signal-eval and topk-backtest say of input that is plausible and wrong, and accounts that are
/// kept.
@Suite struct BacktestToolTests {
  /// A small market with an index, its scores, and what becomes of an index.
  private static let prepare = """
    set -o pipefail
    gzip -dc '\(root)/testdata/market/cases/ok.csv.gz' > ok.csv
    gzip -dc '\(root)/testdata/market/cases/scores.ndjson.gz' > scores
    sed '/^SH000300/s/,[0-9]*,1$/,0,1/' ok.csv > volume.csv
    grep -v 'SH000300,2024-02-2[789]' ok.csv > gap.csv
    sed '/^SH000300/s/,1$/,/' ok.csv > factor.csv
    for name in ok volume gap factor; do bars --benchmark SH000300 $name.csv > $name; done
    trade() { topk-backtest --topk 5 --n-drop 1 --bars "$@" scores; }
    index() { jq -s 'map(1 + .bench) | reduce .[] as $x (1; . * $x) | . * 1e6 | round'; }

    """

  private func expect(
    _ script: String, _ lines: [String], errors: [String] = [],
    location: SourceLocation = #_sourceLocation
  ) throws {
    try withFolder { folder in
      let outcome = bash(Self.prepare + script, folder: folder)
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == lines.map { $0 + "\n" }.joined(),
        "\(outcome.errors)", sourceLocation: location)
      #expect(outcome.errorLines.map(String.init) == errors, sourceLocation: location)
    }
  }

  @Test("an index needs no volume; a gap in it is bridged, and named")
  func index() throws {
    let gap =
      "topk-backtest: the benchmark SH000300 has no close on 3 of 99 days, the first 2024-02-27: "
    try expect(
      """
      for name in ok volume gap; do trade $name | index; done
      trade gap --benchmark-gap zero | index
      trade ok --benchmark-gap zero > one; trade ok | cmp - one
      """, ["1096892", "1096892", "1096893", "1080216"],
      errors: [
        gap + "bridged from its last close (see --benchmark-gap)",
        gap + "their returns are 0, and so is that of the day after (see --benchmark-gap)",
      ])
  }

  @Test("a benchmark without a close, or without a return, is an error")
  func withoutReturn() throws {
    try expect(
      """
      bars volume.csv > none; trade none; echo $?
      { head -1 ok.csv; grep -v '^SH000300,2024-0[1-9]-\\(0[3-9]\\|[1-3]\\)' ok.csv | tail -n +2; } |
        sed '/^SH000300,2024-0[2-9]/d' | bars --benchmark SH000300 > few
      trade few | wc -l; echo $?
      """, ["65", "99", "65"],
      errors: [
        "topk-backtest: none: no close of the benchmark SH000300 up to 2024-01-03 (see --benchmark)",
        "topk-backtest: few: the benchmark SH000300 has no return on any of 99 days (see --benchmark)",
      ])
  }

  @Test("which close has no factor")
  func factor() throws {
    try expect(
      """
      trade factor | wc -l
      sed '/^SH600003,2024-03-04/s/,1$/,/' ok.csv | bars > one; trade one | wc -l
      trade <(cat one) 2>&1 | sed 's,/dev/fd/[0-9]*,PIPE,' | tail -1
      """,
      [
        "99", "99",
        "topk-backtest: PIPE: SH600003 has a close but no factor on 2024-03-04: then there are no lots "
          + "on any day, which a pipe tells too late; give a file, or --trade-unit 0",
      ],
      errors: [
        "topk-backtest: SH000300 has a close but no factor on 2024-01-03: amounts are not rounded to "
          + "lots, on any day",
        "topk-backtest: SH600003 has a close but no factor on 2024-03-04: amounts are not rounded to "
          + "lots, on any day",
      ])
  }

  @Test("codes spelt otherwise match nothing, an error; some that match nothing are a line")
  func joins() throws {
    try expect(
      #"""
      cp scores right
      sed -E 's/"SH(6[0-9]*)"/"\1.SH"/' right > wrong
      cp wrong scores; trade ok; echo $?
      signal-eval --bars ok wrong; echo $?
      sed -E 's/SH60000([0-3])/X\1/' right > scores; trade ok | wc -l
      signal-eval --bars ok scores | wc -l
      sed 's/2024-/2020-/' right | signal-eval --bars ok > days; echo $?
      alpha158 ok > labels
      signal-eval --labels labels right | wc -l; signal-eval --labels labels wrong; echo $?
      printf '600000.SH\t2024-01-02\t2024-05-20\n' > other
      bars --benchmark SH000300 --instruments other ok.csv; echo $?
      printf 'SH600000\t2024-01-02\t2024-05-20\nX\t2024-01-02\t2024-05-20\n' > other
      bars --instruments other ok.csv | wc -c
      """#, ["65", "65", "99", "100", "65", "100", "65", "65", "37700"],
      errors: [
        "topk-backtest: scores: none of 15 instruments with scores is in the bars: 600000.SH here, "
          + "SH600000 there",
        "signal-eval: wrong: none of 15 instruments with scores is in the bars: 600000.SH here, "
          + "SH600000 there",
        "topk-backtest: 4 of 15 instruments with scores are not in the bars: X0, X1, X2, ...",
        "topk-backtest: scores without bars are among the best 5 on 90 of 99 days and take places that "
          + "are not filled, the first 2024-01-04: X1",
        "signal-eval: 4 of 15 instruments with scores are not in the bars: X0, X1, X2, ...",
        "signal-eval: <stdin>: no day of the scores, 2020-01-02 to 2020-05-17, has labels",
        "signal-eval: wrong: none of 15 instruments with scores is in the labels: 600000.SH here, "
          + "SH600000 there",
        "bars: ok.csv: none of 1 members is in the source: 600000.SH here, SH600000 there",
        "bars: 1 of 2 members are not in the source: X",
      ])
  }

  @Test("--state: a day a run, or all at once, with a plan each; a failed run leaves it as it was")
  func state() throws {
    try expect(
      """
      bars --to 2024-05-17 ok > till; mv till ok
      trade ok --trades --positions > whole
      days=$(bars --list-days ok)
      last=
      for day in $days; do
        bars --from $day --to $day ok > today
        grep $day scores > now
        topk-backtest --topk 5 --n-drop 1 --bars today --state s --trades --positions \\
          --orders orders now >> parts
        topk-backtest --topk 5 --n-drop 1 --bars today --state s --orders again now >> parts
        cmp orders again
      done
      cmp whole parts
      trade ok --state all --orders orders > one; cmp again orders; cmp all s
      topk-backtest --topk 5 --n-drop 1 --bars ok --state all < /dev/null | wc -c
      cp s before
      topk-backtest --topk 6 --n-drop 1 --bars today --state s now; echo $?
      topk-backtest --topk 5 --n-drop 1 --bars today --state s --orders none/orders now; echo $?
      trade ok --state full > /dev/full; echo $?; ls full
      echo '{' | topk-backtest --topk 5 --n-drop 1 --bars today --state s; echo $?
      topk-backtest --topk 5 --n-drop 1 --bars scores --state ok now; echo $?
      bars --to 2024-03-01 ok > past; trade past --state s; echo $?
      cmp s before
      """, ["0", "65", "74", "74", "65", "65", "65"],
      errors: [
        "topk-backtest: s: the state's --topk is 5, not 6",
        "topk-backtest: none/orders: No such file or directory",
        "topk-backtest: <stdout>: No space left on device",
        "ls: cannot access 'full': No such file or directory",
        "topk-backtest: <stdin>:1:2: expected a key or '}', got the end",
        "topk-backtest: ok: not text: this is an npy array; lenet-infer reads glyphs, describe any table",
        "topk-backtest: past: has no day after 2024-05-17, to which the state is, nor that day: it ends "
          + "on 2024-03-01",
      ])
  }

  @Test("a real account: holdings as brokers write them, what was dealt, and what cannot have been")
  func realAccount() throws {
    try expect(
      #"""
      bars --from 2024-02-29 --to 2024-02-29 ok > first; grep 2024-02-29 scores > now
      bars --from 2024-03-01 --to 2024-03-01 ok > next; grep 2024-03-01 scores > then
      day() { topk-backtest --topk 5 --n-drop 1 "$@"; }
      open() { rm -f account; day --bars first --state account --cash 50000 --orders "$@" now; }
      printf 'instrument,shares,cost\nSH600000,1000,10.1\n' > holdings
      open orders --holdings holdings; cat orders
      printf '\xef\xbb\xbfCost,Note,Shares,Instrument\r\n--,a,"1,000",sh600000\r\n' > odd
      open again --holdings odd; cmp orders again
      printf 'instrument,shares\n600000.SH,1000\nSH510300,7\n' > odd; open none --holdings odd; echo $?
      : > odd; open none --holdings odd; echo $?; ls none account
      open again --holdings holdings; cp account before
      fill() { printf "$1\n$2\n" > fills; day --bars next --state account --fills fills then; echo $?; }
      fill instrument,side,shares,price SH600000,sell,1100,7.5
      fill instrument,side,shares,price 600001.SH,buy,100,10
      fill date,instrument,side,shares,price 2024-02-28,SH600001,buy,100,10 > out; tail -1 out
      cmp account before
      day --bars next --state account then | jq .orders; mv before account
      fill instrument,side,shares,price SH600000,sell,1000,7.5 | jq -c 'objects | [.orders, .value, .cash]'
      fill instrument,side,shares,price SH600000,sell,1000,7.5
      day --bars next --state account --holdings holdings --cash 1 then; echo $?
      """#,
      [
        "side,instrument,shares,last_close", "SELL,SH600000,1000,7.47", "BUY,SH600002,1000,10.64",
        "BUY,SH600013,400,23.84", "BUY,SH600012,500,21.78", "BUY,SH600010,500,19.46",
        "BUY,SH600007,600,16.06", "65", "65", "65", "65", "65", "6", "[1,0,57488.75]", "65", "65",
      ],
      errors: [
        "topk-backtest: odd: 2 of 2 holdings have no close in the bars up to 2024-02-29 to be worth: "
          + "600000.SH, SH510300 here, SH600000 there",
        "topk-backtest: odd: is empty, without a header: instrument, shares",
        "ls: cannot access 'none': No such file or directory",
        "ls: cannot access 'account': No such file or directory",
        "topk-backtest: fills:2: 1100 shares of SH600000 are sold, 1000.00 were held",
        "topk-backtest: fills:2: 600001.SH has no close on 2024-03-01, so that it was not traded (the "
          + "bars have SH600001)",
        "topk-backtest: fills:2: 2024-02-28 is none of the days that are traded, 2024-03-01",
        "topk-backtest: no --fills: the orders of 1 days, the first 2024-03-01, are booked in the real "
          + "account as if they were dealt at the prices of the bars",
        "topk-backtest: fills:2: no day is traded, so that nothing can be booked",
        "topk-backtest: account: has an account already, so that none begins with --holdings",
      ])
  }

  @Test("fills beside what was ordered, what was booked before, and the prices of the day")
  func doubtfulFills() throws {
    try expect(
      #"""
      for day in 2024-02-29 2024-03-01 2024-03-04; do
        bars --from $day --to $day ok > $day; grep $day scores > scores.$day
      done
      day() {
        topk-backtest --topk 5 --n-drop 1 --state account --orders orders --bars $1 "${@:2}" scores.$1 > out
        echo $?
      }
      printf 'instrument,shares\nSH600000,1000\n' > holdings
      day 2024-02-29 --holdings holdings --cash 50000; cp account opened
      fill() {
        cp opened account; printf "instrument,side,shares,price,fee\n$1" > fills; day 2024-03-01 --fills fills
      }
      sell='SH600000,sell,1000,7.5,5\n' buy='SH600002,buy,1000,10.7,5\n'
      fill "$sell$buy$buy"
      fill 'SH600003,buy,100,13.5,5\nSH600004,buy,100,10.7,5\n'
      fill "${sell}SH600004,buy,100,13.2,5\n"
      fill "$sell${buy/1000/1100}"
      fill "${sell/1000/10}${buy/1000/10}"
      fill "${sell/7.5/8.5}$buy"
      fill "${sell/7.5/8.5}${buy/10.7/12.7}"
      fill "${sell/,5\\n/,7500\\n}"
      # Two halves that are the same, which come to what was ordered.
      fill "$sell${buy/1000/500}${buy/1000/500}"
      # The same file on the next day, or none.
      cp account booked; day 2024-03-04 --fills fills; cmp account booked
      day 2024-03-04; cp booked account
      printf 'instrument,side,shares,price\n' > fills; day 2024-03-04 --fills fills
      printf 'instrument,shares\nSH000300,10\n' > holdings
      rm account; day 2024-02-29 --holdings holdings --cash 50000
      """#,
      ["0", "65", "65", "0", "0", "65", "0", "65", "65", "0", "65", "0", "0", "65"],
      errors: [
        "topk-backtest: fills:4: says what fills:3 says, and with it 2000 of SH600002 are dealt, 1000 were "
          + "ordered: is it there twice?",
        "topk-backtest: fills: none of 2 trades was ordered for 2024-03-01, first BUY SH600003: are they "
          + "of another day? a column date says that they are of 2024-03-01",
        "topk-backtest: 1 of 2 trades of 2024-03-01 were not ordered: BUY SH600004, first fills:3",
        "topk-backtest: more was dealt on 2024-03-01 than was ordered: BUY SH600002, 1100 and not 1000",
        "topk-backtest: fills:2: 10 of SH600000 were dealt, 1000 ordered, and so it is with all 2: shares "
          + "look like lots of 100",
        "topk-backtest: fills:2: 1 of 2 fills of 2024-03-01 have a price that the day did not see: first "
          + "SH600000 at 8.5, the day's are 7.41 to 7.55",
        "topk-backtest: fills:2: 2 of 2 fills of 2024-03-01 have a price that the day did not see: first "
          + "SH600000 at 8.5, the day's are 7.41 to 7.55: are they of another day?",
        "topk-backtest: fills:2: fee of SH600000 is 7500.0, 100.0 % of the 7500.00 that were dealt: is the "
          + "column another?",
        "topk-backtest: fills: all 3 fills that were booked on 2024-03-01 are here again, for 2024-03-04: "
          + "is it the old file? a column date says that they are of 2024-03-04",
        "topk-backtest: no --fills: the orders of 1 days, the first 2024-03-04, are booked in the real "
          + "account as if they were dealt at the prices of the bars, although the fills of 2024-03-01 were "
          + "booked: were they forgotten?",
        "topk-backtest: holdings:2: SH000300 is an index, which nobody holds: is it SZ000300?",
      ])
  }

  @Test("--limits: those of instruments and boards stop trade; codes that match nothing are told")
  func limits() throws {
    try expect(
      #"""
      head='instrument,limit\n'
      limited() { printf "$1" > limits; trade ok --limits limits "${@:2}" > out; echo $?; }
      trade ok > whole
      limited "$head"; cmp out whole
      limited "${head}SH6*,0.095\n"; cmp out whole
      limited "${head}SH6*,0.00001\nSH6*,none\n"; trade ok --limit none | cmp - out
      limited "instrument,from,to,limit\nSH6*,2024-03-01,2024-03-31,1e-9\n"
      jq -c 'select(.deal_amount > 0) | .date[:7]' out | uniq
      limited "${head}SH600000,0.1\nSH688*,0.2\n"
      limited "${head}600000.SH,0.1\n"
      limited "${head}SH600000,20\n"
      """#,
      [
        "0", "0", "0", "0", #""2024-01""#, #""2024-02""#, #""2024-04""#, #""2024-05""#,
        "0",
        "65", "65",
      ],
      errors: [
        "topk-backtest: 1 of 2 instruments of --limits are not in the bars: SH688*",
        "topk-backtest: limits: none of 1 instruments is in the bars: 600000.SH here, SH600000 there",
        "topk-backtest: limits:2: limit must be a share above 0, such as 0.195, or none: '20'",
      ])
  }
}
