import Days
import FactorKernelsBaseline
import Statistics
import Streams

/// Which factors are wanted, and how they are got.
public struct FactorPlan: Sendable {
  /// The family they are of.
  public let set: FactorSet
  /// Their names, in the order of the output.
  public let names: [String]
  /// The place of each in the set.
  let columns: [Int]
  /// Whether rows of instruments that are no members are written too.
  public var allRows: Bool
  /// Whether `LABEL0` is written, two days later.
  public var hasLabel: Bool

  /// The first day that is written; windows look back beyond it.
  public var from: Day?
  /// The last day that is written; labels look ahead beyond it.
  public var to: Day?

  /// Whether the factors of a day are written.
  func writes(_ day: Day) -> Bool {
    (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
  }

  /// The name of the label.
  public static let labelName = "LABEL0"

  /// The factors named of a set, or all of it; throws a `DayError` for a name it does not have.
  public init(
    _ set: FactorSet = .alpha158, fields: [String]? = nil, allRows: Bool = false,
    hasLabel: Bool = true
  ) throws {
    let known = set.names
    names = fields ?? known
    columns = try names.map { name in
      guard let place = known.firstIndex(of: name) else {
        throw DayError.rule("\(set.rawValue) has no factor '\(name)'")
      }
      return place
    }
    guard Set(names).count == names.count, !names.isEmpty else {
      throw DayError.rule("a factor is named twice, or none is")
    }
    self.set = set
    self.allRows = allRows
    self.hasLabel = hasLabel
  }

  /// The passes over the last 60 days that the factors need.
  func passes(_ kernels: FactorKernels) -> [FactorKernels.Pass] {
    guard set == .alpha158 else { return [kernels.lags] }
    func needs(_ starts: Int...) -> Bool {
      columns.contains { column in starts.contains { ($0..<$0 + 5).contains(column) } }
    }
    var passes: [FactorKernels.Pass] = []
    if columns.contains(where: { $0 < 18 }) { passes.append(kernels.todayFactors) }
    let ranges = needs(43, 48, 63, 68, 73, 78, 83)
    let ordered = needs(53, 58)
    // The others take the counts of valid days from the pass over closes.
    if ranges || ordered || needs(18, 23, 28, 33, 38, 88, 128, 133) {
      passes.append(kernels.closeWindows)
    }
    if needs(93, 138) { passes.append(kernels.riseWindows) }
    if needs(98, 103, 108, 113, 118, 123, 143, 148, 153) { passes.append(kernels.stepWindows) }
    if ranges { passes.append(kernels.rangeWindows) }
    if ordered {
      passes.append { block, _, output in kernels.quantiles(block, output) }
    }
    return passes
  }

  /// Rows of sixteen floats that the passes write.
  var scratchRows: Int { max(FactorKernelsBaseline.scratchRows, set.names.count) }
}
