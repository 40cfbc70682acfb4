import Mechanics
import Streams
import Tensor

@testable import Bars
@testable import Days
@testable import Factors
@testable import Portfolio
@testable import Series

let stateTargets = [
  FuzzTarget(
    "account-state",
    words: [
      "{\"record\":\"holding\"", "{\"record\":\"early\"", "{\"record\":\"score\"",
      "\"instrument\":\"A\"", "\"amount\":1", "\"price\":1", "\"count_day\":1", "\"missed_days\":0",
      "\"cost\":null", "\"score\":\"inf\"", "\"date\":\"2020-01-02\"", "\"bench\":null",
    ],
    seeds: { [accountState, accountState.withUnsafeBytes(withHash)] }
  ) { bytes in
    _ = try? withFile(bytes) { try AccountState.read($0, Backtest.Settings()) }
    // A search finds no hashes, so that it is put right for it.
    let state = try withHash(bytes).withUnsafeBytes { bytes in
      try withFile(bytes) { try AccountState.read($0, Backtest.Settings()) }
    }
    guard let state else { return }
    let once = try saved { try state.save(to: $0, Backtest.Settings()) }
    let twice = try mustSucceed("what was saved") {
      try once.withUnsafeBytes { bytes in
        try withFile(bytes) { path in
          try saved {
            try AccountState.read(path, Backtest.Settings())?.save(to: $0, Backtest.Settings())
          }
        }
      }
    }
    try hold(once == twice, "read and saved again, it is another state")
  },
  FuzzTarget(
    "factor-state", words: npyWords + ["('rows', '<i4')", "('bars', '<f4', (61, 6))"],
    seeds: { [try factorState(rows: 1), try unsealed(factorState(rows: 2))] }
  ) { bytes in
    let engine = FactorEngine(try FactorPlan(fields: ["KMID"]))
    guard try withFile(bytes, { try engine.resume(from: $0) }) else { return }
    let once = try saved { try engine.save(to: $0) }
    let other = FactorEngine(try FactorPlan(fields: ["KMID"]))
    _ = try mustSucceed("what was saved") {
      try once.withUnsafeBytes { try withFile($0) { try other.resume(from: $0) } }
    }
    try hold(try saved { try other.save(to: $0) } == once, "saved again, it is another state")
    _ = try? engine.push(try factorDay(4000, 1)) { _ = $0.bytes }
  },
  FuzzTarget(
    "score-state", words: npyWords + ["('days_ago', '<i4')", "('inputs', '<f4', (2,))"],
    seeds: { [try scoreState(days: 1), try unsealed(scoreState(days: 4))] }
  ) { bytes in
    let scores = try dayScores()
    try withFile(bytes) { try scores.resume(from: $0) }
    let once = try saved { try scores.save(to: $0) }
    let other = try dayScores()
    try mustSucceed("what was saved") {
      try once.withUnsafeBytes { try withFile($0) { try other.resume(from: $0) } }
    }
    try hold(try saved { try other.save(to: $0) } == once, "saved again, it is another state")
    _ = try? scores.push(try scoreDay(4000))
  },
]

/// A state with a line of each kind.
private let accountState: [UInt8] = {
  var state = AccountState(Backtest.Settings())
  (state.day, state.hasLots, state.hasTraded) = (Day("2020-01-03"), true, true)
  do {
    let codes = try [InstrumentCode("A"), InstrumentCode("B")]
    var holding = Holding(code: codes[0], amount: 100, price: 1.5)
    (holding.dayCount, holding.cost) = (3, 1.25)
    state.account.hold([holding])
    state.pending = ScoreDay(
      day: Day(number: 18264), codes: codes, scores: [-.infinity, 0.5])
    state.early = [
      LedgerDay(
        day: Day(number: 18263), account: Account(cash: 1e8), worth: 1e8, before: 1e8, cost: 0,
        turnover: 0, benchmark: .nan, orders: [])
    ]
    return try saved { try state.save(to: $0, Backtest.Settings()) }
  } catch { fatalError("\(error)") }
}()

/// The lines but for those that end a state, and a right end.
private func withHash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  let end = Array("{\"record\":\"end\"".utf8)
  let lines = bytes.split(separator: 0x0a).filter { !$0.starts(with: end) && !$0.isEmpty }
  let text = lines.flatMap { $0 + [0x0a] }
  let hash = String(fnv1a(text, from: fnv1a("")), radix: 16)
  return text + end + Array(",\"hash\":\"\(hash)\"}\n".utf8)
}

private func factorDay(_ day: Int32, _ instruments: Int) throws -> NpyArray {
  var table = BarDay(Day(number: day))
  for number in 0..<instruments {
    let price = Float(number + 2)
    table.append(
      try InstrumentCode("I\(number)"),
      Bar(SIMD8(price, price + 1, price, price, 100, price, 1, 0)), isMember: true)
  }
  return table.array
}

private func factorState(rows: Int) throws -> [UInt8] {
  let engine = FactorEngine(try FactorPlan(fields: ["KMID"]))
  for day in 0..<3 { try engine.push(try factorDay(3000 + Int32(day), rows)) { _ = $0.bytes } }
  return try saved { try engine.save(to: $0) }
}

/// The arrays without the seal behind them, which a search could not make.
private func unsealed(_ stream: [UInt8]) throws -> [UInt8] {
  var arrays: [UInt8] = []
  try stream.withUnsafeBytes { bytes in
    try reading(bytes) { try $0.arrays { array in arrays += written { $0.write(array) } } }
  }
  return arrays
}

private func dayScores() throws -> DayScores {
  let model = try signalModel.withUnsafeBytes { bytes in
    try withFile(bytes) { try SignalModel(path: $0) }
  }
  return DayScores(model, isRaw: false, workers: Workers(1))
}

private func scoreDay(_ day: Int64) throws -> NpyArray {
  var table = NpyTable([
    NpyField("instrument", .bytes(16)), NpyField("date", .day), NpyField("A", .float32),
    NpyField("B", .float32),
  ])
  for number in 0..<2 {
    try table.append("I\(number)")
    table.append(day: day)
    table.append([Float(number)])
    table.append([Float(day) / 4096])
  }
  return table.array
}

private func scoreState(days: Int64) throws -> [UInt8] {
  let scores = try dayScores()
  for day in 0..<days { _ = try scores.push(try scoreDay(3000 + day)) }
  return try saved { try scores.save(to: $0) }
}

/// A small model of two fields.
let signalModel: [UInt8] = {
  do {
    let network = try SeriesNetwork(
      SeriesArchitecture(.cnn, inputs: 2, steps: 3, layers: [2], kernel: 3, dropout: 0))
    network.initialise(seed: 1)
    return try SignalModel.bytes(
      network, values: [network.values], fields: ["A", "B"], normalisation: nil, texts: [])
  } catch { fatalError("\(error)") }
}()
