import Statistics
import Tensor

/// What one implementation of a problem took, and how right it was.
public struct Measurement: Sendable {
  /// The implementation's name.
  public let implementation: String
  /// What `auto` became; else the implementation's name.
  public let method: String
  /// The instruction set of the kernels, or the device.
  public let place: String
  /// Whether that is a device.
  public let isDevice: Bool
  /// The processor's name; nil of a device, where the system does not say, and where nothing was timed.
  public let processor: String?
  /// Threads.
  public let threads: Int
  /// What numbers were multiplied.
  public let precision: Precision
  /// Whether what was made of the weights was kept from run to run.
  public let keepsWeights: Bool
  /// Runs that count; 0 where only the results were checked.
  public let runs: Int
  /// Milliseconds of a run: the least, the median, and from the first quartile to the third.
  public let minimum, median, spread: Double
  /// Milliseconds that a run of the warm-up spent on packing and transforming, on average.
  ///
  /// What a thread packs for itself is added up over threads; what all do together counts once, from its
  /// beginning to its end. So it can exceed the shortest run.
  public let preparation: Double
  /// 10⁹ operations a second in the shortest run, padding not counted.
  public let gflops: Double
  /// The largest error against the reference in Double, relative to the largest element.
  public let error: Double
  /// The error that is allowed.
  public let bound: Double
  /// What else its engine tells, in milliseconds by the key of a record.
  public let extras: [(key: String, milliseconds: Double)]
  /// Elements that were compared.
  public let places: Int
  /// The name whose colour and mark it has: of narrower numbers theirs, whoever chose them.
  var look: String { precision == .float ? implementation : precision.rawValue }
  /// Whether the error is out of bounds.
  public var isWrong: Bool { !(error <= bound) }

  /// Sums up what a candidate did.
  init(_ problem: Problem, _ candidate: Candidate, _ engine: any Engine) {
    implementation = candidate.implementation.name
    method = candidate.method
    place = engine.name
    isDevice = engine.isDevice
    threads = engine.workers.count
    runs = candidate.seconds.count
    extras = runs == 0 ? [] : candidate.extras(runs)
    processor = runs == 0 || isDevice ? nil : ProcessorName.current
    precision = Precision(rawValue: candidate.method) ?? .float
    keepsWeights = engine.keepsWeights && problem.keepsWeights
    let sorted = candidate.seconds.sorted().map { $0 * 1e3 }
    minimum = sorted.first ?? .nan
    median = sorted.sortedQuantile(0.5)
    spread = sorted.sortedQuantile(0.75) - sorted.sortedQuantile(0.25)
    preparation = candidate.prepared * 1e3
    gflops = problem.work / minimum / 1e6
    error = candidate.error.worst
    bound = Implementation.bound(candidate.method)
    places = candidate.error.places
  }

  /// Where it was measured: `2 threads, avx512`, or a device.
  var placeText: String { isDevice ? place : "\(threadText(threads)), \(place)" }
}
