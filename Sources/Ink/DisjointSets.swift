/// Which of `count` things belong together (union by size, path halving; Tarjan 1975).
struct DisjointSets {
  private var parent: [Int]
  private var size: [Int]

  init(_ count: Int) {
    parent = Array(0..<count)
    size = [Int](repeating: 1, count: count)
  }

  /// The thing that stands for all that belong with this one.
  mutating func root(_ thing: Int) -> Int {
    var thing = thing
    while parent[thing] != thing {
      parent[thing] = parent[parent[thing]]
      thing = parent[thing]
    }
    return thing
  }

  /// Puts both together.
  mutating func join(_ one: Int, _ other: Int) {
    var (large, small) = (root(one), root(other))
    guard large != small else { return }
    if size[large] < size[small] { swap(&large, &small) }
    parent[small] = large
    size[large] += size[small]
  }
}
