import Tensor

/// Runs a trained network over pictures.
public final class Classifier {
  /// The network.
  public let network: Network
  private let workers: Workers
  private var lanes: [Lane] = []
  /// Pictures that go through the head at once, so that its weights are read once for all of them.
  private static let group = 64
  /// Pictures that go through the tower at once: their planes stay in the second-level cache.
  private static let few = 8

  private struct Lane {
    var tower: TowerPass
    var head: HeadPass
    var scratch = Scratch()
    var capacity: Int
  }

  /// A classifier on that many threads.
  public init(_ network: Network, workers: Workers = Workers(1)) {
    self.network = network
    self.workers = workers
  }

  /// The probabilities of each class, picture by picture: `[count, classes]`.
  ///
  /// `render(index, target)` draws a picture, rows × columns floats; it runs on several threads.
  public func probabilities(
    _ count: Int, _ render: (_ index: Int, _ target: UnsafeMutablePointer<Float>) -> Void
  ) throws -> [Float] {
    let classes = network.architecture.classes
    let pixels = network.architecture.height * network.architecture.width
    let groups = (count + Self.group - 1) / Self.group
    makeLanes(min(workers.count, groups), capacity: min(count, Self.group))
    var result = [Float](repeating: 0, count: count * classes)
    var failures = [Error?](repeating: nil, count: groups)
    result.withUnsafeMutableBufferPointer { result in
      let result = result.baseAddress
      failures.withUnsafeMutableBufferPointer { failures in
        let failures = failures
        workers.forEach(groups) { group, worker in
          let range = group * Self.group..<min(count, (group + 1) * Self.group)
          let lane = lanes[worker]
          do {
            for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.few) {
              let few = min(Self.few, range.upperBound - first)
              for i in 0..<few { render(first + i, lane.tower.input.start + i * pixels) }
              try lane.tower.forward(few, scratch: lane.scratch)
              lane.tower.scatter(
                few, to: lane.head.input, first: first - range.lowerBound, columns: range.count)
            }
          } catch {
            failures[group] = error
          }
          lane.head.forward(range.count, dropout: nil)
          guard let result else { return }
          for column in 0..<range.count {
            softmax(
              lane.head.logits.start, column: column, batch: range.count, classes: classes,
              result + (range.lowerBound + column) * classes)
          }
        }
      }
    }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
    return result
  }

  private func makeLanes(_ count: Int, capacity: Int) {
    if lanes.contains(where: { $0.capacity < capacity }) { lanes = [] }
    while lanes.count < count {
      lanes.append(
        Lane(
          tower: TowerPass(network, capacity: min(capacity, Self.few), training: false),
          head: HeadPass(network, capacity: capacity, training: false, workers: Workers(1)),
          capacity: capacity))
    }
  }
}
