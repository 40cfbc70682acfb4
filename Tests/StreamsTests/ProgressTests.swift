import Testing

@testable import Streams

@Suite struct ProgressTests {
  @Test(arguments: [
    (
      300, 1000, 30.0, "loss 0.5", 120,
      "lenet-train: [======              ] 300/1000 steps, 10 steps/s, 1 min 10 s left, loss 0.5"
    ),
    (
      300, 1000, 30.0, "loss 0.5", 80,
      "lenet-train: [===       ] 300/1000 steps, 10 steps/s, 1 min 10 s left, loss 0.5"
    ),
    (
      300, 1000, 30.0, "loss 0.5", 75,
      "lenet-train: [===       ] 300/1000 steps, 10 steps/s, 1 min 10 s left"
    ),
    (300, 1000, 30.0, "", 60, "[===       ] 300/1000 steps, 10 steps/s, 1 min 10 s left"),
    (300, 1000, 30.0, "", 50, "300/1000 steps, 10 steps/s, 1 min 10 s left"),
    (300, 1000, 30.0, "", 39, "300/1000 steps, 1 min 10 s left"),
    (300, 1000, 30.0, "", 19, "30 %, 1:10 left"), (300, 1000, 30.0, "", 9, "30 %"),
    (300, 1000, 30.0, "", 3, "300"), (12, nil, 1.0, "", 80, "lenet-train: 12 steps, 12 steps/s"),
    (12, nil, 1.0, "", 19, "12 steps"), (0, 1000, 2.0, "", 19, "0/1000 steps"),
    (1, .max, 1e9, "", 40, "0 %, 277777 h 46 left"),
    (1, 10000, 2.0, "", 45, "1/10000 steps, 0.5 steps/s, 5 h 33 min left"),
    (2000, 1000, 10.0, "", 60, "[==========] 2000/1000 steps, 200 steps/s, 0 min 0 s left"),
    (0, 0, 0.0, "", 60, "lenet-train: [====================] 0/0 steps"),
    (
      1, 2, 1.0, "\u{1b}[2J 中", 100,
      "lenet-train: [==========          ] 1/2 steps, 1.0 steps/s, 0 min 1 s left,  [2J 中"
    ),
  ])
  func text(
    _ done: Int, _ total: Int?, _ seconds: Double, _ note: String, _ width: Int,
    _ expected: String
  ) {
    let look = Look(done: done, total: total, unit: "steps", seconds: seconds, note: note)
    #expect(look.line("lenet-train", width: width) == expected)
  }

  @Test("no line of progress is wider than there is room, whatever it says")
  func width() {
    for width in [1, 5, 19, 20, 39, 79, 199] {
      for (done, total) in [(0, nil), (0, 0), (1, 1_000_000_000), (999_999_999, 1_000_000_000)] {
        for note in ["", "epoch 3", String(repeating: "中", count: 90)] {
          let look = Look(done: done, total: total, unit: "profiles", seconds: 7, note: note)
          let line = look.line("conv-bench-gpu", width: width)
          #expect(line.columns <= width && !line.isEmpty, "\(width): '\(line)'")
        }
      }
    }
  }
}
