extension RandomAccessCollection {
  /// The place of the first element that is not below, where those below stand before all others: a
  /// binary search.
  @inlinable @inline(__always)
  public func firstPlace(notBelow isBelow: (Element) throws -> Bool) rethrows -> Index {
    var (low, rest) = (startIndex, count)
    while rest > 0 {
      let half = rest / 2
      let middle = index(low, offsetBy: half)
      if try isBelow(self[middle]) {
        low = index(after: middle)
        rest -= half + 1
      } else {
        rest = half
      }
    }
    return low
  }
}

extension RandomAccessCollection where Element: Comparable {
  /// The place of the first element of an ascending collection that is not below this one.
  @inlinable @inline(__always)
  public func firstPlace(notBelow element: Element) -> Index {
    firstPlace { $0 < element }
  }

  /// The place of an element of an ascending collection; nil where it is not in it.
  @inlinable @inline(__always)
  public func sortedPlace(of element: Element) -> Index? {
    let place = firstPlace(notBelow: element)
    return place < endIndex && self[place] == element ? place : nil
  }
}
