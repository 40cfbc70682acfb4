import Synchronization
import Testing

@testable import Tensor

/// Rules of shapes, shares of work and times at their boundaries.
@Suite struct OutlineTests {
  private func outputs(_ size: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) -> Int? {
    try? ConvolutionShape(
      batch: 1, inChannels: 1, height: 1, width: size, outChannels: 1, kernelHeight: 1,
      kernelWidth: kernel, stride: PerAxis(rows: 1, columns: stride),
      padding: PerAxis(rows: 0, columns: padding), dilation: PerAxis(rows: 1, columns: dilation)
    ).outWidth
  }

  @Test("as many outputs as places where the kernel lies within the padded input")
  func shapes() {
    for size in 1...9 {
      for (kernel, padding, dilation) in [(1, 0, 1), (2, 0, 1), (3, 1, 1), (2, 2, 3), (3, 0, 2)] {
        for stride in 1...4 {
          let reach = dilation * (kernel - 1)
          let places = count(to: max(0, size + 2 * padding - reach), by: stride)
          let found = outputs(
            size, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
          #expect(found ?? 0 == places)
        }
      }
    }
  }

  private func count(to end: Int, by step: Int) -> Int {
    Array(stride(from: 0, to: end, by: step)).count
  }

  @Test("work is shared in whole grains, all of it, each once", arguments: [1, 2, 3, 8])
  func split(_ workers: Int) {
    for count in [0, 1, 2, 7, 8, 9, 63, 64, 65, 100] {
      for grain in [1, 8, 33] {
        let ranges = Mutex<[Range<Int>]>([])
        Workers(workers).split(count, grain: grain) { range, _ in
          ranges.withLock { $0.append(range) }
        }
        let found = ranges.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        #expect(found.flatMap(Array.init) == Array(0..<count))
        #expect(found.allSatisfy { $0.lowerBound % grain == 0 && !$0.isEmpty })
        #expect(found.count <= workers)
      }
    }
  }

  @Test("times of one name are added, however often it is measured")
  func times() {
    let times = OperatorTimes()
    var sums: [Double] = []
    for _ in 0..<3 {
      times.measure("a") { for _ in 0..<1000 { sums.append(1) } }
      #expect(times.entries.count == 1)
    }
    let three = times.entries[0]
    times.measure("a") {}
    #expect(three.calls == 3 && times.entries[0].calls == 4)
    #expect(times.entries[0].seconds >= three.seconds)
  }

  @Test("halves are the nearest, halfway the even one; the ends of what they hold")
  func halves() {
    var previous: Float = 0
    for bits in UInt16(0)..<0x7c00 {
      var value: Float = 0
      #expect(widenHalves([bits], count: 1, to: &value))
      #expect(half(value) == bits && half(-value) == bits | 0x8000)
      guard bits > 0 else { continue }
      let middle = (previous + value) / 2
      #expect(half(middle) == (bits % 2 == 0 ? bits : bits - 1))
      #expect(half(middle.nextUp) == bits && half(middle.nextDown) == bits - 1)
      previous = value
    }
    // What is infinite or no number is told, not widened.
    var value: Float = 0
    #expect(!widenHalves([0x7c00], count: 1, to: &value))
    #expect(!widenHalves([0xfc01], count: 1, to: &value))
  }
}
