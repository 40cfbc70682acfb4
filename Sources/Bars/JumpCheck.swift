/// Closes that jump as at a split that nobody adjusted, or where a price is in another unit.
struct JumpCheck {
  /// A close this many times the one before it, or its part, is told: the half of a split is beyond it, and
  /// so is any day with a price limit.
  private static let jump = 1.9

  private var count = 0
  private var first: String?

  /// Looks at a close and the one before it.
  mutating func check(
    _ close: Double, before: Double, _ name: @autoclosure () -> String, _ place: () -> String
  ) {
    let ratio = close / before
    guard ratio > Self.jump || ratio < 1 / Self.jump else { return }
    count += 1
    if first == nil { first = "\(place()): \(name()), \(Float(before)) to \(Float(close))" }
  }

  /// What to say of jumps; nil where there are none.
  var note: String? {
    guard let first else { return nil }
    let closes = count == 1 ? "a close is" : "\(count) closes are"
    return "\(closes) far from the last, as at a split without factor or in another unit: "
      + (count == 1 ? first : "first \(first)")
  }
}
