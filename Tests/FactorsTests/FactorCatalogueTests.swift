import FactorCatalogue
import Testing

/// The catalogue is whole: every factor has a name and a row of its own.
@Suite struct FactorCatalogueTests {
  static let factors = FactorFamily.allCases.flatMap(\.factors)

  @Test("rows follow one another, and the counts of windows follow them")
  func rows() {
    #expect(Self.factors.map(\.row) == Array(0..<FactorFamily.countRow))
    #expect(FactorFamily.rows == FactorFamily.countRow + FactorWindow.days.count)
    #expect(FactorWindow.days == [5, 10, 20, 30, 60])
  }

  @Test("names of a set are unlike, and each is of one family")
  func names() {
    for set in FactorSet.allCases {
      #expect(set.factors.allSatisfy { $0.family.factors.map(\.name).contains($0.name) })
      #expect(Set(set.names).count == set.names.count && !set.names.isEmpty)
    }
  }

  @Test("a pass that reads what another wrote runs after it")
  func passes() {
    let order = FactorPass.allCases
    for (place, pass) in order.enumerated() {
      if let needed = pass.needs { #expect(order[..<place].contains(needed)) }
      #expect(FactorFamily.allCases.contains { $0.pass == pass })
    }
  }

  @Test("the block's rows do not overlap")
  func block() {
    #expect(FactorBlock.todayRow + BarField.count == BlockRow.age.rawValue)
    #expect(BlockRow.listed.rawValue + 1 == FactorBlock.sortedRow)
    #expect(FactorBlock.sortedRow + FactorWindow.days.reduce(0, +) == FactorBlock.seriesRow)
    #expect(FactorBlock.seriesRow(0) == FactorBlock.seriesRow)
    #expect(FactorBlock.seriesRow(63) + WorkSeries.count == FactorBlock.historyRow)
    #expect(FactorBlock.historyRow(-1) + BarField.count == FactorBlock.rows)
    #expect(BarField.allCases.count == BarField.count)
  }
}
