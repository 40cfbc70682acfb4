import Tensor

/// Collections of problems that have a name.
public enum ProblemSuite: String, CaseIterable, Sendable {
  /// The layers of LeNet-5 in this project's `lenet5` recipe, 64 pictures.
  case lenet
  /// The classic problem of 64 digits, the layer behind it, two problems of compilers, and more.
  case seed
  /// The layers of VGG-16, one picture.
  case vgg
  /// Layers of ResNet-50, eight pictures, and two that fill the machine.
  case resnet
  /// All of those.
  case all
  /// The classic problem of 64 digits, and compilers' example of a picture of CIFAR.
  case classic
  /// A layer at the end of a network, 100 pictures.
  case large

  /// The problems, those of the same sizes under one name for each pass; of so many pictures, where
  /// that is said.
  public func problems(pictures: Int? = nil) throws -> [Problem] {
    let problems = try ownProblems()
    return try pictures.map { count in try problems.map { try $0.with(pictures: count) } }
      ?? problems
  }

  private func ownProblems() throws -> [Problem] {
    switch self {
    case .lenet: return try Self.lenet()
    case .seed: return try Self.seed()
    case .vgg: return try Self.vgg()
    case .resnet: return try Self.resnet()
    case .all:
      return try [.lenet, .seed, .vgg, .resnet].flatMap { (suite: Self) in try suite.ownProblems() }
    case .classic:
      return try Self.conv("classic", 64, 1, 28, 32, 3, Self.both)
        + Self.conv("small", 1, 3, 32, 32, 3, padding: 1, [.forward])
    case .large:
      return try Self.conv("large", 100, 512, 32, 1024, 3, padding: 1, [.forward])
    }
  }

  private static let both: [Problem.Pass] = [.forward, .forwardBackward]

  /// A square convolution over square pictures.
  private static func conv(
    _ name: String, _ n: Int, _ c: Int, _ size: Int, _ k: Int, _ kernel: Int, stride: Int = 1,
    padding: Int = 0, _ passes: [Problem.Pass]
  ) throws -> [Problem] {
    let shape = try ConvolutionShape(
      batch: n, inChannels: c, height: size, width: size, outChannels: k, kernelHeight: kernel,
      kernelWidth: kernel, stride: PerAxis(stride), padding: PerAxis(padding))
    return passes.map { Problem(name: name, .convolution(shape), $0) }
  }

  private static func linear(
    _ name: String, _ n: Int, _ inputs: Int, _ outputs: Int, _ passes: [Problem.Pass]
  ) throws -> [Problem] {
    let shape = try LinearShape(batch: n, inputs: inputs, outputs: outputs)
    return passes.map { Problem(name: name, .linear(shape), $0) }
  }

  private static func lenet() throws -> [Problem] {
    try conv("lenet-conv1", 64, 1, 28, 32, 5, padding: 2, both)
      + conv("lenet-conv2", 64, 32, 14, 64, 5, padding: 2, both)
      + linear("lenet-fc1", 64, 3136, 512, both)
      + linear("lenet-fc2", 64, 512, 10, both)
  }

  private static func seed() throws -> [Problem] {
    try conv("seed-conv1", 64, 1, 28, 32, 3, both)
      + conv("seed-conv2", 64, 32, 26, 64, 3, both)
      + conv("seed-small", 1, 3, 32, 32, 3, padding: 1, [.forward])
      + conv("seed-wide", 4, 512, 32, 1024, 3, padding: 1, both)
      + conv("seed-large", 100, 512, 32, 1024, 3, padding: 1, [.forward])
      + linear("seed-fc", 64, 9216, 128, both)
  }

  private static func vgg() throws -> [Problem] {
    let layers = [
      ("1.1", 3, 224, 64), ("1.2", 64, 224, 64), ("2.1", 64, 112, 128), ("2.2", 128, 112, 128),
      ("3.1", 128, 56, 256), ("3.2", 256, 56, 256), ("4.1", 256, 28, 512), ("4.2", 512, 28, 512),
      ("5", 512, 14, 512),
    ]
    let convolutions = try layers.flatMap { name, channels, size, out in
      try conv("vgg-conv\(name)", 1, channels, size, out, 3, padding: 1, both)
    }
    return try convolutions + linear("vgg-fc6", 1, 25088, 4096, both)
      + linear("vgg-fc7", 1, 4096, 4096, both)
  }

  private static func resnet() throws -> [Problem] {
    try conv("resnet-stem", 8, 3, 224, 64, 7, stride: 2, padding: 3, both)
      + conv("resnet-64-56", 8, 64, 56, 64, 3, padding: 1, both)
      + conv("resnet-64-56-out", 8, 64, 56, 256, 1, both)
      + conv("resnet-256-56-in", 8, 256, 56, 64, 1, both)
      + conv("resnet-128-56-down", 8, 128, 56, 128, 3, stride: 2, padding: 1, both)
      + conv("resnet-128-28", 8, 128, 28, 128, 3, padding: 1, both)
      + conv("resnet-256-14", 8, 256, 14, 256, 3, padding: 1, both)
      + conv("resnet-512-7", 8, 512, 7, 512, 3, padding: 1, both)
      + conv("resnet-1024-14-down", 8, 1024, 14, 2048, 1, stride: 2, both)
      + conv("64-batch-64-56", 64, 64, 56, 64, 3, padding: 1, [.forward])
      + conv("64-batch-512-14", 64, 512, 14, 512, 3, padding: 1, [.forward])
  }
}

extension Problem {
  /// The same layer for another number of pictures, or rows.
  fileprivate func with(pictures: Int) throws -> Problem {
    let other: Operation
    switch operation {
    case .linear(let s):
      other = .linear(try LinearShape(batch: pictures, inputs: s.inputs, outputs: s.outputs))
    case .convolution(let s):
      other = .convolution(
        try ConvolutionShape(
          batch: pictures, inChannels: s.inChannels, height: s.height, width: s.width,
          outChannels: s.outChannels, kernelHeight: s.kernelHeight, kernelWidth: s.kernelWidth,
          stride: s.stride, padding: s.padding, dilation: s.dilation, groups: s.groups))
    }
    return Problem(name: name, other, pass)
  }
}
