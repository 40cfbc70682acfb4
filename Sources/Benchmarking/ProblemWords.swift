/// What problems are, in words: for those who see their sizes for the first time.
enum ProblemWords {
  /// What the letters of a problem's sizes mean.
  static let letters: [(letter: String, meaning: String)] = [
    ("N", "pictures of a batch, which are worked on together"),
    ("C", "channels of the input: 1 for grey, 3 for colours, more between layers"),
    ("H, W", "height and width of a picture in pixels"),
    ("K", "channels of the output: so many kernels, each over all C channels"),
    ("R, S", "rows and columns of a kernel, the window that slides over the picture"),
  ]

  /// Why a problem of one of our suites is there; nil for a name that is not ours.
  static func purpose(_ name: String) -> String? {
    for (start, text) in purposes where name.hasPrefix(start) { return text }
    return nil
  }

  /// What names begin with, the longer ones first.
  private static let purposes: [(String, String)] = [
    ("classic", "The first layer of PyTorch’s MNIST example: much to move."),
    ("small", "One picture of CIFAR, from compilers’ tutorials: over before it has begun."),
    ("large", "A layer deep in a network: so many channels that products are all that counts."),
    ("lenet-conv1", "LeNet-5’s first layer: one channel, windows of 5×5."),
    ("lenet-conv2", "LeNet-5’s second layer, where most of its time goes."),
    ("lenet-fc", "A fully connected layer of LeNet-5: a plain matrix product."),
    ("seed-conv1", "The first layer of PyTorch’s MNIST example: much to move."),
    ("seed-conv2", "The layer behind it: 32 channels in, 64 out."),
    ("seed-small", "One picture of CIFAR, as compilers’ tutorials have it."),
    ("seed-wide", "A layer deep in a network, a few pictures."),
    ("seed-large", "The same layer, a hundred pictures."),
    ("seed-fc", "The fully connected layer of PyTorch’s example for MNIST."),
    ("vgg-conv", "A layer of VGG-16 on one picture: large pictures first, many channels later."),
    ("vgg-fc", "A fully connected layer of VGG-16 on one picture: reads its weights once each."),
    ("resnet-", "A layer of ResNet-50 on eight pictures."),
    ("64-batch", "A layer of ResNet-50 on 64 pictures, which fill the machine."),
  ]

  /// The sizes in words.
  static func sizes(_ problem: Problem) -> String {
    switch problem.operation {
    case .linear(let s):
      return "\(s.batch) row\(s.batch == 1 ? "" : "s") of \(s.inputs) numbers, \(s.outputs) of each"
    case .convolution(let s):
      var text = "\(s.batch) picture\(s.batch == 1 ? "" : "s") of \(s.inChannels) channel"
      text += "\(s.inChannels == 1 ? "" : "s"), \(s.height)×\(s.width) pixels; "
      text += "\(s.outChannels) kernels of \(s.kernelHeight)×\(s.kernelWidth)"
      if s.stride != 1 { text += ", stride \(s.stride)" }
      if s.padding != 0 { text += ", padding \(s.padding)" }
      if s.dilation != 1 { text += ", dilation \(s.dilation)" }
      if s.groups != 1 { text += ", groups \(s.groups)" }
      return text
    }
  }
}
