"""spark-tasks.py: what run-spark gives to spark-submit: tasks, a shell command each, run by Spark's workers.

Rows do not pass through Spark: RDD.pipe takes text alone, gives its command an empty environment, and
goes on where that fails. A task here is a command whose failure is the failure of the job.
"""
import subprocess
import sys

from pyspark import SparkConf, SparkContext


def run(task):
    """Runs one task; raises what it said where it fails, so that Spark tries it again elsewhere."""
    done = subprocess.run(["bash", "-c", task], stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"task ended with {done.returncode}: {said}\n{task}")
    return 0


def stages(lines):
    """The tasks between empty lines."""
    tasks = []
    for line in lines:
        if line.strip():
            tasks.append(line.rstrip("\n"))
        elif tasks:
            yield tasks
            tasks = []
    if tasks:
        yield tasks


if __name__ == "__main__":
    context = SparkContext(conf=SparkConf().setAppName("convoy"))
    with open(sys.argv[1], encoding="utf-8") as lines:
        for number, tasks in enumerate(stages(lines), 1):
            print(f"stage {number}: {len(tasks)} tasks", file=sys.stderr)
            # A partition a task: each is a process of its own, and nothing is to be collected but that it is done.
            context.parallelize(tasks, len(tasks)).map(run).count()
    context.stop()
