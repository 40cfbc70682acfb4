import InstructionSets
import KernelChoice
import Mechanics
import Streams
import TestFolders
import Testing

@testable import Statistics

/// Ranks by bins beside ranks by bits, on rows that are kept, spooled and read again.
@Suite struct NumberRowsTests {
  /// How values of a column can lie.
  private static let kinds: [@Sendable (inout SplitMix64, Int) -> Float] = [
    { random, _ in Float(random.int(-1_000_000...1_000_000)) / 977 },
    // The sample is of other values than most rows: whole columns are then to be given up.
    { random, row in row % 8 == 0 ? Float(random.int(0...9)) / 1000 : Float(random.int(0...1 << 30))
    },
    { random, _ in Float(random.int(0...3)) },
    { _, _ in 7.25 },
    { _, _ in .nan },
    { random, _ in random.int(0...9) == 0 ? 1e30 : -1e-38 * Float(random.int(0...99)) },
    { random, _ in [.nan, .infinity, -.infinity, 0, -0.0][random.int(0...4)] },
    { random, _ in random.int(0...1) == 0 ? -5 : 5 },
    { random, row in Float(row) + Float(random.int(0...9)) },
    { random, _ in Float(bitPattern: UInt32(random.int(0...Int(UInt32.max)))) },
    { random, _ in 1e6 + Float(random.int(0...9)) / 16 },
  ]

  /// Days of a table with a column of each kind, in some tables as doubles or at odd places.
  private static func days(_ seed: UInt64, days: Int, rows: Int) -> [NpyArray] {
    var random = SplitMix64(seed: seed)
    var number = 0
    return (0..<days).map { day in
      let isWide = day % 5 == 4
      let fields =
        [NpyField("instrument", .bytes(day % 3 == 2 ? 7 : 16)), NpyField("date", .day)]
        + kinds.indices.map { NpyField("C\($0)", isWide ? .float64 : .float32) }
      let type = NpyType.table(fields)
      var bytes: [UInt8] = []
      for _ in 0..<rows {
        bytes += [UInt8](repeating: 0x49, count: fields[0].size)
        withUnsafeBytes(of: Int64(15_000 + day)) { bytes += $0 }
        for kind in kinds {
          let value = kind(&random, number)
          withUnsafeBytes(of: value) { if !isWide { bytes += $0 } }
          withUnsafeBytes(of: Double(value)) { if isWide { bytes += $0 } }
        }
        number += 1
      }
      return NpyArray(type: type, shape: [rows], bytes: bytes)
    }
  }

  private static func rows(_ days: [NpyArray], limit: Int, paths: [String]? = nil) throws
    -> NumberRows
  {
    let rows = NumberRows(
      try TableFields(nil, default: .numbers), limit: limit, rereading: paths)
    for day in days { try rows.add(day, isWanted: day.count != 5) }
    return rows
  }

  private func same(_ one: [Float], _ other: [Float]) -> Bool {
    one.map(\.bitPattern) == other.map(\.bitPattern)
  }

  @Test("medians and deviations are those of the bits", arguments: [(1, 9), (6, 300), (12, 700)])
  func medians(_ days: Int, _ rows: Int) throws {
    let days = Self.days(UInt64(rows), days: days, rows: rows)
    let numbers = try Self.rows(days, limit: 1 << 30)
    let columns = Array(0..<numbers.columns)
    func bits(_ centers: [Int: Float]) throws -> [Float] {
      let found = try QuantileRadixSearch.find(
        numbers, columns: columns, centers: centers, finiteOnly: false
      ) { _, count in count == 0 ? [] : [(count - 1) / 2, count / 2] }
      return columns.map { column in
        let values = found[column]?.values ?? []
        return values.isEmpty ? .nan : MedianDeviation.mean(values)
      }
    }
    let medians = try bits([:])
    let deviations = try bits(Dictionary(uniqueKeysWithValues: columns.map { ($0, medians[$0]) }))
    // A few values at most make most columns go the slow way.
    for (threads, most) in [(1, nil), (3, nil), (1, 3)] {
      let found = try MedianDeviation(numbers, threads: threads, most: most)
      #expect(same(found.medians, medians) && same(found.deviations, deviations))
      #expect(found.slowColumns < columns.count)
      #expect(most == nil || rows == 9 || found.slowColumns > 3)
    }
    // Of the kinds above these are fit for bins; the first is what factors are like.
    #expect(try MedianDeviation(numbers).slowColumns <= 5)
  }

  @Test("kept, spooled, read again: the same rows in the same order")
  func sources() throws {
    let days = Self.days(5, days: 12, rows: 250) + [Self.days(6, days: 1, rows: 5)[0]]
    func all(_ rows: NumberRows) throws -> [UInt32] {
      var values: [UInt32] = []
      try rows.walk { numbers, count, stride in
        for row in 0..<count {
          for column in 0..<rows.columns {
            values.append(numbers[row * stride + column].bitPattern)
          }
        }
      }
      return values
    }
    let kept = try Self.rows(days, limit: 1 << 30)
    let expected = try all(kept)
    #expect(expected.count == 12 * 250 * Self.kinds.count)
    let spooled = try Self.rows(days, limit: 1 << 10)
    #expect(spooled.isSpooled && !kept.isSpooled)
    #expect(try all(spooled) == expected)
    #expect(try all(spooled) == expected)
    try withFolder { folder in
      let writer = try ByteWriter("\(folder)/f")
      for day in days { writer.write(day) }
      try writer.finish()
      let again = try Self.rows(days, limit: 1, paths: ["\(folder)/f"])
      #expect(try all(again) == expected)
      #expect(same(again.sample, kept.sample) && !again.isSpooled)
      // A file that was changed meanwhile is no longer what was read.
      let shorter = try ByteWriter("\(folder)/f")
      for day in days.dropLast(3) { shorter.write(day) }
      try shorter.finish()
      #expect(throws: Failure.self) { try all(again) }
    }
  }

  @Test("a selection is what sorting would give")
  func selection() {
    var random = SplitMix64(seed: 9)
    for count in [1, 2, 3, 10, 100, 1000] {
      for range in [0...1, -5...5, -1_000_000...1_000_000] {
        let values = (0..<count).map { _ in Float(random.int(range)) }
        let sorted = values.sorted()
        for rank in [0, count / 3, count / 2, count - 1] {
          var copy = values
          #expect(copy.select(rank) == sorted[rank])
        }
        var weighted = WeightedValues(each: values)
        weighted.add(2, 150)
        weighted.add(-3, 101)
        weighted.add(0.5, 7)
        let all =
          (values + Array(repeating: 2, count: 150) + Array(repeating: -3, count: 101)
          + Array(repeating: 0.5, count: 7)).sorted()
        #expect(weighted.count == all.count)
        for rank in stride(from: 0, to: all.count, by: 17) {
          var copy = weighted
          #expect(copy.select(rank) == all[rank])
        }
      }
    }
  }

  @Test("values of any kind come in order, by insertion or by digits")
  func sorting() {
    var random = SplitMix64(seed: 11)
    var sorter = ValueSorter()
    for kind in Self.kinds {
      for count in [0, 1, 2, 5, 300, 777] {
        let values = (0..<count).map { kind(&random, $0) }.filter(\.isFinite)
        var centered = Centered()
        values.withUnsafeBufferPointer { values in
          centered.center(values)
          sorter.sort(values, centered)
        }
        var places: [Int] = []
        sorter.forEachRun { start, end, rows in
          #expect(start == places.count && end - start == rows.count)
          let run = rows.map { Int($0 & 0xffff_ffff) }
          #expect(run.allSatisfy { values[$0] == values[run[0]] })
          places += run
        }
        #expect(places.sorted() == Array(values.indices))
        #expect(places.map { values[$0] } == values.sorted())
      }
    }
  }

  @Test("bins of every instruction set are those of one value after the other", arguments: [1, 3])
  func bins(_ threads: Int) throws {
    let numbers = try Self.rows(Self.days(21, days: 3, rows: 90), limit: 1 << 30)
    for finiteOnly in [true, false] {
      let grid = ValueGrid(sample: numbers.sample, columns: numbers.columns, finiteOnly: finiteOnly)
      var counts = [UInt32](repeating: 0, count: numbers.columns * ValueGrid.bins)
      var values: [[Float]] = Array(repeating: [], count: numbers.columns)
      try numbers.walk { start, rows, stride in
        for row in 0..<rows {
          for column in 0..<numbers.columns {
            let value = start[row * stride + column]
            let bin = grid.bin(value, column)
            counts[column * ValueGrid.bins + bin] += 1
            if bin % 3 == 1, bin <= ValueGrid.top { values[column].append(value) }
          }
        }
      }
      for cpu in CPU.available {
        let search = QuantileGridSearch(
          grid, most: 1 << 20, threads: threads, kernels: cpu.kernels)
        try numbers.walk(search.count)
        #expect(search.counts == counts)
        for column in 0..<numbers.columns {
          for bin in stride(from: 1, through: ValueGrid.top, by: 3) { search.want(bin, of: column) }
        }
        try numbers.walk(search.take)
        for column in 0..<numbers.columns {
          var found: [Float] = []
          for (_, bin) in search.values(column) {
            found += bin.each
            for (value, count) in bin.repeated { found += repeatElement(value, count: count) }
          }
          #expect(found.sorted() == values[column].sorted(), "\(cpu), column \(column)")
        }
      }
    }
  }
}
