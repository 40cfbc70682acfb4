extension FixedWidthInteger {
  /// The whole part of a number, brought into a range; NaN is its lower end.
  ///
  /// Swift's own conversion ends the process at NaN, at infinities and at what is out of range, and a
  /// division makes such numbers of plausible input. So a conversion says what range its user can bear.
  @inlinable @inline(__always)
  public init(_ value: Double, within range: ClosedRange<Self>) {
    guard value > Double(range.lowerBound) else {
      self = range.lowerBound
      return
    }
    guard value < Double(range.upperBound) else {
      self = range.upperBound
      return
    }
    // By types that are known: the generic conversion takes numbers apart, which made drawing 1.4
    // times as slow.
    self =
      value < 0x1p63
      ? Self(truncatingIfNeeded: Int64(value)) : Self(truncatingIfNeeded: UInt64(value))
  }

  /// The same of a float, which a double holds as it is.
  @inlinable @inline(__always)
  public init(_ value: Float, within range: ClosedRange<Self>) {
    self.init(Double(value), within: range)
  }
}
