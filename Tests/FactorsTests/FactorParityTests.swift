import FactorCatalogue
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days
@testable import Factors

/// The factors beside qlib's own, cell by cell.
@Suite struct FactorParityTests {
  static let folder = "\(root)/testdata/market/alpha158"

  /// Stretches of the folder `reference/qlib/small`: bars from 61 days before on, and qlib's factors of
  /// some days.
  @Test(arguments: ["listing", "long-suspension", "late-listing", "suspensions"])
  func stretch(_ name: String) throws {
    var expected: [String: [Float]] = [:]
    try forEachRow("\(Self.folder)/\(name)-qlib.npy.gz") { expected[$0] = $1 }
    try #require(expected.count > 20)
    var compared = Comparison()
    let engine = FactorEngine(try FactorPlan())
    func compare(_ day: FactorDay) throws {
      for (key, values) in try rows(day) {
        if let other = expected.removeValue(forKey: key) { compared.add(key, values, other) }
      }
    }
    try ByteReader(["\(Self.folder)/\(name)-bars.npy.gz"]).arrays {
      try engine.push($0, compare)
    }
    try engine.finish(compare)
    #expect(expected.isEmpty, "no row for \(expected.keys.sorted())")
    compared.check()
  }

  static let small = "\(reference)/qlib/small"

  @Test(.enabled(if: Requirement.reference.isMet, "\(Requirement.reference)"))
  func wholeFolder() throws {
    let labels = try plain("\(Self.small)/label_f32.npy")
    let factors = try columns("\(Self.small)/alpha158_f32.npy.gz", rows: labels.count)
    var compared = Comparison()
    var row = 0
    let engine = FactorEngine(try FactorPlan())
    // qlib's rows are in order of date and instrument, as ours are.
    func compare(_ day: FactorDay) throws {
      for (key, values) in try rows(day) {
        try #require(row < labels.count)
        compared.add(key, values, factors.map { $0[row] } + [labels[row]])
        row += 1
      }
    }
    let provider = try QlibFolder("\(Self.small)/provider", market: "csi300")
    try provider.days(BarSelection()) { try engine.push($0.array, compare) }
    try engine.finish(compare)
    #expect(row == labels.count)
    compared.check()
    print(compared.summary)
  }

  @Test func names() {
    let names = FactorSet.alpha158.names
    #expect(names.count == 158 && names.first == "KMID" && names.last == "VSUMD60")
    #expect(FactorSet.alpha360.names.count == 360)
  }

  @Test(.enabled(if: Requirement.reference.isMet, "\(Requirement.reference)"))
  func namesAreQlibs() throws {
    let path = "\(reference)/qlib/alpha158_fields.json"
    let names = FactorSet.alpha158.names
    let reader = ByteReader([path])
    _ = try reader.nextSource()
    let bytes = try reader.readAll(atMost: 1 << 30)
    try bytes.withUnsafeBytes { bytes in
      try withJSON(bytes, name: path) { json in
        #expect(try json.require("names").elements.map { $0.string } == names)
        let lags = try json.require("alpha360_names").elements.map { $0.string }
        #expect(lags == FactorSet.alpha360.names)
      }
    }
  }
}

/// Differences from qlib, by the rule of parity: |ours - qlib's| over max(1, |qlib's|).
struct Comparison {
  private var cells = 0
  private var overSmall = 0
  private var worst = 0.0
  private var place = ""
  private var labelsDiffer = 0
  private var missingDiffer: [String] = []

  mutating func add(_ key: String, _ ours: [Float], _ theirs: [Float]) {
    let names = FactorSet.alpha158.names
    for (column, (one, other)) in zip(ours, theirs).enumerated() {
      if column == 158 {
        if one != other, !(one.isNaN && other.isNaN) { labelsDiffer += 1 }
        continue
      }
      cells += 1
      guard one.isNaN == other.isNaN else {
        missingDiffer.append("\(key) \(names[column]): \(one), qlib \(other)")
        continue
      }
      guard !one.isNaN, one != other else { continue }
      let error = Double(abs(one - other)) / max(1, Double(abs(other)))
      if error > 1e-5 || error.isNaN { overSmall += 1 }
      if error > worst || error.isNaN { (worst, place) = (error, "\(key) \(names[column])") }
    }
  }

  var summary: String {
    "\(cells) cells, largest error \(worst) at \(place), \(overSmall) over 1e-5"
  }

  func check() {
    #expect(missingDiffer.isEmpty, "\(missingDiffer.prefix(5))")
    #expect(worst <= 1e-4, "\(summary)")
    #expect(Double(overSmall) <= 1e-3 * Double(cells), "\(summary)")
    #expect(labelsDiffer == 0, "labels are exact")
  }
}

/// The rows of a day by `CODE DATE`: the numbers behind the key.
func rows(_ day: FactorDay) throws -> [(String, [Float])] {
  try rows(NpyArray(type: day.type, shape: [day.count], bytes: Array(day.bytes)))
}

func rows(_ array: NpyArray) throws -> [(String, [Float])] {
  guard case .structured(let fields) = array.type else { return [] }
  let key = try DayKey(array)
  let numbers = fields.filter { $0.scalar == .float32 }
  return try (0..<array.count).map { row in
    let day = array.bytes(key.date, row: row).withUnsafeBytes {
      $0.loadUnaligned(as: Int64.self)
    }
    let name = "\(try array.text(key.instrument, row: row)) \(Day(number: Int32(day)))"
    return (name, numbers.map { array.float($0, row: row) })
  }
}

func forEachRow(_ path: String, _ body: (String, [Float]) -> Void) throws {
  try ByteReader([path]).arrays { array in
    for (key, values) in try rows(array) { body(key, values) }
  }
}

/// The columns of an array in Fortran order, which the tools do not read.
private func columns(_ path: String, rows: Int) throws -> [[Float]] {
  let reader = ByteReader([path])
  _ = try reader.nextSource()
  let bytes = try reader.readAll(atMost: 1 << 30)
  let start = try #require(bytes.firstIndex(of: 0x0a)) + 1
  try #require(bytes.count - start == 158 * rows * 4)
  return bytes.withUnsafeBytes { bytes in
    (0..<158).map { column in
      (0..<rows).map {
        bytes.loadUnaligned(
          fromByteOffset: start + 4 * (column * rows + $0), as: Float.self)
      }
    }
  }
}

private func plain(_ path: String) throws -> [Float] {
  var values: [Float] = []
  try ByteReader([path]).arrays { values += try $0.floats() }
  return values
}
