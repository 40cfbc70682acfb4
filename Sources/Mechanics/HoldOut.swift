/// Which writers are kept out of training.
///
/// A writer is kept out when the 64-bit FNV-1a hash of the name leaves `fold` on division by `count`. All
/// tools that learn from ink go by this rule.
public struct HoldOut: Sendable {
  private let count: UInt64
  private let fold: UInt64

  /// One of `count` folds; count must be positive and fold in `0 ..< count`.
  public init(count: Int, fold: Int) {
    precondition(count > 0 && 0 <= fold && fold < count)
    self.count = UInt64(count)
    self.fold = UInt64(fold)
  }

  /// Whether a writer is in the fold; nobody is in none.
  public func contains(_ writer: String?) -> Bool {
    writer.map { fnv1a($0) % count == fold } ?? false
  }
}
