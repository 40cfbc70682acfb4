import Testing

@testable import Statistics

@Suite struct NormalTests {
  @Test(
    "shares and quantiles as tables have them",
    arguments: [
      (0.0, 0.5), (1, 0.841344746068543), (1.959963984540054, 0.975), (-3, 0.001349898031630095),
      (-1.2815515655446004, 0.1),
    ])
  func table(_ x: Double, _ share: Double) {
    #expect(abs(Normal.share(below: x) - share) < 1e-14)
    #expect(abs(Normal.quantile(share) - x) < 1e-12)
  }

  @Test("a density is the slope of the share; nothing and all have no number")
  func bounds() {
    for x in [-2.5, 0, 0.7] {
      let slope = (Normal.share(below: x + 1e-5) - Normal.share(below: x - 1e-5)) / 2e-5
      #expect(abs(Normal.density(x) - slope) < 1e-9)
    }
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
  }
}
