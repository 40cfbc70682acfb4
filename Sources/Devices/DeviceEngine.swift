import Benchmarking
import Tensor

/// A device as what implementations are measured and checked on.
///
/// Tensors are copied to it once for each problem and stay there; times are those that the device says of
/// its kernels, from the beginning of the first to the end of the last.
public final class DeviceEngine: Engine {
  /// The device.
  public let session: DeviceSession
  /// The threads that check what it did.
  public let workers: Workers
  private var tensors: (own: ProblemTensors, there: DeviceTensors)?

  /// An engine on a device in use.
  public init(_ session: DeviceSession, workers: Workers = Workers(Workers.cores)) {
    self.session = session
    self.workers = workers
  }

  /// The device's name.
  public var name: String { session.device.name }
  /// It is one.
  public var isDevice: Bool { true }
  /// What is made of the weights is part of each run.
  public var keepsWeights: Bool { false }
  /// Bytes of the device, or of the machine, where tensors are too.
  public var memory: Double { min(Double(session.device.memory), MachineMemory.bytes) }

  /// What the device can do at most.
  public func peak() -> any Peak { DevicePeak(session) }

  /// Makes an implementation ready; nil where there is no such way to do the problem.
  public func candidate(
    _ implementation: Implementation, _ problem: Problem, _ tensors: ProblemTensors
  ) throws -> Candidate? {
    guard let made = try DeviceOperator(implementation, problem, session) else { return nil }
    let buildStart = session.buildSeconds
    if self.tensors?.own !== tensors {
      // First the room of those of the problem before.
      self.tensors = nil
      self.tensors = (tensors, try DeviceTensors(problem, tensors, session))
    }
    guard let there = self.tensors?.there else { return nil }
    let session = session
    var walls: [Double] = []
    return Candidate(
      implementation, method: made.method, fetch: { try there.fetch() },
      extras: { runs in
        [
          ("wall_ms", (walls.suffix(runs).min() ?? .nan) * 1e3),
          ("copy_ms", there.copySeconds * 1e3),
          ("build_ms", (made.buildSeconds + session.buildSeconds - buildStart) * 1e3),
          ("first_ms", (walls.first ?? .nan) * 1e3),
        ]
      }
    ) {
      let time = try session.timed { try made.run(there, problem.pass) }
      walls.append(time.wall)
      return time.device
    }
  }
}
