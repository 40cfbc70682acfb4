import Dispatch
import InstructionSets
import KernelChoice
import Mechanics

/// Values by their rank in two walks over rows: one that counts by bins of a grid, and one that takes
/// out the values of the bins that matter.
///
/// Where too many values are of these bins, as when the sample was unlike the rest, a column is given
/// up: `OrderStatistics` then counts bits.
final class QuantileGridSearch {
  let grid: ValueGrid
  /// How many values each bin of each column has.
  private(set) var counts: [UInt32]
  /// Of each bin: whether its values are wanted, and once there was one, which it was.
  private var marks: [UInt8]
  private var firsts: [Float]
  /// The values of wanted bins of each column, but those that equal the first of their bin.
  private var taken: [[Float]]
  private var isGivenUp: [Bool]
  private let most: Int
  private let threads: Int
  private let kernels: Kernels
  /// What each thread has found in a few rows: the bin among all above the bits of the value.
  private typealias Hits = (start: UnsafeMutablePointer<UInt64>, count: Int)
  private let hits: UnsafeMutableBufferPointer<Hits>
  private static let fewRows = 32

  /// A search that keeps up to so many values of each column.
  init(
    _ grid: ValueGrid, most: Int, threads: Int, kernels: Kernels = CPU.current.kernels
  ) {
    self.grid = grid
    self.most = most
    self.threads = max(1, min(threads, grid.columns))
    self.kernels = kernels
    hits = .allocate(capacity: self.threads)
    for part in hits.indices {
      let room = (grid.columns / self.threads + 1) * Self.fewRows + 1
      hits.initializeElement(at: part, to: (.allocate(capacity: room), 0))
    }
    counts = Array(repeating: 0, count: grid.columns * ValueGrid.bins)
    marks = Array(repeating: 0, count: counts.count)
    firsts = Array(repeating: 0, count: counts.count)
    taken = Array(repeating: [], count: grid.columns)
    isGivenUp = Array(repeating: false, count: grid.columns)
  }

  deinit {
    for part in hits { part.start.deallocate() }
    hits.deallocate()
  }

  /// Counts of a column's bins.
  func counts(_ column: Int) -> ArraySlice<UInt32> {
    counts[column * ValueGrid.bins..<column * ValueGrid.bins + ValueGrid.top + 1]
  }

  /// How many values of a column count.
  func count(_ column: Int) -> Int { counts(column).reduce(0) { $0 + Int($1) } }

  /// Runs `body` for parts of the columns, which threads share: the part's number and its columns.
  private func share(_ body: @escaping @Sendable (Int, Range<Int>) -> Void) {
    let (columns, threads) = (grid.columns, threads)
    @Sendable func work(_ part: Int) {
      body(part, columns * part / threads..<columns * (part + 1) / threads)
    }
    guard threads > 1, threadsAreToBeHad else { return (0..<threads).forEach(work) }
    DispatchQueue.concurrentPerform(iterations: threads) { work($0) }
  }

  /// The first walk's rows.
  func count(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let (grid, kernels) = (grid, kernels)
    counts.withUnsafeMutableBufferPointer { counts in
      guard let start = counts.baseAddress else { return }
      nonisolated(unsafe) let (numbers, counts) = (numbers, start)
      share { _, columns in
        kernels.countBins(
          numbers, rows, stride, columns, grid.centers, grid.inverses, grid.limit, counts)
      }
    }
  }

  /// Marks a bin, whose values the second walk is to take.
  func want(_ bin: Int, of column: Int) { marks[column * ValueGrid.bins + bin] = 1 }

  /// Says that a column is not to be found this way.
  func giveUp(_ column: Int) {
    isGivenUp[column] = true
    for bin in 0..<ValueGrid.bins { marks[column * ValueGrid.bins + bin] = 0 }
    taken[column] = []
  }

  /// Whether a column was found this way.
  func isFound(_ column: Int) -> Bool { !isGivenUp[column] }

  /// The second walk's rows.
  func take(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    for start in Swift.stride(from: 0, to: rows, by: Self.fewRows) {
      let (grid, kernels) = (grid, kernels)
      let count = min(Self.fewRows, rows - start)
      nonisolated(unsafe) let numbers = numbers + start * stride
      marks.withUnsafeBufferPointer { marks in
        guard let start = marks.baseAddress else { return }
        nonisolated(unsafe) let (marks, hits) = (start, hits)
        share { part, columns in
          hits[part].count = kernels.takeBins(
            numbers, count, stride, columns, grid.centers, grid.inverses, grid.limit, marks,
            hits[part].start)
        }
      }
      for part in hits { keep(part) }
    }
    for column in taken.indices where taken[column].count > most { giveUp(column) }
  }

  /// Keeps the values that are not the first of their bin.
  private func keep(_ hits: Hits) {
    marks.withUnsafeMutableBufferPointer { marks in
      firsts.withUnsafeMutableBufferPointer { firsts in
        taken.withUnsafeMutableBufferPointer { taken in
          for hit in UnsafeBufferPointer(start: hits.start, count: hits.count) {
            let bin = Int(truncatingIfNeeded: hit >> 32)
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: hit))
            if marks[bin] == 1 {
              marks[bin] = 2
              firsts[bin] = value
            } else if value != firsts[bin] {
              taken[bin / ValueGrid.bins].append(value)
            }
          }
        }
      }
    }
  }

  /// The values of the wanted bins of a column, by bin.
  func values(_ column: Int) -> [(bin: Int, values: WeightedValues)] {
    let base = column * ValueGrid.bins
    let bins = (0...ValueGrid.top).filter { marks[base + $0] != 0 }
    var slots = [Int](repeating: 0, count: ValueGrid.bins)
    for (slot, bin) in bins.enumerated() { slots[bin] = slot }
    var lists = bins.map { _ in [Float]() }
    for value in taken[column] { lists[slots[grid.bin(value, column)]].append(value) }
    return zip(bins, lists).map { bin, list in
      var values = WeightedValues(each: list)
      values.add(firsts[base + bin], Int(counts[base + bin]) - list.count)
      return (bin, values)
    }
  }
}
