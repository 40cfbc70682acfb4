import Testing

@testable import Days
@testable import Portfolio

@Suite struct OrderSheetTests {
  private func order(
    _ direction: Order.Direction, _ code: String, _ amount: Double, price: Double, factor: Double
  ) throws -> Order {
    var order = Order(direction, try InstrumentCode(code), amount)
    (order.dealAmount, order.price, order.factor) = (amount, price, factor)
    return order
  }

  @Test("real shares and prices, rounded as C rounds them; what comes to nothing is left out")
  func sheet() throws {
    let plan = OrderPlan(
      day: try #require(Day("2020-01-02")),
      orders: [
        try order(.sell, "SH600000", 1234.5678901234567, price: 12.5, factor: 0.5),
        try order(.buy, "SZ000001", 200.5, price: 0.125, factor: .nan),
        try order(.buy, "SZ000002", 0, price: 1, factor: 1),
        try order(.buy, "SZ000003", 3e15, price: 1e6, factor: 0.1),
        // No more than there are, but what rounding has taken is given back.
        try order(.sell, "SZ000004", 1000.6, price: 1, factor: 1),
        try order(.sell, "SZ000005", 999.9999999, price: 1, factor: 1),
        try order(.sell, "SZ000006", 0.7, price: 1, factor: 1),
        try order(.buy, "SZ000007", 199.8, price: 1, factor: 1),
      ])
    #expect(
      plan.sheet(unit: 100) == """
        side,instrument,shares,last_close
        SELL,SH600000,617,25.00
        BUY,SZ000001,200,0.12
        BUY,SZ000003,300000000000000,10000000.00
        SELL,SZ000004,1000,1.00
        SELL,SZ000005,1000,1.00
        BUY,SZ000007,100,1.00

        """)
    #expect(plan.sheet(unit: 0).hasSuffix("BUY,SZ000007,199,1.00\n"))
  }
}
