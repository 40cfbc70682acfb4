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


def reason(error):
    """What the task said, of all that Spark says of its failure."""
    text = str(error)
    found = text.partition("RuntimeError: ")[2]
    return found.partition("\n")[0] or text


if __name__ == "__main__":
    context = SparkContext(conf=SparkConf().setAppName("convoy"))
    with open(sys.argv[1], encoding="utf-8") as lines:
        for tasks in stages(lines):
            try:
                # A partition a task: nothing is to be collected but that it is done.
                context.parallelize(tasks, len(tasks)).map(run).count()
            except Exception as error:
                with open(sys.argv[1] + ".failed", "w", encoding="utf-8") as failed:
                    print(reason(error), file=failed)
                raise SystemExit(70) from None
    context.stop()
