import NeuralNet

/// Which samples a step shows, in which order: epochs in random order, cut into batches.
///
/// A batch is drawn from one epoch; what is left at its end and fills no batch is not shown. Where whole
/// days are wanted, a batch holds as many as fit, at least one.
struct BatchOrder {
  /// Samples of a batch, and how many belong to each day.
  struct Batch {
    var samples: [Int32] = []
    var groups: [Int] = []
  }

  private let units: [[Int32]]
  private let size: Int
  private let isByDay: Bool
  private let seed: UInt64
  private var order: [Int]
  /// Epochs begun before this one.
  private(set) var epoch = 0
  /// Units of this epoch that were shown.
  private(set) var shown = 0
  /// About how many batches an epoch has.
  let batches: Int

  /// Batches of at most `size` samples, of the samples of each day.
  init(_ days: [[Int32]], size: Int, isByDay: Bool, seed: UInt64) {
    let count = days.reduce(0) { $0 + $1.count }
    units = isByDay ? days.filter { !$0.isEmpty } : [days.flatMap { $0 }]
    self.size = isByDay ? size : min(size, count)
    self.isByDay = isByDay
    self.seed = seed
    batches = max(1, isByDay ? (count + size - 1) / size : count / max(1, self.size))
    order = []
    shuffle()
  }

  private mutating func shuffle() {
    order = Array(0..<(isByDay ? units.count : units[0].count))
    var random = RandomNumbers(seed, 0x51, UInt64(epoch))
    random.shuffle(&order)
  }

  /// Samples of an epoch, or its days.
  var unitCount: Int { order.count }

  /// Goes to where a training stood.
  mutating func move(epoch: Int, shown: Int) {
    self.epoch = epoch
    shuffle()
    self.shown = shown
  }

  /// The next batch.
  mutating func next() -> Batch {
    if order.count - shown < (isByDay ? 1 : size) {
      epoch += 1
      shown = 0
      shuffle()
    }
    var batch = Batch()
    guard isByDay else {
      batch.samples = order[shown..<shown + size].map { units[0][$0] }
      batch.groups = [size]
      shown += size
      return batch
    }
    while shown < order.count {
      let day = units[order[shown]]
      guard batch.samples.isEmpty || batch.samples.count + day.count <= size else { break }
      batch.samples += day
      batch.groups.append(day.count)
      shown += 1
    }
    return batch
  }
}
