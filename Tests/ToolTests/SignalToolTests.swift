import TestFolders
import Testing

/// What cnn1d-train and cnn1d-infer do beyond reading a stream.
@Suite struct SignalToolTests {
  /// Days to learn from and to judge by, in `days`; a network small enough to be quick.
  private static let prepare = """
    set -e
    simbars --days 120 --instruments 15 > bars
    alpha158 --fields KMID,KLEN,MA5 bars | fillna > infer; dropna < infer | cs-rank > days
    train() {
      cnn1d-train --train :2015-05-08 --valid 2015-05-11: --layers 8,4 --step-len 6 --batch 300 \
        --evaluate-every 5 --max-steps 20 "$@" days
    }

    """

  private func shell(_ script: String, folder: String) -> Outcome {
    bash(Self.prepare + script, folder: folder)
  }

  private func expectLines(_ script: String, _ lines: String...) throws {
    try withFolder { folder in
      let outcome = shell(script, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(String(decoding: outcome.output, as: UTF8.self) == lines.map { $0 + "\n" }.joined())
    }
  }

  @Test("a score that is the label is told, either way round; a factor is not")
  func leak() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --days 60 --instruments 20 | alpha158 --fields ROC5 > f
        for score in ROC5 LABEL0; do signal-eval --score $score --no-table f; done > /dev/null
        """, folder: folder)
      #expect(
        outcome.errors
          == "signal-eval: IC is 1.00 on average, which nothing known beforehand has: is the label in the score?\n",
        "\(outcome)")
    }
  }

  @Test("parts of shards are all added, by their names")
  func parts() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        simbars --days 9 --instruments 6 > m
        for i in 1 2 3; do shard --shards 3 --only $i m | describe --partial > $i-of-3; done
        describe --merge 1-of-3 2-of-3; echo $?; cp 1-of-3 one; describe --merge one > x; echo $?
        describe --merge ?-of-3 > x; echo $?; robust-zscore fit --merge 1-of-3 --params z; echo $?
        calc-score --sum 1-of-3 3-of-3; echo $?
        """, folder: folder)
      #expect(String(decoding: outcome.output, as: UTF8.self) == "64\n0\n0\n64\n64\n")
      #expect(outcome.errorLines.count == 3, "\(outcome)")
      #expect(
        outcome.errors.contains(
          "shard 3 of 3 is not named, beside '1-of-3' (by another name a part is added as it is)"))
    }
  }

  @Test("1 thread or 2, and a training that was cut and resumed: the same model")
  func sameBytes() throws {
    try expectLines(
      """
      train --model one --seeds 2 --threads 1 > m1; train --model two --seeds 2 --threads 2 > m2
      cmp one two; cmp m1 m2; wc -l < m1
      for stop in 5 10 30; do
        train --model cut --seeds 2 --checkpoint c --resume --stop-after $stop >> m3
        test ! -e cut
      done
      train --model cut --seeds 2 --checkpoint c --resume >> m3
      cmp one cut; cmp m1 m3
      train --model cut --seeds 2 --checkpoint c --resume; cmp one cut
      train --model other --seed 5 --seeds 2 > /dev/null; cmp -s one other || echo differs
      train --model cut --seeds 1 --checkpoint c --resume 2> e || echo $? $(grep -c 'of another' e)
      """, "8", "differs", "65 1")
  }

  @Test("each family trains, and its scores are as good as its metrics say")
  func families() throws {
    try expectLines(
      """
      for options in "--arch cnn" "--arch tcn --fields KMID,MA5 --kernel-size 3 --max-steps 15" \\
        "--arch mlp" "--arch linear" "--arch cnn --loss ic --select ic" \\
        "--arch cnn --seeds 1 --select rank-ic"; do
        train --model m $options > metrics
        best=$(grep '"best":true' metrics | tail -1 | sed 's/.*valid_ic"://; s/,.*//')
        cnn1d-infer --model m --from 2015-05-11 days > scores
        ic=$(describe --fields score --label LABEL0 --no-table scores | sed 's/.*"ic"://; s/,.*//')
        awk -v a=$best -v b=$ic 'BEGIN { print (a - b < 1e-5 && b - a < 1e-5) ? "alike" : a " " b }'
      done
      """, "alike", "alike", "alike", "alike", "alike", "alike")
  }

  @Test("what leaves no best weights is refused, and days of one label are not learned from")
  func withoutCorrelation() throws {
    try expectLines(
      """
      cut() { alpha158 --fields KMID,KLEN,MA5 | fillna | dropna; }
      simbars --days 120 --instruments 1 --seed 3 | cut > single
      { simbars --days 90 --start 2014-06-02 --instruments 1 --seed 3 | cut; cat days; } > mixed
      train --model x --arch cnn-batchwise --select ic 2> e || echo $? $(grep -c 'select ic needs' e)
      train --model x --seed 18446744073709551615 2> e || echo $? $(grep -c 'seed must be' e)
      train --model x --checkpoint x 2> e || echo $? $(grep -c 'two files' e)
      train() {
        cnn1d-train --train :2015-05-08 --valid 2015-05-11: --arch linear --batch 1 --max-steps 150 "$@"
      }
      train --model x single --loss ic 2> e || echo $? $(grep -c 'valid: a correlation' e)
      train --model x single --select rank-ic 2> e || echo $? $(grep -c 'valid: a correlation' e)
      train --model x single > out; train --model y mixed --loss ic > out; ls x y
      """, "64 1", "64 1", "64 1", "65 1", "65 1", "x", "y")
  }

  @Test("a checkpoint of other options or other factors is refused, and says in what it differs")
  func otherCheckpoint() throws {
    try expectLines(
      """
      train --model x --checkpoint c --stop-after 5 > out
      train --model x --checkpoint c --resume --max-steps 30 2> e || echo $?
      sed 's/.*training: //' e
      robust-zscore fit --params z infer > out; robust-zscore apply --params z infer | dropna | cs-rank > days
      train --model x --checkpoint c --resume 2> e || echo $? $(grep -c 'of another' e)
      """, "65", "'steps 20', expected 'steps 30'", "65 1")
  }

  @Test("a state that cannot be written is found out before any score")
  func stateWithoutFolder() throws {
    try expectLines(
      """
      train --model m > out
      cnn1d-infer --model m --state no/state infer > out 2> e || echo $? $(wc -c < out)
      """, "74 0")
  }

  @Test("the published network: one number a day")
  func batchwise() throws {
    try expectLines(
      """
      train --model m --arch cnn-batchwise | grep -c '"valid_ic":null'
      head -c 0 days | cnn1d-infer --model m
      alpha158 --fields KMID,KLEN,MA5 bars | fillna | cnn1d-infer --model m --ndjson |
        sed 's/.*date":"//; s/,"LABEL0.*//' | sort -u | wc -l
      simbars --days 3 --instruments 2 | alpha158 --fields KMID,KLEN,MA5 | fillna |
        cnn1d-infer --model m --ndjson | sed 's/.*date":"//; s/,"LABEL0.*//' | sort -u | wc -l
      """, "4", "120", "3")
  }

  @Test("runs joined by --state write what one run writes, and nothing looks ahead")
  func state() throws {
    try expectLines(
      """
      train --model m > metrics; train --model other --seed 2 > metrics
      cnn1d-infer --model m infer > all
      day=$(grep -abo NUMPY infer | sed -n 50p | cut -d: -f1); day=$((day - 1))
      head -c $day infer > first; tail -c +$((day + 1)) infer > rest
      cnn1d-infer --model m first | cmp - <(head -c $(cnn1d-infer --model m first | wc -c) all)
      for part in first rest; do cnn1d-infer --model m --threads 2 --state s $part; done | cmp - all
      cp s before
      cnn1d-infer --model m --state s rest > again 2> e || echo $? $(grep -c 'days must ascend' e)
      cnn1d-infer --model other --state s rest 2> e || echo $? $(grep -c 'of another model' e)
      cp before s; simbars --days 125 --instruments 15 | alpha158 --fields KMID,KLEN,MA5 | fillna > later
      cnn1d-infer --model m --state s later > /dev/full 2> e || echo $?
      cmp s before
      for size in 1 200 400 900; do
        head -c $size before > s; cnn1d-infer --model m --state s rest > out 2> e || echo $? $(wc -l < e)
      done
      """, "65 1", "65 1", "65", "65 1", "65 1", "65 1", "65 1")
  }

  @Test("raw factors and the model's normalisation, or processed ones: the same scores")
  func normalisation() throws {
    try expectLines(
      """
      alpha158 --fields KMID,ROC5,MA5 bars > raw
      robust-zscore fit --params z raw > /dev/null
      robust-zscore apply --params z raw | fillna > infer; dropna < infer | cs-rank > days
      train --model m --normalisation z > /dev/null
      cnn1d-infer --model m raw > one; cnn1d-infer --model m --processed infer | cmp - one
      train --model m --normalisation z --fields KMID > /dev/null
      train --model m --normalisation testdata 2> e || echo $?
      robust-zscore fit --fields KMID --params k raw > /dev/null
      train --model m --normalisation k 2> e || echo $? $(grep -c "lack the field 'ROC5'" e)
      """, "66", "65 1")
  }

  @Test("killed at any time, the old model or the new one is there")
  func kill() throws {
    try expectLines(
      """
      train --model m > /dev/null; cp m old
      for delay in 0.01 0.05 0.1; do
        timeout -s KILL $delay bash -c "cnn1d-train --train :2015-05-08 --valid 2015-05-11: \\
          --model m --max-steps 4000 days" > /dev/null 2>&1 || true
        cmp m old
      done
      echo whole
      """, "whole")
  }

  @Test("memory does not grow with the days")
  func memory() {
    let outcome = bash(
      """
      ulimit -v 200000; simbars --days 15000 --instruments 20 | alpha158 --fields KMID,ROC5,MA5 |
        cnn1d-infer --model testdata/market/scores.safetensors | wc -c
      """)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
  }
}
