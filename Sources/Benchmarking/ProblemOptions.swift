import ArgumentParser
import Tensor
import TensorArguments

extension Problem.Operator: ExpressibleByArgument {}
extension Problem.Pass: ExpressibleByArgument {}
extension ProblemSuite: ExpressibleByArgument {}

/// The options that say which problems there are, instead of records.
public struct ProblemOptions: ParsableArguments {
  /// Problems by name.
  @Option(help: "Problems by name: lenet, seed, vgg, resnet, all of these, classic or large.")
  public var suite: ProblemSuite?

  /// Pictures of each problem of the suite, instead of its own.
  @Option(
    help: ArgumentHelp("Pictures of each problem of --suite, not its own.", valueName: "n"))
  public var pictures: Int?

  /// One problem: its operator.
  @Option(help: "One problem: conv2d, conv1d or linear, with the sizes below.")
  public var op: Problem.Operator?

  /// Its name in the results.
  @Option(help: ArgumentHelp("Its name in the results.", valueName: "text"))
  public var name: String?

  /// Pictures, or rows.
  @Option(help: ArgumentHelp("Pictures, or rows.", valueName: "n"))
  public var n: Int?

  /// Channels of the input.
  @Option(help: ArgumentHelp("Channels of the input.", valueName: "n"))
  public var c: Int?

  /// Rows of the input.
  @Option(help: ArgumentHelp("Rows of the input.", valueName: "n"))
  public var h: Int?

  /// Columns of the input.
  @Option(help: ArgumentHelp("Columns of the input.", valueName: "n"))
  public var w: Int?

  /// Channels of the output.
  @Option(help: ArgumentHelp("Channels of the output.", valueName: "n"))
  public var k: Int?

  /// Rows of the kernel.
  @Option(help: ArgumentHelp("Rows of the kernel.", valueName: "n"))
  public var r: Int?

  /// Columns of the kernel.
  @Option(help: ArgumentHelp("Columns of the kernel.", valueName: "n"))
  public var s: Int?

  /// Columns of a linear layer's input.
  @Option(help: ArgumentHelp("Columns of a linear layer's input.", valueName: "n"))
  public var inputs: Int?

  /// Columns of a linear layer's output.
  @Option(help: ArgumentHelp("Columns of a linear layer's output.", valueName: "n"))
  public var outputs: Int?

  /// Pixels from window to window.
  @Option(help: ArgumentHelp("Pixels from window to window (default: 1).", valueName: "n|rxc"))
  public var stride: PerAxis?

  /// Zeros around the input.
  @Option(help: ArgumentHelp("Zeros around the input (default: 0).", valueName: "n|rxc"))
  public var padding: PerAxis?

  /// Pixels between the kernel's.
  @Option(help: ArgumentHelp("Pixels between the kernel's (default: 1).", valueName: "n|rxc"))
  public var dilation: PerAxis?

  /// Groups of channels.
  @Option(help: ArgumentHelp("Groups of channels (default: 1).", valueName: "n"))
  public var groups: Int?

  /// Which way.
  @Option(
    name: .customLong("pass"),
    help: "forward, backward, backward_weight or forward_backward (default: forward).")
  public var passName: Problem.Pass?

  /// Options as given on the command line.
  public init() {}

  /// Refuses sizes without an operator, and what makes no problem.
  public func validate() throws {
    guard suite == nil || op == nil else {
      throw ValidationError("--suite and --op exclude each other")
    }
    guard pictures == nil || suite != nil else { throw ValidationError("--pictures needs --suite") }
    guard (1...1 << 24).contains(pictures ?? 1) else {
      throw ValidationError("--pictures must be in 1...16777216: \(pictures ?? 0)")
    }
    do {
      _ = try problems()
    } catch let error as TensorError {
      throw ValidationError(error.description)
    }
  }

  /// The problems; nil where they are to be read.
  public func problems() throws -> [Problem]? {
    if let suite { return try suite.problems(pictures: pictures) }
    return try problem().map { [$0] }
  }

  private func problem() throws -> Problem? {
    let sizes = [
      ("n", n), ("c", c), ("h", h), ("w", w), ("k", k), ("r", r), ("s", s), ("inputs", inputs),
      ("outputs", outputs), ("groups", groups), ("stride", stride?.rows),
      ("padding", padding?.rows), ("dilation", dilation?.rows),
    ]
    for (option, size) in sizes {
      let least = option == "padding" ? 0 : 1
      guard let size, !(least...1 << 24).contains(size) else { continue }
      throw ValidationError("--\(option) must be in \(least)...16777216: \(size)")
    }
    guard let op else {
      for (option, size) in sizes where size != nil {
        throw ValidationError("--\(option) needs --op: conv2d, conv1d or linear")
      }
      if passName != nil { throw ValidationError("--pass needs --op: conv2d, conv1d or linear") }
      if name != nil { throw ValidationError("--name needs --op: conv2d, conv1d or linear") }
      return nil
    }
    let isLinear = op == .linear
    let needed =
      switch op {
      case .linear: ["n", "inputs", "outputs"]
      case .conv1d: ["n", "c", "w", "k", "s"]
      case .conv2d: ["n", "c", "h", "w", "k", "r", "s"]
      }
    let optional = isLinear ? [] : ["groups", "stride", "padding", "dilation"]
    for (option, size) in sizes {
      if needed.contains(option), size == nil {
        throw ValidationError("--\(option) is missing: \(op.rawValue) needs \(list(needed))")
      }
      if !needed.contains(option), !optional.contains(option), size != nil {
        throw ValidationError("--\(option) means nothing to \(op.rawValue): it has \(list(needed))")
      }
    }
    func size(_ value: Int?) -> Int { value ?? 1 }
    let operation: Problem.Operation
    if isLinear {
      operation = .linear(
        try LinearShape(batch: size(n), inputs: size(inputs), outputs: size(outputs)))
    } else {
      // One dimension is one row, which takes no steps down.
      func along(_ value: PerAxis?, _ otherwise: Int) -> PerAxis {
        op == .conv1d
          ? PerAxis(rows: otherwise, columns: value?.columns ?? otherwise)
          : value ?? PerAxis(otherwise)
      }
      operation = .convolution(
        try ConvolutionShape(
          batch: size(n), inChannels: size(c), height: size(h), width: size(w),
          outChannels: size(k), kernelHeight: size(r), kernelWidth: size(s),
          stride: along(stride, 1), padding: along(padding, 0), dilation: along(dilation, 1),
          groups: size(groups)))
    }
    return Problem(name: name, operation, passName ?? .forward)
  }

  private func list(_ names: [String]) -> String { names.map { "--\($0)" }.joined(separator: " ") }
}
