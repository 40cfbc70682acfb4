import Days

/// What a column of a CSV file holds.
enum ColumnRole: Equatable {
  case instrument, date
  /// A day and the time on it, of rows of minutes.
  case datetime
  /// The time on the day that another column has.
  case time
  /// The first day on which the instrument is not traded any more.
  case delisted
  case number(BarColumn)
  /// The close adjusted as Yahoo does it: over the close it is the factor.
  case adjustedClose

  /// The name of the house's column.
  var name: String {
    switch self {
    case .instrument: "instrument"
    case .date: "date"
    case .datetime: "datetime"
    case .time: "time"
    case .delisted: "delisted"
    case .number(let column): column.name
    case .adjustedClose: "factor"
    }
  }

  /// The role by the name of the house's column.
  init?(_ name: String) {
    switch name {
    case "instrument": self = .instrument
    case "date": self = .date
    case "datetime": self = .datetime
    case "time": self = .time
    case "delisted": self = .delisted
    default:
      guard let column = BarColumn(rawValue: name) else { return nil }
      self = .number(column)
    }
  }
}

/// Which column of a CSV file holds what, and in which unit.
public struct ColumnMap: Sendable {
  /// The house's names, and nothing else.
  public static let plain = ColumnMap()

  let vendor: Vendor?
  /// What was said of single columns, by their names in small letters.
  private let named: [String: (role: ColumnRole, scale: Double)]
  /// How codes are spelt; nil takes them as they are.
  let spelling: CodeSpelling?

  private init() { (vendor, named, spelling) = (nil, [:], nil) }

  /// The columns of a vendor, with others named beside them: `volume=vol*100,instrument=ts_code`.
  ///
  /// Codes without an exchange are of `market`: the name of an exchange, or `cn` for that which the
  /// digits tell; nil leaves it to the vendor. Throws a `BarError` where `columns` cannot be read.
  public init(_ vendor: Vendor?, columns: String? = nil, market: String? = nil) throws {
    self.vendor = vendor
    var named: [String: (role: ColumnRole, scale: Double)] = [:]
    for item in columns?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      let sides = item.split(separator: "=", maxSplits: 1).map(String.init)
      let source = sides.last?.split(separator: "*", omittingEmptySubsequences: false) ?? []
      let scale = source.count == 2 ? Double(source[1]) : 1
      guard sides.count == 2, let role = ColumnRole(sides[0]), (1...2).contains(source.count),
        let name = source.first, !name.isEmpty, let scale, scale.isFinite, scale > 0,
        named.updateValue((role, scale), forKey: name.lowercased()) == nil,
        named.values.filter({ $0.role == role }).count == 1
      else { throw BarError.columns(String(item)) }
    }
    self.named = named
    let isPlain = vendor == nil && columns == nil && market == nil
    let exchange: CodeSpelling.Exchange? =
      switch market {
      case nil: vendor?.exchange
      case "cn": .china
      case let name?: .named(name)
      }
    spelling = isPlain ? nil : CodeSpelling(plain: exchange)
  }

  /// Whether columns that nobody needs may be there.
  var isLenient: Bool { vendor != nil || !named.isEmpty }

  /// What a header's columns hold, with nil for those that nobody needs.
  ///
  /// What was named counts first, then the vendor's names, then the house's; a role that is named
  /// leaves other columns of it unused.
  func roles(of header: [String]) -> [(role: ColumnRole, scale: Double)?] {
    let taken = header.compactMap { named[$0]?.role }
    return header.map { name in
      if let found = named[name] { return found }
      guard var found = own(name), !taken.contains(found.role) else { return nil }
      if vendor?.hasOwnMinuteUnits == true, header.contains("trade_time") { found.scale = 1 }
      return found
    }
  }

  private func own(_ name: String) -> (role: ColumnRole, scale: Double)? {
    if let vendor {
      if let column = vendor.columns.first(where: { $0.names.contains(name) }) {
        return (column.role, column.scale)
      }
      if vendor.others.contains(name) { return nil }
    }
    return ColumnRole(name).map { ($0, 1) }
  }

  /// Names of `columns` that a header lacks.
  func lacking(_ header: [String]) -> [String] {
    named.keys.filter { !header.contains($0) }.sorted()
  }
}
