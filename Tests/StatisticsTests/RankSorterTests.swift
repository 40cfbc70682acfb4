import Testing

@testable import Statistics

@Suite struct RankSorterTests {
  /// As SciPy's `rankdata`, method `average`.
  @Test(
    arguments: [
      ([], []), ([7], [1]), ([3, 1, 3, 2], [3.5, 1, 3.5, 2]), ([5, 5, 5], [2, 2, 2]),
      ([0, -0.0, 1, -.infinity, .infinity], [2.5, 2.5, 4, 1, 5]),
    ] as [([Double], [Double])])
  func ranks(values: [Double], expected: [Double]) {
    var sorter = RankSorter()
    #expect(sorter.ranks(values) == expected)
  }
}
