import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lists of tasks by the engines that run them, beside the same work by one process a stage.
@Suite(.serialized) struct EngineTests {
  /// A job: what it begins with, its list, and what it comes to.
  struct Job: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Makes `start`, and by one process a stage `expected`.
    let prepare: String
    /// Prints the list for the folder `job` and so many shards.
    let list: String
    /// Prints what the list came to.
    let result: String

    /// Factors of some instruments.
    static let factors = Job(
      testDescription: "factors",
      prepare: """
        simbars --days 40 --instruments 30 > start/bars.npy
        alpha158 --fields KMID,ROC5,MA5 start/bars.npy > f; robust-zscore fit f --params z > said
        robust-zscore apply f --params z | fillna > expected
        """, list: "CONVOY_FIELDS=KMID,ROC5,MA5 tasks-factors job $shards",
      result: "cmp z job/zscore-of-$shards && merge-days --sealed job/features.npy")
    /// Drawings, read and scored.
    static let ink = Job(
      testDescription: "ink",
      prepare: """
        cp \(root)/testdata/ink/drawings.ndjson start/ink.ndjson
        mnist-calc start/ink.ndjson | calc-score --truth start/ink.ndjson > expected
        """, list: "tasks-ink job $shards", result: "cat job/score.ndjson")
    /// Networks and backtests.
    static let sweep = Job(
      testDescription: "sweep",
      prepare: """
        export CONVOY_SIMBARS='--instruments 12 --start 2014-01-01 --days 260'
        export CONVOY_TEST='2014-11-01 2014-12-31'; qlib-features all > said
        for part in bars train valid test; do cp all/$part.npy start; done
        cp -r start one; tasks-sweep one | bash > said; cp one/sweep.ndjson expected
        """, list: "tasks-sweep job", result: "cat job/sweep.ndjson")

    static let all = [factors, ink, sweep]
  }

  private static let settings = """
    set -eo pipefail; export CONVOY_CPU=baseline LC_ALL=C
    PATH=\(root)/bin:\(root)/pipelines:$PATH:/usr/sbin
    export CONVOY_TRAIN='2014-01-01 2014-08-31' CONVOY_VALID='2014-09-01 2014-10-31' CONVOY_SEEDS='1 2'
    export CONVOY_ARCHS=linear CONVOY_TOPK='2 3' CONVOY_N_DROP=1 CONVOY_TRAIN_OPTIONS='--max-steps 2'
    mkdir -p start; exec < /dev/null

    """

  /// Runs a job by an engine for these numbers of shards, and holds it against `expected`.
  private func check(
    _ job: Job, by engine: String, shards: [Int], within folder: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    // Factors are fitted over all days, networks over those that are said.
    let unset = job.testDescription == "factors" ? "unset CONVOY_TRAIN" : ":"
    let prepared = bash(Self.settings + unset + "\n" + job.prepare, folder: folder)
    #expect(prepared.ending == .exit(0), "\(prepared.errors)", sourceLocation: location)
    for count in shards {
      let outcome = bash(
        Self.settings + """
          \(unset); shards=\(count); rm -rf job; cp -r start job
          \(job.list) | \(engine) 2> errors || { cat errors >&2; exit 1; }
          { \(job.result); } | cmp - expected && echo the same
          """, folder: folder, timeout: 280)
      #expect(
        outcome.ending == .exit(0) && outcome.output == Array("the same\n".utf8),
        "\(count) shards: \(outcome.ending) \(outcome.errors)", sourceLocation: location)
    }
  }

  @Test(
    "GNU parallel: every job, any number of shards",
    .enabled(if: Requirement.parallel.isMet, "\(Requirement.parallel)"), arguments: Job.all)
  func parallel(_ job: Job) throws {
    try withFolder { folder in
      let shards = job.testDescription == "sweep" ? [1] : [1, 2, 3, 7]
      check(job, by: "run-parallel job --jobs 2", shards: shards, within: folder)
    }
  }

  @Test(
    "a list without a task, as of a script that failed, is no success",
    .enabled(if: Requirement.parallel.isMet, "\(Requirement.parallel)"))
  func empty() {
    let outcome = bash("echo | pipelines/run-parallel .build")
    #expect(outcome.ending == .exit(65))
    #expect(outcome.errors == "run-parallel: standard input: no task\n")
  }

  @Test("another program of parallel's name is not taken for it")
  func otherParallel() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        printf '#!/bin/sh\\nexit 1\\n' > '\(folder)/parallel'; chmod +x '\(folder)/parallel'
        echo true | PATH='\(folder)':$PATH pipelines/run-parallel .build
        """)
      #expect(outcome.ending == .exit(69))
      #expect(outcome.errors == "run-parallel: GNU parallel is not installed\n")
    }
  }

  @Test(
    "bash alone runs a list, and again what of it is missing; what fails is told with its message")
  func again() throws {
    try withFolder { folder in
      check(Job.factors, by: "bash > said", shards: [2], within: folder)
      let outcome = bash(
        Self.settings + """
          unset CONVOY_TRAIN; shards=2; rm -r job/features* job/zscore-of-2 job/fit-3/of-2 job/factors/1-of-2
          \(Job.factors.list) | bash > said; \(Job.factors.result) | cmp - expected
          head -c 9000 start/bars.npy > job/bars.npy; rm -r job/shards-2 job/*.job
          \(Job.factors.list) | bash
          """, folder: folder)
      #expect(outcome.ending == .exit(65))
      #expect(outcome.errors.contains("shard: bars.npy: array "), "\(outcome.errors)")
    }
  }

  @Test(
    "three hosts by ssh: tools are installed, workers killed, a host vanishes, a disk is full",
    .enabled(if: Requirement.parallel.isMet, "\(Requirement.parallel)"),
    .enabled(if: Requirement.hosts.isMet, "\(Requirement.hosts)"))
  func hosts() throws {
    try withFolder { folder in
      let up = bash("Scripts/engine-hosts up \(folder)")
      defer { _ = bash("Scripts/engine-hosts down \(folder)") }
      try #require(up.ending == .exit(0), "\(up.errors)")
      let hosts = String(decoding: up.output, as: UTF8.self).split(separator: "\n").last ?? ""
      let engine = "CONVOY_SSH=\(folder)/ssh run-parallel job --sshlogin \(hosts) --jobs 1"
      check(
        Job.factors, by: "CONVOY_INSTALL=\(folder)/tools \(engine)", shards: [1, 3], within: folder)
      check(Job.ink, by: engine, shards: [2, 7], within: folder)
      check(Job.factors, by: "CONVOY_TRANSFER=yes \(engine)", shards: [3], within: folder)
      check(Job.sweep, by: "CONVOY_TRANSFER=yes \(engine)", shards: [1], within: folder)
      check(
        Job.factors,
        by: """
          { (until [ -e job/factors/1-of-7 ]; do sleep 0.01; done
              for i in 1 2 3 4; do sleep 0.4; \(root)/Scripts/engine-hosts kill \(folder); done
            ) 2> killer & \(engine); wait; }
          """, shards: [7], within: folder)
      check(
        Job.factors,
        by: """
          { mkdir job/factors; \(root)/Scripts/engine-hosts fill \(folder) $PWD/job/factors; \(engine); }
          """, shards: [7], within: folder)
      check(
        Job.factors,
        by: """
          { (until [ -e job/factors/1-of-7 ]; do sleep 0.01; done
              \(root)/Scripts/engine-hosts vanish \(folder)) & \(engine); wait; }
          """, shards: [7], within: folder)
    }
  }

  @Test(
    "Slurm, two nodes: every job",
    .enabled(if: Requirement.slurm.isMet, "\(Requirement.slurm)"))
  func slurm() throws {
    try withFolder { folder in
      let up = bash("Scripts/engine-slurm up \(folder)")
      defer { _ = bash("Scripts/engine-slurm down \(folder)") }
      try #require(up.ending == .exit(0), "\(up.errors)")
      let engine = "SLURM_CONF=\(folder)/slurm.conf run-slurm job"
      check(Job.ink, by: engine, shards: [1, 2, 3, 7], within: folder)
      check(Job.factors, by: engine, shards: [3], within: folder)
      check(Job.sweep, by: "CONVOY_ARRAY=3 \(engine)", shards: [1], within: folder)
      let failed = bash(
        Self.settings + """
          rm -rf job; mkdir job; head -c 300 start/ink.ndjson > job/ink.ndjson
          tasks-ink job 2 | \(engine)
          """, folder: folder)
      #expect(failed.ending == .exit(70), "\(failed.ending)")
      #expect(failed.errors.contains("run-slurm: a task has failed"), "\(failed.errors)")
    }
  }

  @Test(
    "Spark, two workers: every job",
    .enabled(if: Requirement.spark.isMet, "\(Requirement.spark)"))
  func spark() throws {
    let spark = try #require(Requirement.spark.path)
    try withFolder { folder in
      let bin = spark.split(separator: "/").dropLast().joined(separator: "/")
      let engine = "PATH=/\(bin):$PATH run-spark job --master 'local-cluster[2,1,1024]'"
      // A list takes Spark half a minute.
      check(Job.ink, by: engine, shards: [1, 7], within: folder)
      check(Job.factors, by: engine, shards: [3], within: folder)
      check(Job.sweep, by: engine, shards: [1], within: folder)
      let failed = bash(
        Self.settings + """
          rm -rf job; mkdir job; head -c 300 start/ink.ndjson > job/ink.ndjson
          tasks-ink job 2 | \(engine)
          """, folder: folder)
      #expect(failed.ending == .exit(70), "\(failed.ending)")
      #expect(failed.errors.contains("shard: ink.ndjson:1:"), "\(failed.errors)")
    }
  }
}
