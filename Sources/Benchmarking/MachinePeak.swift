import InstructionSets
import KernelChoice
import Mechanics
import Streams
import Tensor

/// The most that the machine does: operations a second, and bytes a second.
///
/// The best of all attempts is kept, since others may use the machine; ask for more attempts at will.
public final class MachinePeak: Peak {
  /// The instruction set.
  public let cpu: CPU
  /// The threads that work at once.
  public let workers: Workers
  /// 10⁹ multiplications and additions a second.
  public private(set) var gflops = 0.0
  /// Bytes a second of a triad, from memory and from the second-level cache, in 10⁹.
  public private(set) var memory = 0.0, cache = 0.0

  private let kernels: Kernels
  private let chains: [FloatBuffer]
  private var arrays: [FloatBuffer] = []

  /// Floats of each of the three arrays, all threads together: far more than any cache holds.
  private static let memoryCount = 16 << 20
  /// Floats of each of the three arrays of a thread in the second-level cache: 192 KiB in all.
  private static let cacheCount = 16 << 10

  /// From the second-level cache.
  public var cacheRate: Double? { cache }
  /// `avx512, 2 threads`.
  public var name: String { "\(cpu.rawValue), \(threadText(workers.count))" }

  /// Nothing measured yet.
  public init(_ cpu: CPU, _ workers: Workers) {
    self.cpu = cpu
    self.workers = workers
    kernels = cpu.kernels
    // Twelve vectors of sixteen floats; the chains end at 1, wherever they start.
    chains = (0..<workers.count).map { _ in
      let starts = FloatBuffer(12 * 16)
      for i in 0..<starts.count { starts.start[i] = Float(i + 2) }
      return starts
    }
  }

  /// Measures the operations for some time.
  public func measureOperations(seconds: Double = 0.3) {
    let turns = 200_000
    attempt(seconds) { worker in
      kernels.chain(turns, 0.999, chains[worker].start)
    } rate: {
      gflops = max(gflops, Double(turns * kernels.chainOperations * workers.count) / $0 / 1e9)
    }
  }

  /// Measures the bytes for some time.
  public func measureBandwidth(seconds: Double = 0.5) {
    if arrays.isEmpty { arrays = (0..<3).map { _ in FloatBuffer(Self.memoryCount) } }
    let (a, b, c) = (arrays[0].start, arrays[1].start, arrays[2].start)
    let part = Self.memoryCount / workers.count & ~63
    attempt(seconds) { worker in
      kernels.triad(part, 0.5, a + worker * part, b + worker * part, c + worker * part)
    } rate: {
      memory = max(memory, Double(12 * part * workers.count) / $0 / 1e9)
    }
    let turns = 200
    attempt(seconds / 2) { worker in
      // Threads keep clear of each other's pages.
      let start = worker * (Self.cacheCount + 4096)
      for _ in 0..<turns {
        kernels.triad(Self.cacheCount, 0.5, a + start, b + start, c + start)
      }
    } rate: {
      cache = max(cache, Double(12 * turns * Self.cacheCount * workers.count) / $0 / 1e9)
    }
  }

  /// Lets all threads work until the time is over, and tells what each attempt took.
  private func attempt(_ seconds: Double, _ body: (Int) -> Void, rate: (Double) -> Void) {
    let end = monotonicSeconds() + seconds
    repeat {
      let start = monotonicSeconds()
      workers.forEach(workers.count) { task, _ in body(task) }
      rate(monotonicSeconds() - start)
    } while monotonicSeconds() < end
  }
}
