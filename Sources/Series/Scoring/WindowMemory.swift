import Days
import NeuralNet
import Streams
import Tensor

/// The last days of every instrument, from which windows are read: what `SampleTable` is to a training.
///
/// An instrument that has had no row for a whole window is forgotten, so memory stays flat.
final class WindowMemory {
  /// The rows of an instrument, the oldest first: their days by number, and the slots that
  /// hold their inputs.
  struct Track {
    var days: [Int] = []
    var slots: [Int] = []
  }

  let steps: Int
  let inputs: Int
  /// Days taken in, counted from any day on.
  private(set) var day = 0
  /// The instruments.
  private(set) var tracks: [InstrumentCode: Track] = [:]
  private var blocks: [FloatBuffer] = []
  private var unused: [Int] = []
  private static let blockRows = 1024

  /// An empty memory for windows of `steps` days.
  init(steps: Int, inputs: Int) {
    self.steps = steps
    self.inputs = inputs
  }

  /// Takes in a day: a row of inputs for each of some instruments, no two the same.
  func push(_ keys: [InstrumentCode], _ values: UnsafePointer<Float>) {
    push(day: day + 1, keys, values)
    let first = day - steps + 1
    tracks = tracks.filter { _, track in
      let isKept = track.days.last.map { $0 >= first } ?? false
      if !isKept { unused.append(contentsOf: track.slots) }
      return isKept
    }
  }

  /// Adds rows of a day: the last one so far, or a later one.
  func push(day: Int, _ keys: [InstrumentCode], _ values: UnsafePointer<Float>) {
    self.day = day
    for (row, key) in keys.enumerated() {
      var track = Track()
      swap(&track, &tracks[key, default: Track()])
      while let oldest = track.days.first, oldest <= day - steps {
        unused.append(track.slots.removeFirst())
        track.days.removeFirst()
      }
      let slot = takeSlot()
      self.values(slot).update(from: values + row * inputs, count: inputs)
      track.days.append(day)
      track.slots.append(slot)
      swap(&track, &tracks[key, default: Track()])
    }
  }

  private func takeSlot() -> Int {
    if unused.isEmpty {
      let first = blocks.count * Self.blockRows
      blocks.append(FloatBuffer(Self.blockRows * inputs))
      unused = Array((first..<first + Self.blockRows).reversed())
    }
    return unused.removeLast()
  }

  /// The inputs in a slot.
  func values(_ slot: Int) -> UnsafeMutablePointer<Float> {
    blocks[slot / Self.blockRows].start + slot % Self.blockRows * inputs
  }

  /// Copies the wanted positions of the window that ends today, one after the other.
  func gather(_ track: Track, _ positions: [Int], _ target: UnsafeMutablePointer<Float>) {
    let first = day - steps + 1
    var current = track.days.count - 1
    for place in positions.indices.reversed() {
      while track.days[current] > first + positions[place], current > 0,
        track.days[current - 1] >= first
      { current -= 1 }
      (target + place * inputs).update(from: values(track.slots[current]), count: inputs)
    }
  }
}
