import Statistics
import Testing

@Suite struct MomentsTests {
  @Test("mean and deviations; NaN where they are not defined")
  func moments() {
    let values = [2.0, 4, 4, 4, 5, 5, 7, 9]
    #expect(values.mean == 5)
    #expect(values.squaresAboutMean == 32)
    #expect(values.populationDeviation == 2)
    #expect(values.deviation == (32.0 / 7).squareRoot())
    let none: [Double] = []
    #expect(none.mean.isNaN && none.deviation.isNaN && none.populationDeviation.isNaN)
    #expect([3.0].mean == 3 && [3.0].deviation.isNaN && [3.0].populationDeviation == 0)
    #expect([1, .nan, .infinity].known == [1, .infinity])
    #expect([1.0, 3].deviation == 2.0.squareRoot())
  }

  @Test("what differs by rounding does not vary; days' means have a ratio where they do")
  func varies() {
    let one = 0.1 + 0.2
    for (values, varies) in [
      ([0.3, one], false), ([0.3, 0.3], false), ([1, 1 + 1e-15], false), ([1, 1 + 1e-13], true),
      ([0, 0], false), ([0, 1e-9], true), ([5], false), ([], false),
    ] as [([Double], Bool)] {
      #expect(values.varies == varies)
      var mean = DailyMean()
      for value in values { mean.add(value) }
      mean.add(.nan)
      #expect(mean.varies == varies && mean.days == values.count)
      #expect(mean.ratio.isNaN == !varies)
      if varies { #expect(abs(mean.ratio / values.meanOverDeviation - 1) < 0.01) }
    }
    var mean = DailyMean()
    for value in [1.0, 2, 4] { mean.add(value) }
    // About 7/3 the squares are 42/9, over two days more than one.
    #expect(abs(mean.mean - 7.0 / 3) < 1e-15)
    #expect(abs(mean.ratio - 7 / 3 / (42.0 / 18).squareRoot()) < 1e-12)
  }

  @Test("quantiles lie between two values in a straight line")
  func quantiles() {
    #expect([1.0, 2, 3, 4].sortedQuantile(0.5) == 2.5)
    #expect([1.0, 2, 3].sortedQuantile(0.25) == 1.5)
    #expect([1.0, 2, 3][1...].sortedQuantile(0.5) == 2.5)
    #expect([1.0, 2, 3].sortedQuantile(0) == 1 && [1.0, 2, 3].sortedQuantile(1) == 3)
    #expect([7.0].sortedQuantile(0.75) == 7)
    #expect([Double]().sortedQuantile(0.5).isNaN)
  }

  @Test("a correlation is 1, -1, or NaN where a side is constant")
  func correlation() {
    func correlation(_ pairs: [(Double, Double)]) -> Double {
      var moments = PairMoments()
      for (x, y) in pairs { moments.add(x, y) }
      return moments.correlation
    }
    #expect(abs(correlation([(1, 10), (2, 20), (4, 40)]) - 1) < 1e-15)
    #expect(correlation([(1, 3), (2, 1)]) == -1)
    #expect(correlation([(1, 3), (2, 3)]).isNaN && correlation([(1, 3)]).isNaN)
    #expect(abs(correlation([(1, 1), (2, 3), (3, 2)]) - 0.5) < 1e-15)
  }
}
