import Mechanics
import Streams

/// Whether factors look ahead: cuts the history after some days and demands the same bytes up to there.
public struct LookaheadCheck {
  private let plan: FactorPlan
  private let threads: Int
  private var arrays: [NpyArray] = []
  private static let cuts = 16

  /// A check of these factors.
  public init(_ plan: FactorPlan, threads: Int = 1) {
    self.plan = plan
    self.threads = threads
  }

  /// Keeps a day.
  public mutating func add(_ array: NpyArray) { arrays.append(array) }

  /// Compares; throws what the engine throws, and a `Failure` where bytes differ.
  ///
  /// Factors without label must be there on the day itself; with it, all but the last two days.
  /// Returns how many days there were and after how many of them the history was cut.
  public func run() throws -> (days: Int, cuts: Int) {
    let count = arrays.count
    let places = Set((1...Self.cuts).map { count * $0 / (Self.cuts + 1) } + [count - 1])
      .filter { (1..<max(1, count)).contains($0) }
    for hasLabel in plan.hasLabel ? [false, true] : [false] {
      var plan = plan
      plan.hasLabel = hasLabel
      let whole = try outputs(plan, days: count)
      for place in places.sorted() {
        let cut = try outputs(plan, days: place)
        if let day = zip(cut, whole).enumerated().first(where: { $1.0 != $1.1 })?.offset {
          throw Failure(
            .internal, "look-ahead: day \(day + 1) differs when history ends on day \(place)")
        }
      }
    }
    return (count, places.count)
  }

  /// A hash of what each day gives that is done when so many days are in.
  private func outputs(_ plan: FactorPlan, days: Int) throws -> [UInt64] {
    let engine = FactorEngine(plan, threads: threads)
    var hashes: [UInt64] = []
    for array in arrays.prefix(days) {
      try engine.push(array) { hashes.append(hash($0.bytes)) }
    }
    return hashes
  }

  private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0
    var place = 0
    while place + 8 <= bytes.count {
      hash = SplitMix64.mix(
        hash &+ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    for byte in bytes[place...] { hash = SplitMix64.mix(hash &+ UInt64(byte)) }
    return hash
  }
}
