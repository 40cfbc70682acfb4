import TestFolders
import Testing

/// The manifests of a desk's days, and what a run refuses by them.
@Suite struct DeskChainTests {
  /// A desk with four days in `made`, the market of each next day, and `go` for a run of a copy of it.
  private static let start = """
    set -o pipefail
    export PATH='\(root)/bin:\(root)/pipelines':$PATH
    export CONVOY_MARKET=all CONVOY_BENCHMARK=INDEX CONVOY_TOPK=4 CONVOY_N_DROP=1 CONVOY_ADJUST=no
    simbars --instruments 20 --days 90 > market.npy; days=($(bars --list-days market.npy | tail -6))
    export CONVOY_CSV=market.npy
    go() { CONVOY_BARS_OPTIONS="--to $1" qlib-cnn-daily "${@:2}"; }
    mkdir made; cp '\(root)/testdata/market/scores.safetensors' made/model.safetensors
    for day in ${days[@]:0:4}; do go $day made > out || exit 1; done
    one=${days[0]} two=${days[1]} three=${days[2]} last=${days[3]} next=${days[4]} beyond=${days[5]}

    # WHAT CHANGE: a run of a copy that was changed, in a line.
    try() {
      rm -rf desk; cp -a made desk; (cd desk/days; eval "$2"); shift 2
      [ $# != 0 ] || set -- go $next desk
      "$@" > out 2> err; echo "$? $(wc -l < err) $(sed "s|$one|ONE|g; s|$two|TWO|g; s|$three|THREE|g; s|$last|LAST|g
        s|$next|NEXT|g" out err | cut -c 1-200)"
    }
    """

  private func check(_ script: String, _ expected: String) throws {
    try expectOutput(of: Self.start + "\n" + script, expected)
  }

  @Test("what was changed, put back, removed or added is named, and no day is taken")
  func refused() throws {
    try check(
      """
      for change in 'cp $three/factors.state $last/' 'rm -r $two' 'rm -r $last' 'rm -r $one' ': > $two/bars.npy' \
        ': > $one/scores.ndjson' 'echo >> $last/scores.ndjson' 'rm $last/account.state' 'touch 9-notes' \
        'cp -r $last 2015-07-01.bak' 'cp -r $last 2019-07-01' 'sed -i s/TOPK=4/TOPK=3/ $two/manifest' \
        'sed -i s/TOPK=4/TOPK=3/ $last/manifest' ': > $two/manifest' 'rm ../head' 'rm -r ../days'; do
        try "" "$change" | sed "s|desk/days/||g"
        [ ! -e desk/days/$next ] || echo taken
      done
      """,
      """
      65 1 qlib-cnn-daily: LAST/factors.state: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: TWO: is gone, and THREE follows it
      65 1 qlib-cnn-daily: LAST: is gone: put it back, or say desk-chain take-back DESK
      65 1 qlib-cnn-daily: ONE: is gone, and TWO follows it
      65 1 qlib-cnn-daily: TWO/bars.npy: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: ONE/scores.ndjson: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: LAST/scores.ndjson: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: LAST/account.state: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: 9-notes: is no day that a run has left: move it out of there
      65 1 qlib-cnn-daily: 2015-07-01.bak: is no day that a run has left: move it out of there
      65 1 qlib-cnn-daily: 2019-07-01: does not follow the days before it
      65 1 qlib-cnn-daily: TWO/manifest: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: LAST/manifest: is gone, or was changed since its day was taken
      65 1 qlib-cnn-daily: TWO: does not follow the days before it
      65 1 qlib-cnn-daily: desk/head: is gone, which has the digest of the last manifest
      65 1 qlib-cnn-daily: LAST: is gone: put it back, or say desk-chain take-back DESK

      """)
  }

  @Test(
    "a day is taken back and taken again, to the same bytes; a killed run and an old desk go on")
  func goesOn() throws {
    try check(
      """
      try "" : desk-chain check desk
      try "" : desk-chain take-back desk
      desk-chain take-back desk 2>&1 | sed "s|$two|TWO|"; go $last desk > out; diff -r made desk && echo same
      # By hand first.
      try "" 'rm -r $last' desk-chain take-back desk; go $last desk > out; diff -r made desk && echo same
      # A run that was killed before it wrote the head, and left states that were to go.
      cp made/head before; cp made/days/$three/account.state state
      try "" :; cp before desk/head; cp state desk/days/$three/; cp state desk/days/$one/; mkdir desk/days/.new
      go $beyond desk > out; go $beyond desk 2>&1 | sed "s|$beyond|BEYOND|"; desk-chain check desk
      ls desk/days/*/account.state | wc -l; ls -a desk/days | grep '^\\.[a-z]' || true
      # A desk without manifests gets a chain from the next day on; sha256sum reads it.
      try "" 'rm ../head */manifest'; go $beyond desk > out
      head -1 desk/days/$next/manifest; (cd desk/days && cat ../head $beyond/manifest | sha256sum --check --quiet)
      desk-chain check desk
      try "" 'rm ../head */manifest; mv $two ../x'
      """,
      """
      0 0 desk: 4 days are as they were left, 0 before them have no manifest
      0 0 desk: goes on from THREE
      desk-chain: desk/days/TWO: has no states to go on from
      same
      0 0 desk: goes on from THREE
      same
      0 0 desk/days/NEXT/orders.csv
      desk/days/BEYOND/orders.csv
      qlib-cnn-daily: there is no new day: these are the orders of BEYOND
      desk: 6 days are as they were left, 0 before them have no manifest
      2
      0 1 desk/days/NEXT/orders.csv
      desk: its 4 days have no manifest yet, and are not checked
      # follows 4 days without a manifest
      desk: 2 days are as they were left, 4 before them have no manifest
      0 1 desk/days/NEXT/orders.csv
      desk: its 3 days have no manifest yet, and are not checked

      """)
  }

  @Test("parameters stay what they were, until a run says from when they change")
  func parameters() throws {
    try check(
      """
      digest() { sha256sum < $1 | cut -c 1-64; }
      change() { CONVOY_TOPK=3 go $next desk "$@"; }
      try "" : change
      try "" : change --change-from $last
      try "" : change --change-from $beyond | sed "s|$beyond|BEYOND|"
      try "" : change --change-from $next
      # The account goes on, and holds one instrument less at most.
      cat made/days/*/ledger.ndjson desk/days/$next/ledger.ndjson | grep -c '"record":"day"'
      go $beyond desk 2>&1 | sed "s|$next|NEXT|"
      CONVOY_TOPK=3 go $beyond desk > out; desk-chain check desk
      # Another model makes its memory anew, from all days.
      alpha158 market.npy > raw; robust-zscore fit --to $one --params z raw > /dev/null
      robust-zscore apply --params z raw | fillna | dropna | cs-rank |
        cnn1d-train --quiet --arch linear --max-steps 2 --batch 100 --train :2015-03-20 --valid 2015-03-21: \\
          --normalisation z --model other > /dev/null
      try "" 'cp ../../other ../model.safetensors' |
        sed "s|$(digest made/model.safetensors)|MADE|; s|$(digest other)|OTHER|"
      go $next desk --change-from $next > out
      bars --to $next market.npy | alpha158 --no-label | cnn1d-infer --model other --from $next --ndjson |
        cmp - desk/days/$next/scores.ndjson && echo same
      for variable in REGION=us BENCHMARK=none N_DROP=2 FACTORS=alpha360 ADJUST= SKIP_BAD=1; do
        try "" : eval CONVOY_$variable go $next desk | cut -c 1-60 | sed "s/ *$//"
      done
      # How the source is read, but for the day to which it is.
      grep BARS_OPTIONS made/days/*/manifest | cut -d : -f 2 | uniq
      trusting() { CONVOY_BARS_OPTIONS="--trust --to $next" qlib-cnn-daily desk "$@"; }
      try "" : trusting; trusting --change-from $next | sed "s|$next|NEXT|"; desk-chain check desk
      try "" : eval CONVOY_ACCOUNT=5 go $next desk --change-from $next
      try "" : eval CONVOY_BENCHMARK=none go $next desk --change-from $next
      """,
      """
      65 1 qlib-cnn-daily: desk: TOPK was 4 on LAST and is 3 now: qlib-cnn-daily DESK --change-from DAY \
      takes it so from a day on
      65 1 qlib-cnn-daily: --change-from LAST: the first new day is NEXT
      65 1 qlib-cnn-daily: --change-from BEYOND: the first new day is NEXT
      0 0 desk/days/NEXT/orders.csv
      4
      qlib-cnn-daily: desk: TOPK was 3 on NEXT and is 4 now: qlib-cnn-daily DESK --change-from DAY takes \
      it so from a day on
      desk: 6 days are as they were left, 0 before them have no manifest
      65 1 qlib-cnn-daily: desk: MODEL was MADE on LAST and is OTHER now: qlib-cnn-daily DES
      same
      65 1 qlib-cnn-daily: desk: REGION was cn on LAST and is us n
      65 1 qlib-cnn-daily: desk: BENCHMARK was INDEX on LAST and i
      65 1 qlib-cnn-daily: desk: N_DROP was 1 on LAST and is 2 now
      65 1 qlib-cnn-daily: desk: FACTORS was alpha158 on LAST and
      65 1 qlib-cnn-daily: desk: ADJUST was no on LAST and is yes
      65 1 qlib-cnn-daily: desk: SKIP_BAD was no on LAST and is ye
      # BARS_OPTIONS=none
      65 1 qlib-cnn-daily: desk: BARS_OPTIONS was none on LAST and is --trust now: qlib-cnn-daily DESK \
      --change-from DAY takes it so from a day on
      desk/days/NEXT/orders.csv
      desk: 5 days are as they were left, 0 before them have no manifest
      65 1 topk-backtest: desk/days/.new/account.state: the state's --account is 100000000.0, not 5.0
      0 0 desk/days/NEXT/orders.csv

      """)
  }
}
