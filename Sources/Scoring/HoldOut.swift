import Mechanics
import Streams

/// Which drawings were kept out of training, by their writer.
///
/// A writer is kept out when the 64-bit FNV-1a hash of the name leaves `fold` on division by `count`:
/// `lenet-train --hold-out` goes by the same rule, with fold 0.
public struct HoldOut: Sendable {
  private let count: UInt64
  private let fold: UInt64

  /// One of `count` folds; count must be positive and fold in `0 ..< count`.
  public init(count: Int, fold: Int) {
    precondition(count > 0 && 0 <= fold && fold < count)
    self.count = UInt64(count)
    self.fold = UInt64(fold)
  }

  /// Whether a drawing is in the fold; one without a writer is in none.
  public func contains(_ drawing: LabelledDrawing) -> Bool {
    drawing.writer.map { fnv1a($0) % count == fold } ?? false
  }
}
