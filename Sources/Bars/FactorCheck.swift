/// Whether prices jump where their factor changes, as raw ones do that nobody adjusts.
struct FactorCheck {
  /// How far closes moved where factors changed: as they stand, and multiplied by the factor.
  private var moves = (raw: 0.0, adjusted: 0.0)
  private var first: String?
  /// The last close and factor of each history.
  private var last: [(price: Double, factor: Double)] = []

  /// Looks at a close of a history, which is known by its number.
  mutating func check(
    _ price: Double, _ factor: Double, of history: Int, _ name: @autoclosure () -> String
  ) {
    while last.count <= history { last.append((.nan, .nan)) }
    let before = last[history]
    last[history] = (price, factor)
    let (move, step) = (price / before.price, factor / before.factor)
    guard step > 0, abs(step - 1) > 0.01, move > 0, move < .infinity else { return }
    let (raw, adjusted) = (Self.size(move), Self.size(move * step))
    moves.raw += raw
    moves.adjusted += adjusted
    if adjusted < raw, first == nil {
      first = "\(name()), close × \(Float(move)) where factor × \(Float(step))"
    }
  }

  /// How far from 1 a ratio is, up or down.
  private static func size(_ ratio: Double) -> Double { max(ratio, 1 / ratio) - 1 }

  /// What to say where prices are raw; nil where they are adjusted.
  var note: String? {
    guard let first, moves.adjusted < moves.raw else { return nil }
    return "prices look raw, as they jump where factor changes (--adjust?): first \(first)"
  }
}
