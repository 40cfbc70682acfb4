import NeuralNet
import Streams
import Tensor
import Testing

@testable import Days
@testable import Series

/// Windows of a training and of a stream, against qlib's rule applied literally.
@Suite struct WindowTests {
  private static let inputs = 3

  /// Days on which some of the instruments have a row, the numbers of which tell where they are from.
  private static func days(_ random: inout RandomNumbers, steps: Int) -> [[Int]] {
    let (count, instruments) = (2 * steps + random.index(below: 20), 1 + random.index(below: 5))
    let share = random.uniform()
    return (0..<count).map { _ in (0..<instruments).filter { _ in random.uniform() < share } }
  }

  private static func value(_ day: Int, _ instrument: Int, _ input: Int) -> Float {
    Float(1000 * day + 10 * instrument + input)
  }

  private static func array(_ day: Int, _ instruments: [Int]) throws -> NpyArray {
    var table = NpyTable(
      [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
        + ["A", "B", "C", "LABEL0"].map { NpyField($0, .float32) })
    for instrument in instruments {
      try table.append("I\(instrument)")
      table.append(day: Int64(16000 + day))
      for input in 0..<inputs { table.append([value(day, instrument, input)]) }
      table.append([Float(day)])
    }
    return table.array
  }

  /// The day that each step of a window is read from: filled forward, then backward.
  private static func expected(
    _ days: [[Int]], _ day: Int, _ instrument: Int, steps: Int
  ) -> [Int] {
    var found: [Int?] = (day - steps + 1...day).map {
      $0 >= 0 && days[$0].contains(instrument) ? $0 : nil
    }
    for step in 1..<max(1, steps) where found[step] == nil { found[step] = found[step - 1] }
    for step in (0..<steps - 1).reversed() where found[step] == nil {
      found[step] = found[step + 1]
    }
    return found.compactMap { $0 }
  }

  @Test(arguments: 0..<40) func windows(_ seed: UInt64) throws {
    var random = RandomNumbers(seed, 0x3d)
    let steps = 1 + random.index(below: 7)
    let days = Self.days(&random, steps: steps)
    let wanted = (0..<steps).filter { $0 == steps - 1 || random.uniform() < 0.7 }
    let table = SampleTable(
      try TableFields(nil, default: .features), label: "LABEL0", steps: steps,
      spans: [try #require(DaySpan(argument: ":"))])
    let memory = WindowMemory(steps: steps, inputs: Self.inputs)
    var number: [Int] = []
    // Days without rows are no days of the stream.
    let stream = days.filter { !$0.isEmpty }
    for (day, instruments) in stream.enumerated() {
      let array = try Self.array(day, instruments)
      try table.add(array)
      number += instruments
      let values = FloatBuffer(instruments.count * Self.inputs)
      for (row, instrument) in instruments.enumerated() {
        for input in 0..<Self.inputs {
          values.start[row * Self.inputs + input] = Self.value(day, instrument, input)
        }
      }
      let keys = try instruments.map { try InstrumentCode("I\($0)") }
      memory.push(keys, values.start)
      let window = FloatBuffer(wanted.count * Self.inputs)
      for (row, instrument) in instruments.enumerated() {
        let expected = Self.expected(stream, day, instrument, steps: steps)
        let numbers = wanted.flatMap { step in
          (0..<Self.inputs).map { Self.value(expected[step], instrument, $0) }
        }
        table.windows.gather(Int32(number.count - instruments.count + row), wanted, window.start)
        #expect(Array(window.values) == numbers)
        memory.gather(try #require(memory.tracks[keys[row]]), wanted, window.start)
        #expect(Array(window.values) == numbers)
      }
    }
  }

  @Test("a batch shows every sample once an epoch, whole days where they are wanted")
  func batches() {
    let days: [[Int32]] = [[0, 1, 2], [3, 4], [5, 6, 7, 8]]
    var order = BatchOrder(days, size: 3, isByDay: false, seed: 1)
    var epoch: [Int32] = []
    for _ in 0..<3 { epoch += order.next().samples }
    #expect(epoch.sorted() == Array(0..<9) && epoch != Array(0..<9))
    var next: [Int32] = []
    for _ in 0..<3 { next += order.next().samples }
    #expect(next.sorted() == Array(0..<9) && next != epoch && order.epoch == 1)
    var byDay = BatchOrder(days, size: 5, isByDay: true, seed: 1)
    var shown: [Int32] = []
    while byDay.epoch == 0, shown.count < 9 {
      let batch = byDay.next()
      #expect(batch.groups.reduce(0, +) == batch.samples.count)
      #expect(batch.samples.count <= 5)
      shown += batch.samples
    }
    #expect(shown.sorted() == Array(0..<9))
    // Where it stood, it goes on alike.
    var resumed = BatchOrder(days, size: 3, isByDay: false, seed: 1)
    resumed.move(epoch: order.epoch, shown: order.shown)
    #expect(resumed.next().samples == order.next().samples)
  }
}
