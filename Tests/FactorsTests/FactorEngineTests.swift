import FactorCatalogue
import InstructionSets
import KernelChoice
import Mechanics
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days
@testable import Factors
@testable import Statistics

/// The kernels beside their plain twin, and the engine's manners.
@Suite struct FactorEngineTests {
  /// Bars that are awkward in every way there is.
  static func awkward(seed: UInt64, days: Int, instruments: Int) throws -> [NpyArray] {
    var random = SplitMix64(seed: seed)
    var prices = (0..<instruments).map { _ in Float(random.int(2...400)) / 4 }
    let first = (0..<instruments).map { $0 % 3 == 0 ? 0 : random.int(0...days) }
    let last = (0..<instruments).map { $0 % 4 == 0 ? random.int(0...days) : days }
    var suspended = [Int](repeating: 0, count: instruments)
    return try (0..<days).map { day in
      var table = BarDay(Day(number: Int32(15_000 + day)))
      for index in 0..<instruments where day >= first[index] && day <= last[index] {
        // Some have no row now and then, which counts as suspended.
        if index % 7 == 5, random.int(0...9) == 0 { continue }
        if suspended[index] == 0, random.int(0...30) == 0 { suspended[index] = random.int(1...70) }
        var values = SIMD8<Float>(repeating: .nan)
        if suspended[index] > 0 {
          suspended[index] -= 1
        } else {
          let isConstant = index % 5 == 3
          if !isConstant { prices[index] *= 1 + Float(random.int(-90...90)) / 1000 }
          let close = prices[index]
          let spread = isConstant ? 0 : Float(random.int(0...4)) / 100
          values[0] = close * (1 - spread / 2)
          values[1] = close * (1 + spread)
          values[2] = close * (1 - spread)
          values[3] = close
          values[4] = index % 5 == 3 ? 1000 : Float(random.int(1...1_000_000))
          values[5] = close * (1 + spread / 3)
          // Bars that are there in part only, which a sane source does not have.
          if index % 6 == 1, random.int(0...20) == 0 { values[random.int(0...5)] = .nan }
          if index % 6 == 2, random.int(0...20) == 0 { values[4] = 0 }
          if index % 11 == 9, random.int(0...40) == 0 { values[random.int(0...5)] = .infinity }
        }
        table.append(
          try InstrumentCode("I\(1000 + index)"), Bar(values), isMember: index % 2 == 0)
      }
      return table.array
    }
  }

  /// The bars of a day, by code.
  private func bars(_ array: NpyArray) throws -> [(code: String, floats: [Float])] {
    try rows(array).map { key, floats in (String(key.prefix { $0 != " " }), floats) }
  }

  /// Every set there is, and more of the largest of all kinds.
  static let sets = FactorSet.allCases.map { ($0, 1) } + [(.alpha158, 2), (.alpha158, 3)]

  @Test("kernels and their twin agree on bars of all kinds", arguments: sets)
  func twin(_ set: FactorSet, _ seed: Int) throws {
    let days = try Self.awkward(seed: UInt64(seed), days: 150, instruments: 25)
    let plan = try FactorPlan(set, allRows: true, hasLabel: false)
    let engines = CPU.available.map { FactorEngine(plan, threads: 1, kernels: $0.kernels) }
    var history: [String: [Bar]] = [:]
    for (place, array) in days.enumerated() {
      let today = try bars(array)
      let present = Set(today.map(\.code))
      for code in history.keys where !present.contains(code) {
        history[code]?.append(.suspended)
      }
      for row in today {
        var values = SIMD8<Float>(repeating: .nan)
        for (place, value) in row.floats.enumerated() where value.isFinite {
          values[place] = value
        }
        history[row.code, default: []].append(Bar(values))
      }
      var found: [[(String, [Float])]] = []
      // The twin is slow where tests are not optimised, and so is a look at all the numbers.
      let isCompared = place % 5 == seed
      for engine in engines {
        try engine.push(array) { if isCompared { found.append(try rows($0)) } }
      }
      guard isCompared else { continue }
      for (row, key) in found[0].map(\.0).enumerated() {
        let bars = history[String(key.prefix { $0 != " " })] ?? []
        let reference = FactorReference(Array(bars.suffix(61)), rows: bars.count)
        let twin = set.families.flatMap(reference.factors)
        try #require(found.allSatisfy { $0[row].1.count == twin.count })
        for (cpu, rows) in zip(CPU.available, found) {
          for (column, (one, other)) in zip(rows[row].1, twin).enumerated() {
            let agrees =
              one.isNaN
              ? other.isNaN : one == other || abs(one - other) <= 2e-6 * max(1, abs(other))
            guard agrees else {
              Issue.record("\(cpu) \(key) \(set.names[column]): \(one), \(other)")
              return
            }
          }
        }
      }
    }
  }

  /// A bar that lacks one number, or has an infinite one, matters up to the day that no window looks back to it.
  @Test(
    "a broken bar is broken for as long as a window sees it", arguments: [Float.nan, .infinity])
  func brokenBar(_ value: Float) throws {
    var random = SplitMix64(seed: 5)
    let plan = try FactorPlan(.alpha158, allRows: true, hasLabel: false)
    let engines = CPU.available.map { FactorEngine(plan, threads: 1, kernels: $0.kernels) }
    var history = [[Bar]](repeating: [], count: 6)
    for day in 0..<140 {
      var table = BarDay(Day(number: Int32(15_000 + day)))
      for field in 0..<6 {
        let close = Float(random.int(900...1100)) / 100
        var values = SIMD8<Float>(
          close * 0.99, close * 1.02, close * 0.97, close, Float(random.int(1...1000)), close, .nan,
          .nan)
        // Each instrument lacks another field on one day.
        if day == 70 { values[field] = value }
        table.append(try InstrumentCode("I\(field)"), Bar(values), isMember: true)
        history[field].append(Bar(values.replacing(with: .nan, where: values .== .infinity)))
      }
      var found: [[(String, [Float])]] = []
      for engine in engines { try engine.push(table.array) { found.append(try rows($0)) } }
      guard (70...72).contains(day) || (126...134).contains(day) else { continue }
      for field in 0..<6 {
        let reference = FactorReference(
          Array(history[field].suffix(61)), rows: history[field].count)
        let twin = FactorSet.alpha158.families.flatMap(reference.factors)
        for rows in found {
          for (column, (one, other)) in zip(rows[field].1, twin).enumerated() {
            let agrees =
              one.isNaN
              ? other.isNaN : one == other || abs(one - other) <= 2e-6 * max(1, abs(other))
            #expect(
              agrees, "\(day - 70) days back, \(FactorSet.alpha158.names[column]): \(one), \(other)"
            )
          }
        }
      }
    }
  }

  @Test("1 thread or more: the same bytes")
  func threads() throws {
    let days = try Self.awkward(seed: 4, days: 130, instruments: 100)
    let one = try outputs(days, FactorPlan(), threads: 1)
    #expect(one.count == 130)
    for threads in [2, 3, 8] {
      #expect(try outputs(days, FactorPlan(), threads: threads) == one)
    }
  }

  @Test("a state goes on where it was saved: the same bytes", arguments: [true, false])
  func state(_ hasLabel: Bool) throws {
    let days = try Self.awkward(seed: 5, days: 190, instruments: 40)
    let plan = try FactorPlan(allRows: true, hasLabel: hasLabel)
    let whole = try outputs(days, plan, finishing: false)
    try withFolder { folder in
      var parts: [[UInt8]] = []
      var start = 0
      for end in [1, 2, 3, 50, 111, 112, 190] {
        let engine = FactorEngine(plan)
        #expect(try engine.resume(from: "\(folder)/state") == (start > 0))
        for day in days[start..<end] { try engine.push(day) { parts.append(Array($0.bytes)) } }
        try engine.save(to: "\(folder)/state")
        start = end
      }
      #expect(parts == whole)
      let other = FactorEngine(try FactorPlan(fields: ["KMID"], hasLabel: true))
      #expect(throws: Failure.self) { try other.resume(from: "\(folder)/state") }
      put("no state", "\(folder)/state")
      #expect(throws: Failure.self) {
        try FactorEngine(plan).resume(from: "\(folder)/state")
      }
    }
  }

  /// The close that a state remembers is held against an instrument's next bar, and against no later one.
  @Test("a remembered close is that of the bar before: later bars are not held against it")
  func rememberedOnce() throws {
    let plan = try FactorPlan(fields: ["KMID"], allRows: true, hasLabel: false)
    func day(_ number: Int32, _ close: Float, change: Float) throws -> NpyArray {
      var table = BarDay(Day(number: number))
      table.append(
        try InstrumentCode("A"),
        Bar(SIMD8(close, close, close, close, 100, close, 1, change)), isMember: true)
      return table.array
    }
    try withFolder { folder in
      let engine = FactorEngine(plan)
      try engine.push(day(15_000, 10, change: .nan)) { _ in }
      try engine.save(to: "\(folder)/state")
      let next = FactorEngine(plan)
      #expect(try next.resume(from: "\(folder)/state"))
      var count = 0
      try next.push(day(15_001, 10.5, change: 0.05)) { _ in count += 1 }
      try next.push(day(15_002, 11.025, change: 0.05)) { _ in count += 1 }
      #expect(count == 2)
      // What does not fit the remembered close is refused, the first time.
      let other = FactorEngine(plan)
      #expect(try other.resume(from: "\(folder)/state"))
      #expect(throws: RewrittenHistory.self) {
        try other.push(day(15_001, 10.5, change: 0.2)) { _ in }
      }
    }
  }

  @Test("days that wait for their label have the rows that were asked for: others are refused")
  func rowsThatWait() throws {
    let days = try Self.awkward(seed: 7, days: 5, instruments: 5)
    func plan(_ allRows: Bool, _ hasLabel: Bool) throws -> FactorPlan {
      try FactorPlan(fields: ["KMID"], allRows: allRows, hasLabel: hasLabel)
    }
    try withFolder { folder in
      for (number, saved) in [(false, false), (false, true), (true, false), (true, true)]
        .enumerated()
      {
        let path = "\(folder)/\(number)"
        let engine = FactorEngine(try plan(saved.0, saved.1))
        for day in days { try engine.push(day) { _ in } }
        try engine.save(to: path)
        for other in [false, true] {
          let isTaken = (try? FactorEngine(plan(other, saved.1)).resume(from: path)) ?? false
          #expect(isTaken == (other == saved.0 || !saved.1), "\(saved), \(other)")
        }
      }
    }
  }

  @Test("no bit of a state can be turned without notice; one without a seal is read")
  func damage() throws {
    let plan = try FactorPlan(fields: ["KMID", "ROC5"], hasLabel: true)
    let engine = FactorEngine(plan)
    for day in try Self.awkward(seed: 6, days: 9, instruments: 5) { try engine.push(day) { _ in } }
    try withFolder { folder in
      try engine.save(to: "\(folder)/state")
      let state = try #require(contents("\(folder)/state"))
      try expectFlipsRefused(state) { _ = try FactorEngine(plan).resume(from: $0) }
      // As it was before there were seals.
      let header = try #require(state.firstRange(of: Array("\t\n".utf8)))
      var older = Array(state.dropLast(192))
      older[header.lowerBound] = 0x20
      put(older, "\(folder)/state")
      #expect(try FactorEngine(plan).resume(from: "\(folder)/state"))
    }
  }

  @Test("history cut after a day leaves that day alone")
  func noLookahead() throws {
    var check = LookaheadCheck(try FactorPlan())
    for day in try Self.awkward(seed: 6, days: 100, instruments: 20) { check.add(day) }
    let finding = try check.run()
    #expect(finding.days == 100 && finding.cuts == 17 && finding.fields == 158)
    #expect(finding.difference == nil && finding.fault == nil)
    // Before each of 17 cuts all days were compared, with labels and without.
    #expect(finding.rows > 300 && finding.values > 158 * finding.rows * 10)
  }

  @Test("factors that look ahead are found, and the value is named")
  func lookahead() throws {
    let days = try Self.awkward(seed: 6, days: 40, instruments: 20)
    // Its KMID is that of the same row tomorrow, from day 12 on.
    var check = LookaheadCheck(try FactorPlan(fields: ["KMID", "ROC5"], hasLabel: false)) {
      plan, days, body in
      let engine = FactorEngine(plan)
      var outputs: [NpyArray] = []
      for day in days { try engine.push(day) { outputs.append($0.array) } }
      for (place, output) in outputs.enumerated() {
        guard place > 10, place + 1 < outputs.count, let field = output.field("KMID") else {
          try body(output)
          continue
        }
        var bytes = output.bytes
        for row in 0..<min(output.count, outputs[place + 1].count) {
          let start = row * output.type.size + field.offset
          bytes.replaceSubrange(start..<start + 4, with: outputs[place + 1].bytes(field, row: row))
        }
        try body(NpyArray(type: output.type, shape: output.shape, bytes: bytes))
      }
    }
    for day in days { check.add(day) }
    let finding = try check.run()
    let difference = try #require(finding.difference)
    // The first cut beyond day 12 is after 14 days of 40: its last day has no tomorrow.
    #expect(difference.field == "KMID" && difference.historyEnds == Day(number: 15_013))
    #expect(difference.date == Day(number: 15_013))
    let rows = try rows(days[13])
    #expect(rows.contains { $0.0.hasPrefix(difference.instrument) })
    #expect(
      finding.fault
        == "look-ahead: KMID of \(difference.instrument) on 2011-02-08 differs when history ends on "
        + "2011-02-08")
  }

  @Test("a row that is there with a longer history only is look-ahead too")
  func rowsAhead() throws {
    let days = try Self.awkward(seed: 6, days: 30, instruments: 20)
    var check = LookaheadCheck(try FactorPlan(fields: ["KMID"], hasLabel: false)) {
      plan, days, body in
      let engine = FactorEngine(plan)
      for day in days {
        try engine.push(day) {
          let output = $0.array
          let count = days.count < 30 ? output.count - 1 : output.count
          try body(
            NpyArray(
              type: output.type, shape: [count],
              bytes: Array(output.bytes.prefix(count * output.type.size))))
        }
      }
    }
    for day in days { check.add(day) }
    #expect(try check.run().difference?.field == "instrument")
  }

  @Test("fields are those of the whole set, in the order asked for")
  func fields() throws {
    let days = try Self.awkward(seed: 7, days: 80, instruments: 20)
    let names = FactorSet.alpha158.names
    let whole = try numbers(days, FactorPlan(hasLabel: false))
    for fields in [["QTLU60", "KMID", "RANK5"], ["WVMA10"], ["SUMD60", "ROC5"], ["IMXD20"]] {
      let part = try numbers(days, FactorPlan(fields: fields, hasLabel: false))
      let places = fields.compactMap { names.firstIndex(of: $0) }
      #expect(
        whole.map { row in places.map { row[$0].bitPattern } } == part.map { $0.map(\.bitPattern) })
    }
    #expect(throws: DayError.self) { try FactorPlan(fields: ["KMID", "KMID"]) }
    #expect(throws: DayError.self) { try FactorPlan(fields: ["Kmid"]) }
  }

  @Test("alpha360 is the last 60 bars over today's")
  func lags() throws {
    let days = try Self.awkward(seed: 8, days: 75, instruments: 18)
    var history: [String: [SIMD8<Float>]] = [:]
    let engine = FactorEngine(try FactorPlan(.alpha360, allRows: true, hasLabel: false))
    for array in days {
      let today = try bars(array)
      for code in history.keys where !today.contains(where: { $0.code == code }) {
        history[code]?.append(SIMD8(repeating: .nan))
      }
      for row in today {
        var values = SIMD8<Float>(repeating: .nan)
        for (place, value) in row.floats.enumerated() where value.isFinite { values[place] = value }
        history[row.code, default: []].append(values)
      }
      try engine.push(array) { day in
        for (key, ours) in try rows(day) {
          let bars = history[String(key.prefix { $0 != " " })] ?? []
          let now = bars[bars.count - 1]
          for (group, field) in [3, 0, 1, 2, 5, 4].enumerated() {
            for lag in 0..<60 {
              let then = bars.count > lag ? bars[bars.count - 1 - lag][field] : .nan
              let expected = then / (field == 4 ? now[4] + 1e-12 : now[3])
              let found = ours[60 * group + 59 - lag]
              #expect(
                found == expected || (found.isNaN && expected.isNaN), "\(key) \(field) \(lag)")
            }
          }
        }
      }
    }
  }

  @Test("a bad day is refused and changes nothing")
  func badDays() throws {
    let days = try Self.awkward(seed: 9, days: 70, instruments: 10)
    let plan = try FactorPlan(hasLabel: false)
    let whole = try outputs(days, plan)
    let engine = FactorEngine(plan)
    var found: [[UInt8]] = []
    for (place, day) in days.enumerated() {
      if place > 0 {
        #expect(throws: DayError.self) { try engine.push(days[place - 1]) { _ in } }
      }
      if day.count > 1 {
        let twice = NpyArray(
          type: day.type, shape: [2],
          bytes: Array(day.bytes[..<day.type.size]) + Array(day.bytes[..<day.type.size]))
        #expect(throws: DayError.self) { try engine.push(twice) { _ in } }
      }
      try engine.push(day) { found.append(Array($0.bytes)) }
    }
    #expect(found == whole)
  }

  @Test("rows in any order: the same factors, in that order")
  func unordered() throws {
    let days = try Self.awkward(seed: 10, days: 70, instruments: 30)
    let plan = try FactorPlan(allRows: true, hasLabel: false)
    let reversed = days.map { day in
      let size = day.type.size
      let bytes = (0..<day.count).reversed().flatMap { day.bytes[$0 * size..<($0 + 1) * size] }
      return NpyArray(type: day.type, shape: day.shape, bytes: bytes)
    }
    let (one, other) = (FactorEngine(plan), FactorEngine(plan))
    for (day, turned) in zip(days, reversed) {
      var expected: [String: [UInt32]] = [:]
      try one.push(day) {
        for (key, values) in try rows($0) { expected[key] = values.map(\.bitPattern) }
      }
      try other.push(turned) {
        for (key, values) in try rows($0) { #expect(expected[key] == values.map(\.bitPattern)) }
      }
    }
  }

  @Test("fields that mean nothing pass through, before the factors")
  func otherFields() throws {
    let type = NpyType.table(
      [NpyField("sector", .int32)] + BarDay.fields.filter { $0.name != "vwap" }
        + [NpyField("vwap", .float64)])
    var bytes = [UInt8](repeating: 0, count: type.size)
    guard case .structured(let fields) = type else { return }
    bytes.withUnsafeMutableBytes { bytes in
      for field in fields {
        switch field.name {
        case "sector": bytes.storeBytes(of: 7, toByteOffset: field.offset, as: Int32.self)
        case "instrument": bytes[field.offset] = UInt8(ascii: "A")
        case "date": bytes.storeBytes(of: 15_000, toByteOffset: field.offset, as: Int64.self)
        case "vwap": bytes.storeBytes(of: 3, toByteOffset: field.offset, as: Double.self)
        case "member": bytes[field.offset] = 1
        default: bytes.storeBytes(of: 2, toByteOffset: field.offset, as: Float.self)
        }
      }
    }
    let engine = FactorEngine(try FactorPlan(fields: ["VWAP0", "KLEN"], hasLabel: false))
    try engine.push(NpyArray(type: type, shape: [1], bytes: bytes)) { day in
      guard case .structured(let fields) = day.type else { return }
      #expect(fields.map(\.name) == ["instrument", "date", "sector", "VWAP0", "KLEN"])
      let array = NpyArray(type: day.type, shape: [1], bytes: Array(day.bytes))
      #expect(array.int32(fields[2], row: 0) == 7)
      #expect(array.float(fields[3], row: 0) == 1.5 && array.float(fields[4], row: 0) == 0)
    }
  }

  private func outputs(
    _ days: [NpyArray], _ plan: FactorPlan, threads: Int = 1, finishing: Bool = true
  ) throws -> [[UInt8]] {
    let engine = FactorEngine(plan, threads: threads)
    var found: [[UInt8]] = []
    for day in days { try engine.push(day) { found.append(Array($0.bytes)) } }
    if finishing { try engine.finish { found.append(Array($0.bytes)) } }
    return found
  }

  private func numbers(_ days: [NpyArray], _ plan: FactorPlan) throws -> [[Float]] {
    let engine = FactorEngine(plan)
    var found: [[Float]] = []
    for day in days { try engine.push(day) { found += try rows($0).map(\.1) } }
    return found
  }
}
