import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The loops of each instruction set against the formula, element by element in Double.
@Suite struct ElementwiseTests {
  static let processors = CPU.available
  private static let counts = [0, 1, 3, 7, 15, 16, 17, 31, 33, 64, 100, 1000]

  private static func guarded(_ values: [Float]) -> Guarded {
    let buffer = Guarded(values.count)
    for (i, value) in values.enumerated() { buffer.start[i] = value }
    return buffer
  }

  /// Runs a loop over copies of some buffers and compares all of them with a formula.
  private static func compare(
    _ buffers: [[Float]], within tolerance: Double = 0, _ run: ([Guarded]) -> Void,
    _ formula: ([Double]) -> [Double], location: SourceLocation = #_sourceLocation
  ) {
    let copies = buffers.map(guarded)
    run(copies)
    for i in buffers[0].indices {
      let expected = formula(buffers.map { Double($0[i]) })
      for (copy, value) in zip(copies, expected) {
        let found = Double(copy.start[i])
        #expect(
          abs(found - value) <= tolerance * max(0.05, abs(value)), "element \(i)",
          sourceLocation: location)
      }
    }
    #expect(copies.allSatisfy { $0.isIntact }, sourceLocation: location)
  }

  @Test("groups of rows are mixed by a matrix, with a bias or without", arguments: processors)
  func mixedRows(_ cpu: CPU) {
    var random = SplitMix64(seed: 4)
    for count in [1, 3, 4, 8, 15, 16, 17, 64, 158] {
      for rows in 1...6 {
        let (groups, outs) = (random.int(0...3), random.int(1...6))
        let isBiased = random.int(0...1) == 0
        let factors = random.floats(outs * rows)
        let bias = random.floats(count)
        let source = Self.guarded(random.floats(groups * rows * count))
        let target = Guarded(groups * outs * count)
        bias.withUnsafeBufferPointer {
          cpu.kernels.mixRows(
            groups, count, rows, outs, factors, isBiased ? $0.baseAddress : nil, source.start,
            target.start)
        }
        #expect(target.isIntact && source.isIntact)
        for place in 0..<groups * outs * count {
          let (row, i) = place.quotientAndRemainder(dividingBy: count)
          let (group, out) = row.quotientAndRemainder(dividingBy: outs)
          let expected = (0..<rows).reduce(isBiased ? Double(bias[i]) : 0) {
            $0 + Double(factors[out * rows + $1])
              * Double(source.start[(group * rows + $1) * count + i])
          }
          #expect(abs(Double(target.start[place]) - expected) < 1e-6, "\(count), \(rows): \(place)")
        }
      }
    }
  }

  @Test(arguments: processors)
  func simpleLoops(_ cpu: CPU) {
    let loops = cpu.kernels
    var random = SplitMix64(seed: 1)
    for count in Self.counts {
      let (a, b) = (random.floats(count), random.floats(count).map { $0 > 0 ? $0 : 0 })
      Self.compare([a], { loops.rectify(count, $0[0].start) }, { [max(0, $0[0])] })
      Self.compare(
        [b, a], { loops.rectifyBackward(count, $0[0].start, $0[1].start) },
        { [$0[0], $0[0] > 0 ? $0[1] : 0] })
      Self.compare(
        [a, b], within: 1e-6, { loops.add(count, $0[0].start, $0[1].start) },
        { [$0[0], $0[0] + $0[1]] })
      Self.compare([a], within: 1e-6, { loops.scale(count, 0.7, $0[0].start) }, { [0.7 * $0[0]] })
      Self.compare(
        [a, b], within: 1e-6, { loops.approach(count, $0[0].start, 0.25, $0[1].start) },
        { [$0[0], $0[1] + 0.25 * ($0[0] - $0[1])] })
      let bytes = a.map { UInt8(abs($0) * 255) }
      Self.compare(
        [a], within: 1e-6, { loops.scaleBytes(count, bytes, 0.01, -0.5, $0[0].start) },
        { [Double(UInt8(abs($0[0]) * 255)) * 0.01 - 0.5] })
    }
  }

  @Test(arguments: processors)
  func powers(_ cpu: CPU) {
    let loops = cpu.kernels
    var random = SplitMix64(seed: 2)
    for (count, scale) in [(5, 1), (1000, 1), (1000, 20), (1003, 86)] as [(Int, Float)] {
      Self.compare(
        [random.floats(count).map { $0 * scale } + [0]], within: 3e-7,
        { loops.exponentiate(count + 1, $0[0].start) }, { [exp($0[0])] })
    }
    var edges: [Float] = [-88, -1000, -.infinity, 0, -0.0, 88]
    loops.exponentiate(edges.count, &edges)
    #expect(Array(edges[..<5]) == [0, 0, 0, 1, 1])
    #expect(edges[5].isFinite)
    // What no float holds any more is what the largest exponent gives, and no other bits.
    var large: [Float] = [88.3, 88.31, 89, 104, 1e9, .infinity]
    loops.exponentiate(large.count, &large)
    #expect(large.allSatisfy { $0 == large[0] && $0 > 2.2e38 && $0.isFinite })
  }

  @Test(arguments: processors)
  func steps(_ cpu: CPU) {
    let loops = cpu.kernels
    var random = SplitMix64(seed: 3)
    for count in Self.counts {
      let (gradient, values, first) = (
        random.floats(count), random.floats(count), random.floats(count)
      )
      let squares = random.floats(count).map { $0 * $0 }
      let more = random.floats(count).map { $0 * $0 }
      for (ahead, reach) in [(0, 1), (1, 0.9)] as [(Double, Double)] {
        Self.compare(
          [gradient, values, first], within: 1e-5,
          {
            loops.momentumStep(
              count, $0[0].start, $0[1].start, $0[2].start, 0.1, 0.01, 0.9, Float(ahead),
              Float(reach))
          },
          {
            let slope = $0[0] + 0.01 * $0[1]
            let speed = 0.9 * $0[2] + slope
            return [$0[0], $0[1] - 0.1 * (ahead * slope + reach * speed), speed]
          })
      }
      Self.compare(
        [gradient, values, first, squares], within: 1e-4,
        {
          loops.adamStep(
            count, $0[0].start, $0[1].start, $0[2].start, $0[3].start, 0.1, 0.98, 0.01, 0.9, 0.99,
            1.5, 1e-3)
        },
        {
          let slope = $0[0] + 0.01 * $0[1]
          let mean = 0.9 * $0[2] + 0.1 * slope
          let square = 0.99 * $0[3] + 0.01 * slope * slope
          return [
            $0[0], $0[1] * 0.98 - 0.1 * mean / (square.squareRoot() * 1.5 + 1e-3), mean, square,
          ]
        })
      Self.compare(
        [gradient, values, squares, more], within: 1e-4,
        {
          loops.adadeltaStep(
            count, $0[0].start, $0[1].start, $0[2].start, $0[3].start, 0.5, 0.01, 0.9, 1e-6)
        },
        {
          let slope = $0[0] + 0.01 * $0[1]
          let square = 0.9 * $0[2] + 0.1 * slope * slope
          let step = ($0[3] + 1e-6).squareRoot() / (square + 1e-6).squareRoot() * slope
          return [$0[0], $0[1] - 0.5 * step, square, 0.9 * $0[3] + 0.1 * step * step]
        })
    }
  }

  /// A loop that is cut gives the same bytes as one that is not.
  @Test(arguments: processors)
  func cutsDoNotMatter(_ cpu: CPU) {
    let loops = cpu.kernels
    var random = SplitMix64(seed: 4)
    let count = 777
    let gradient = random.floats(count)
    let squares = random.floats(count).map { $0 * $0 }
    var results: [[Float]] = []
    for pieces in [1, 2, 5] {
      let (values, mean) = (Self.guarded(gradient), Self.guarded(gradient))
      let (first, second) = (Self.guarded(squares), Self.guarded(squares))
      for piece in 0..<pieces {
        let range = count * piece / pieces..<count * (piece + 1) / pieces
        let place = range.lowerBound
        loops.dropSome(
          range.count, UInt32(place), 5, 6, 1 << 31, 2, values.start + place)
        gradient.withUnsafeBufferPointer {
          guard let gradient = $0.baseAddress else { return }
          loops.adamStep(
            range.count, gradient + place, values.start + place, mean.start + place,
            second.start + place, 0.1, 0.98, 0.01, 0.9, 0.99, 1.5, 1e-3)
          loops.adadeltaStep(
            range.count, gradient + place, values.start + place, first.start + place,
            second.start + place, 0.1, 0.98, 0.9, 1e-3)
        }
        loops.exponentiate(range.count, values.start + place)
      }
      results.append(values.values + mean.values + first.values + second.values)
    }
    #expect(results[0].allSatisfy { $0.isFinite })
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  /// Rate, independence of neighbours and of keys; and one mask for all processors.
  @Test func droppedElementsLookRandom() {
    let count = 1 << 18
    func mask(_ cpu: CPU, _ key0: UInt32, _ key1: UInt32, first: UInt32 = 0) -> [Bool] {
      var values = [Float](repeating: 1, count: count)
      cpu.kernels.dropSome(count, first, key0, key1, 1 << 30, 1, &values)
      return values.map { $0 == 0 }
    }
    func share(_ bits: some Sequence<Bool>) -> Double {
      Double(bits.reduce(0) { $0 + ($1 ? 1 : 0) }) / Double(count)
    }
    let one = mask(.baseline, 1, 2)
    for cpu in Self.processors { #expect(mask(cpu, 1, 2) == one) }
    // Five deviations of a share of 1/16 over 2^18 draws are 0.0024.
    #expect(abs(share(one) - 0.25) < 0.0043)
    for other in [mask(.best, 2, 2), mask(.best, 1, 3), mask(.best, 1, 2, first: 1)] {
      #expect(abs(share(zip(one, other).map { $0 && $1 }) - 0.0625) < 0.0024)
    }
    for distance in [1, 2, 16, 28, 128, 784] {
      let both = zip(one, one.dropFirst(distance)).map { $0 && $1 }
      #expect(abs(share(both) - 0.0625) < 0.0026, "distance \(distance)")
    }
  }
}
