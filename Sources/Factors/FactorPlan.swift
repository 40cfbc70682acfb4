import Days
import FactorCatalogue
import KernelChoice
import KernelTable
import Statistics
import Streams

/// Which factors are wanted, and how they are got.
public struct FactorPlan: Sendable {
  /// The family they are of.
  public let set: FactorSet
  /// Their names, in the order of the output.
  public let names: [String]
  /// The factors themselves, in that order.
  let factors: [Factor]
  /// Whether rows of instruments that are no members are written too.
  public var allRows: Bool
  /// Whether `LABEL0` is written, two days later.
  public var hasLabel: Bool

  /// The days that are written; windows look back beyond them, labels ahead.
  public var span = DaySpan.all

  /// The name of the label.
  public static let labelName = "LABEL0"

  /// The factors named of a set, or all of it; throws a `DayError` for a name it does not have.
  public init(
    _ set: FactorSet = .alpha158, fields: [String]? = nil, allRows: Bool = false,
    hasLabel: Bool = true
  ) throws {
    let known = set.factors
    names = fields ?? known.map(\.name)
    factors = try names.map { name in
      guard let factor = known.first(where: { $0.name == name }) else {
        throw DayError.rule("\(set.rawValue) has no factor '\(name)'")
      }
      return factor
    }
    guard Set(names).count == names.count, !names.isEmpty else {
      throw DayError.rule("a factor is named twice, or none is")
    }
    self.set = set
    self.allRows = allRows
    self.hasLabel = hasLabel
  }

  /// The families that the factors are of.
  var families: [FactorFamily] {
    let wanted = Set(factors.map(\.family))
    return FactorFamily.allCases.filter(wanted.contains)
  }

  /// The passes over the last 60 days that the factors need, in order.
  func passes(_ kernels: Kernels) -> [FactorKernel] {
    let own = Set(families.map(\.pass))
    let all = own.union(own.compactMap(\.needs))
    return FactorPass.allCases.filter(all.contains).map { kernels.pass($0) }
  }
}
