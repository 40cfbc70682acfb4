import Tensor

/// Where implementations run: the processor, or a device.
public protocol Engine {
  /// As results name it: an instruction set, or a device.
  var name: String { get }
  /// Whether it is a device, with memory of its own.
  var isDevice: Bool { get }
  /// The threads that work, or that check what a device did.
  var workers: Workers { get }
  /// Whether what was made of the weights is kept from run to run.
  var keepsWeights: Bool { get }
  /// Bytes that the tensors of a problem may have, with what implementations keep for themselves.
  var memory: Double { get }
  /// What it can do at most.
  func peak() -> any Peak
  /// Makes an implementation ready; nil where there is no such way to do the problem.
  func candidate(
    _ implementation: Implementation, _ problem: Problem, _ tensors: ProblemTensors
  ) throws -> Candidate?
}

/// The most that a machine does: operations a second, and bytes a second.
///
/// The best of all attempts is kept, since others may use the machine; ask for more attempts at will.
public protocol Peak: AnyObject {
  /// As results name what was measured.
  var name: String { get }
  /// 10⁹ multiplications and additions a second.
  var gflops: Double { get }
  /// Bytes a second of a triad in memory, in 10⁹.
  var memory: Double { get }
  /// And in the second-level cache; nil where that is not measured.
  var cacheRate: Double? { get }
  /// Measures the operations for some time.
  func measureOperations(seconds: Double) throws
  /// Measures the bytes for some time.
  func measureBandwidth(seconds: Double) throws
}
