import ArgumentParser
import Glyphs
import NeuralNet
import Testing

@testable import lenet_train

@Suite struct RecipeTests {
  private static func recipe(_ options: String...) throws -> Recipe {
    try RecipeOptions.parse(options).changed()
  }

  @Test func mnistNetIsPyTorchs() throws {
    for recipe in try [Self.recipe("--arch", "mnist-net"), Self.recipe("--recipe", "mnist-net")] {
      #expect(
        try recipe.layers(classes: 10).description
          == "input 28x28 mean 0.1307 std 0.3081, conv 3x3x32, relu, conv 3x3x64, relu, pool 2, "
          + "dropout2d 0.25, fc 128, relu, dropout 0.5, fc 10")
      #expect(recipe.rule == .adadelta(rho: 0.9, epsilon: 1e-6))
      #expect(recipe.schedule == .exponential(rate: 1, decay: 0.7))
      #expect((recipe.batch, recipe.epochs) == (64, 14))
      #expect(recipe.augmentation == nil && recipe.validation == 0 && recipe.decay == 0)
      let network = try Network(recipe.layers(classes: 10))
      #expect(network.parameters.reduce(0) { $0 + $1.count } == 1_199_882)
    }
  }

  @Test func namesOfLayersAndRecipesMayDiffer() throws {
    let mixed = try Self.recipe("--recipe", "lenet5", "--architecture", "mnist-net")
    #expect(mixed.architecture == Recipe(.mnistNet).architecture)
    #expect(mixed.rule == Recipe(.lenet5).rule)
    #expect(try Self.recipe().rule == Recipe(.best).rule)
    #expect(try Self.recipe("--architecture", "fc 9").rule == Recipe(.best).rule)
    #expect(throws: (any Error).self) { try Self.recipe("--arch", "mnist-nets") }
  }

  @Test func dropoutKeepsItsKind() throws {
    let changed = try Self.recipe("--arch", "mnist-net", "--dropout", "0.125")
    #expect(changed.architecture.contains("dropout2d 0.125, fc 128, relu, dropout 0.125"))
  }
}
