import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which samples an epoch shows, in which order.
struct EpochPlan {
  /// Samples with the same weight, and how many of them an epoch shows.
  private struct Group {
    var members: [Int]
    var quota: Int
  }

  private var groups: [Group] = []
  private let seed: UInt64
  /// Samples an epoch shows.
  let length: Int

  /// A plan over samples.
  ///
  /// When `balanced`, those of one kind and class take a share in proportion to the square root of
  /// their number: the rare are shown more often than they are, the frequent less. Pictures of digits
  /// count `digitWeight` times, since their styles are the most varied.
  init(
    _ samples: [TrainingData.Sample], length: Int, balanced: Bool, digitWeight: Double,
    seed: UInt64
  ) {
    self.seed = seed
    var byKey: [Int: [Int]] = [:]
    for (index, sample) in samples.enumerated() {
      byKey[balanced ? sample.kind.rawValue << 16 | sample.label : 0, default: []].append(index)
    }
    let members = byKey.sorted { $0.key < $1.key }.map(\.value)
    let weights = members.map { members in
      let first = samples[members[0]]
      let weight = Double(members.count).squareRoot()
      return first.kind == .image && Characters.digits.contains(first.label)
        ? digitWeight * weight : weight
    }
    let total = weights.reduce(0, +)
    for (members, weight) in zip(members, weights) {
      let quota = Int((Double(length) * weight / total).rounded(), within: 1...max(1, length))
      groups.append(Group(members: members, quota: quota))
    }
    self.length = groups.reduce(0) { $0 + $1.quota }
  }

  /// The samples of an epoch; every sample comes as often as any other of its group, give or take one.
  func order(epoch: Int) -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(length)
    for (number, group) in groups.enumerated() {
      var round = -1
      var members: [Int] = []
      for place in epoch * group.quota..<(epoch + 1) * group.quota {
        let (turn, index) = place.quotientAndRemainder(dividingBy: group.members.count)
        if turn != round {
          members = group.members
          var random = RandomNumbers(seed, 0x91, UInt64(number), UInt64(turn))
          random.shuffle(&members)
          round = turn
        }
        order.append(members[index])
      }
    }
    var random = RandomNumbers(seed, 0x92, UInt64(epoch))
    random.shuffle(&order)
    return order
  }
}
