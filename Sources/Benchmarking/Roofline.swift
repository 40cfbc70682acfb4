import Pages
import Streams
import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Results under the roofs that the machine's peak and its memory make.
///
/// Source: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model", 2009.
public struct Roofline {
  /// One result.
  public struct Point: Sendable {
    /// The problem's name, and its pass where that is not forward.
    public let problem: String
    /// The implementation's name.
    public let implementation: String
    /// How many operations are counted for one that is done: 1, or more by Winograd's method.
    public let reach: Reach
    /// Operations for each byte that must be moved.
    public let intensity: Double
    /// 10⁹ operations a second.
    public let gflops: Double

    /// A result, done by a method.
    public init(_ problem: Problem, by implementation: String, method: String, gflops: Double) {
      self.problem = problem.title
      self.implementation = implementation
      reach = Reach(problem, method: method)
      intensity = problem.intensity
      self.gflops = gflops
    }
  }

  /// How far above the machine's peak a method may come, by the operations that are counted.
  ///
  /// Of squares of 9×9 Winograd's method has 81 multiplications for (10 - r)² outputs of r² products each:
  /// 5.44 times fewer for windows of 3×3, 7.72 times for 5×5; windows of 2×2 have squares of 8×8. With a stride of two
  /// the windows of its four phases have half the rows, and multiplications are those of four; windows of an odd size
  /// lack at most one in 16 or 18 along each side, where channels are a multiple of 16. Its additions, and what squares hang
  /// over the picture's edge, are not counted in its favour: it stays below.
  public struct Reach: Hashable, Sendable {
    /// Rows of the window; 0 for what does every multiplication that is counted.
    let window: Int
    /// Pixels from window to window: 1 or 2.
    let stride: Int

    init(_ problem: Problem, method: String) {
      guard method == "winograd", case .convolution(let shape) = problem.operation else {
        (window, stride) = (0, 1)
        return
      }
      (window, stride) = (shape.kernelHeight, shape.withStridesInside.stride.rows)
    }

    /// Operations counted for one that is done.
    var factor: Double {
      guard window > 0 else { return 1 }
      let kernel = (window + stride - 1) / stride
      // The squares that `WinogradSquares.spans` has for the largest roofs.
      let factors = (kernel == 2 ? [8] : [8, 9]).map { span in
        let counted = (span + 1 - kernel) * window
        let done = span * stride - (stride == 2 && window % 2 == 1 ? 1 : 0)
        return Double(counted * counted) / Double(done * done)
      }
      return factors.max() ?? 1
    }
  }

  /// What the machine does at most.
  public struct Roof: Sendable {
    /// 10⁹ operations a second.
    let gflops: Double
    /// 10⁹ bytes a second from memory.
    let memory: Double
    /// And from the second-level cache; nil where that is not measured.
    let cache: Double?
    /// The instruction set and threads.
    let machine: String

    /// What was measured.
    public init(_ peak: any Peak) {
      (gflops, memory, cache) = (peak.gflops, peak.memory, peak.cacheRate)
      machine = peak.name
    }

    init(gflops: Double, memory: Double, cache: Double?, machine: String) {
      (self.gflops, self.memory, self.cache) = (gflops, memory, cache)
      self.machine = machine
    }
  }

  let points: [Point]
  let roof: Roof

  /// A picture of results that were timed on a machine that was measured.
  public init(_ points: [Point], _ roof: Roof) {
    self.points = points.filter { $0.gflops > 0 && $0.gflops.isFinite }
    self.roof = roof
  }

  /// The problems in their order; a point bears the number of its problem.
  var problems: [String] { points.map(\.problem).eachOnce }

  /// The implementations in their order.
  var implementations: [String] { points.map(\.implementation).eachOnce }

  /// The roofs above the machine's peak, of methods with fewer operations than are counted.
  var reaches: [Reach] {
    Set(points.map(\.reach)).filter { $0.window > 0 }.sorted { $0.factor > $1.factor }
  }

  /// The fastest point of each problem, which bears its number.
  var fastest: [Point] {
    problems.compactMap { problem in
      points.filter { $0.problem == problem }.max { $0.gflops < $1.gflops }
    }
  }

  /// Draws the picture into a file, whole or not at all.
  public func draw(to path: String) throws {
    let picture = Array(RooflineDrawing(self).file.utf8)
    try picture.withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }
}

extension Problem {
  /// The name, and the pass where that is not forward.
  var title: String { name + (pass == .forward ? "" : ", \(pass.words)") }
}

extension Problem.Pass {
  /// The pass in words.
  var words: String {
    switch self {
    case .forward: "forward"
    case .backward: "backward"
    case .backwardWeight: "backward to the weights"
    case .forwardBackward: "forward and backward"
    }
  }
}

/// `1 thread`, `2 threads`.
func threadText(_ count: Int) -> String { "\(count) thread\(count == 1 ? "" : "s")" }
