import FactorCatalogue
import Streams
import TestFolders
import Testing

@testable import Factors

/// Alpha360 beside what NumPy gave: `testdata/market/pandas/make.py`.
@Suite struct Alpha360ParityTests {
  private func arrays(_ name: String) throws -> [NpyArray] {
    var arrays: [NpyArray] = []
    try ByteReader(["\(root)/testdata/market/pandas/\(name).npy"]).arrays { arrays.append($0) }
    return arrays
  }

  @Test("alpha360: every bit of NumPy's")
  func alpha360() throws {
    let expected = try arrays("alpha360")[0]
    #expect(expected.shape == [6, 360])
    var found: [Float] = []
    let engine = FactorEngine(try FactorPlan(.alpha360, hasLabel: false))
    for (place, day) in try arrays("bars").enumerated() {
      try engine.push(day) { factors in
        guard place >= 73 else { return }
        let table = NpyArray(
          type: factors.type, shape: [factors.count], bytes: Array(factors.bytes))
        for row in 0..<3 {
          for name in FactorSet.alpha360.names {
            found.append(table.float(try table.field(name, .float32), row: row))
          }
        }
      }
    }
    let values = try expected.floats()
    try #require(found.count == values.count)
    for (place, (one, other)) in zip(found, values).enumerated() {
      #expect(one == other || (one.isNaN && other.isNaN), "\(place): \(one), \(other)")
    }
    #expect(values.contains { $0.isNaN } && values.contains { $0 > 1e15 })
  }
}
