#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A plan as a sheet of orders: CSV, for whoever places them.
extension OrderPlan {
  /// `side,instrument,shares,last_close`, then a line an order, sales first.
  ///
  /// Shares and prices are real ones: amount × factor, price ÷ factor. Where a close has no factor, it is
  /// taken for 1. What is bought is whole lots of `unit` shares, 0 for any; what is sold is all that is
  /// held. Both are whole shares, and no more than there are.
  public func sheet(unit: Double) -> String {
    var text = "side,instrument,shares,last_close\n"
    for (order, shares) in realShares(unit: unit) {
      text += "\(order.direction.rawValue),\(order.code),"
      text += decimal(shares, 0) + "," + decimal(order.price / order.knownFactor, 2) + "\n"
    }
    return text
  }

  /// The orders of the sheet, as what is dealt is held against them.
  func ordered(unit: Double) -> [OrderedTrade] {
    realShares(unit: unit).map { OrderedTrade(code: $0.code, direction: $0.direction, shares: $1) }
  }

  /// The orders that come to a share or more, and their real shares.
  private func realShares(unit: Double) -> [(order: Order, shares: Double)] {
    orders.filter { $0.dealAmount > 0 }.compactMap { order in
      let lot = order.direction == .buy ? max(unit, 1) : 1
      // As in `roundLot`: a share is not lost to rounding.
      let shares = floorDivide(order.dealAmount * order.knownFactor + 0.1, lot) * lot
      return shares > 0 ? (order, shares) : nil
    }
  }

  /// A number with so many decimals, rounded exactly as C does it.
  private func decimal(_ value: Double, _ digits: Int) -> String {
    var bytes = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(digits), value]) { vsnprintf(&bytes, bytes.count, "%.*f", $0) }
    return String(decoding: bytes.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension Order {
  /// Adjusted price over real price; where nobody knows, they are the same.
  fileprivate var knownFactor: Double { factor.isNaN ? 1 : factor }
}
