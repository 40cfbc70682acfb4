extension PerAxis {
  /// Reads `N`, or `RxC` for rows and columns; nil where it is neither.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    switch parts.count {
    case 1:
      guard let both = parts[0] else { return nil }
      self.init(both)
    case 2:
      guard let rows = parts[0], let columns = parts[1] else { return nil }
      self.init(rows: rows, columns: columns)
    default: return nil
    }
  }
}
