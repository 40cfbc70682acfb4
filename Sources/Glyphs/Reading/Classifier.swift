import Tensor

/// Runs a trained network over pictures; its weights must not change meanwhile.
public final class Classifier {
  /// The network.
  public let network: Network
  private let methods: Methods
  private let workers: Workers
  private var lanes: [Lane] = []
  private lazy var reading = ReadingWeights(network, methods)
  private var features = FloatBuffer(0)
  /// Pictures that go through the head at once, so that its weights are read once for all of them.
  private static let group = 64
  /// Pictures that go through the tower at once: their planes stay in the second-level cache.
  private static let few = 8

  /// Buffers and executors of one thread.
  private final class Lane {
    let pictures, logits: FloatBuffer
    let tower, head: StageExecutor
    let towerWorkspace, headWorkspace: StageWorkspace

    init(_ network: Network, _ methods: Methods, _ reading: ReadingWeights) {
      pictures = FloatBuffer(few * network.pixels)
      logits = FloatBuffer(group * network.architecture.classes)
      tower = StageExecutor(network, network.tower, capacity: few, training: false)
      head = StageExecutor(network, network.head, capacity: group, training: false)
      towerWorkspace = StageWorkspace(
        network, network.tower, capacity: few, methods: methods, reading: reading,
        workers: Workers(1))
      headWorkspace = StageWorkspace(
        network, network.head, capacity: group, methods: methods, reading: reading,
        workers: Workers(1))
    }
  }

  /// A classifier on that many threads.
  public init(
    _ network: Network, methods: Methods = Methods(), workers: Workers = Workers(1)
  ) {
    self.network = network
    self.methods = methods
    self.workers = workers
  }

  /// The probabilities of each class, picture by picture: `[count, classes]`.
  ///
  /// `render(index, target)` draws a picture, rows × columns floats; it runs on several threads.
  public func probabilities(
    _ count: Int, _ render: (_ index: Int, _ target: UnsafeMutablePointer<Float>) -> Void
  ) throws -> [Float] {
    let classes = network.architecture.classes
    var result = [Float](repeating: 0, count: count * classes)
    while lanes.count < workers.count { lanes.append(Lane(network, methods, reading)) }
    let block = Self.group * workers.count
    if features.count < min(count, block) * network.features {
      features = FloatBuffer(min(count, block) * network.features)
    }
    try result.withUnsafeMutableBufferPointer { result in
      guard let result = result.baseAddress else { return }
      for first in stride(from: 0, to: count, by: block) {
        let end = min(count, first + block)
        try attempt(first..<end, Self.few) { range, lane in
          for index in range {
            render(index, lane.pictures.start + (index - range.lowerBound) * network.pixels)
          }
          let target = features.start + (range.lowerBound - first) * network.features
          if network.tower.isEmpty {
            target.update(from: lane.pictures.start, count: range.count * network.pixels)
          }
          try lane.tower.forward(
            .init(count: range.count, input: lane.pictures.start, output: target),
            lane.towerWorkspace)
        }
        try attempt(first..<end, Self.group) { range, lane in
          let source = features.start + (range.lowerBound - first) * network.features
          try lane.head.forward(
            .init(count: range.count, input: source, output: lane.logits.start), lane.headWorkspace)
          softmax(
            lane.logits.start, range.count, classes: classes, result + range.lowerBound * classes)
        }
      }
    }
    return result
  }

  /// Shares out a range in pieces, and throws what the first of them threw.
  private func attempt(
    _ range: Range<Int>, _ size: Int, _ body: (Range<Int>, Lane) throws -> Void
  ) throws {
    try workers.attempt((range.count + size - 1) / size) { task, worker in
      let first = range.lowerBound + task * size
      try body(first..<min(range.upperBound, first + size), lanes[worker])
    }
  }
}

extension Workers {
  /// Runs tasks that may fail, and throws what the first of them threw.
  func attempt(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) throws -> Void) throws {
    var failures = [Error?](repeating: nil, count: tasks)
    failures.withUnsafeMutableBufferPointer { failures in
      let failures = failures
      forEach(tasks) { task, worker in
        do { try body(task, worker) } catch { failures[task] = error }
      }
    }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
  }
}
