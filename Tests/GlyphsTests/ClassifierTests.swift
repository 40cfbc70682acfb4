import NeuralNet
import Tensor
import Testing

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ClassifierTests {
  static let architecture =
    "input 14x13, conv 5x5x8 same, relu, conv 3x3x20, relu, pool 2, dropout2d 0.5, conv 3x3x33 same, "
    + "relu, fc 70, relu, dropout 0.5, fc 6"

  private static func network() throws -> Network {
    let network = try Network(Architecture(architecture))
    network.initialise(.uniform, seed: 5)
    return network
  }

  private static func probabilities(
    _ network: Network, _ pictures: Range<Int>, threads: Int = 1, _ methods: Methods = Methods()
  ) throws -> [Float] {
    let classifier = Classifier(network, methods: methods, workers: Workers(threads))
    return try classifier.probabilities(pictures.count) { index, target in
      var random = RandomNumbers(4, UInt64(pictures.lowerBound + index))
      for i in 0..<network.pixels { target[i] = random.spread(1) }
    }
  }

  /// What the textbook makes of 70 pictures, once for all ways of computing it.
  private static let expected = Result {
    let network = try Self.network()
    let twin = TwinNetwork(network)
    return (0..<70).map { picture in
      var random = RandomNumbers(4, UInt64(picture))
      let logits = twin.logits((0..<network.pixels).map { _ in Double(random.spread(1)) })
      let powers = logits.map { exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }

  @Test(arguments: ConvolutionMethod.allCases, LinearMethod.allCases)
  func agreesWithTheTextbook(_ convolution: ConvolutionMethod, _ linear: LinearMethod) throws {
    let found = try Self.probabilities(
      Self.network(), 0..<70, Methods(convolution: convolution, linear: linear))
    let expected = try Self.expected.get().joined()
    #expect(found.count == 70 * 6)
    for (place, (found, expected)) in zip(found, expected).enumerated() {
      #expect(abs(Double(found) - expected) < 2e-5, "picture \(place / 6), class \(place % 6)")
    }
  }

  /// What is read depends on the picture, not on threads or on the pictures beside it.
  @Test func neighboursAndThreadsDoNotMatter() throws {
    let network = try Self.network()
    let all = try Self.probabilities(network, 0..<300)
    #expect(try Self.probabilities(network, 0..<300, threads: 2) == all)
    #expect(try Self.probabilities(network, 0..<300, threads: 3) == all)
    for range in [0..<1, 5..<6, 17..<30, 3..<140] {
      let expected = Array(all[range.lowerBound * 6..<range.upperBound * 6])
      #expect(try Self.probabilities(network, range) == expected, "\(range)")
    }
  }
}
