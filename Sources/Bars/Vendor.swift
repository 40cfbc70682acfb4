import Days

/// Those whose files are read as they come: their names of columns, units and spellings of codes.
///
/// This is the one list of it.
public enum Vendor: String, CaseIterable, Sendable {
  /// `pro.daily` of Tushare: volume in lots of 100, amount in thousands, changes in yuan and per cent.
  case tushare
  /// `stock_zh_a_hist` of AKShare: Chinese names, volume in lots, changes in per cent.
  case akshare
  /// `query_history_k_data_plus` of BaoStock.
  case baostock
  /// Yahoo Finance's own files and those of yfinance: one instrument a file.
  case yahoo
  /// CSV as qlib's collectors write it.
  case qlib

  /// A column that is read: its names in small letters, what it holds, and by what it is multiplied.
  typealias Column = (names: [String], role: ColumnRole, scale: Double)

  /// The columns that are read besides those that have the house's names.
  var columns: [Column] {
    switch self {
    case .tushare:
      [
        (["ts_code"], .instrument, 1), (["trade_date"], .date, 1),
        (["trade_time"], .datetime, 1),
        (["vol", "volume"], .number(.volume), 100), (["amount"], .number(.amount), 1000),
        (["pct_chg", "pct_change"], .number(.change), 0.01), (["adj_factor"], .number(.factor), 1),
        (["delist_date"], .delisted, 1),
      ]
    case .akshare:
      [
        (["股票代码", "代码", "symbol"], .instrument, 1), (["日期"], .date, 1),
        (["时间"], .datetime, 1),
        (["开盘"], .number(.open), 1), (["最高"], .number(.high), 1),
        (["最低"], .number(.low), 1), (["收盘"], .number(.close), 1),
        (["成交量", "成交量(手)", "volume"], .number(.volume), 100),
        (["成交额", "成交额(元)"], .number(.amount), 1),
        (["涨跌幅", "涨跌幅(%)"], .number(.change), 0.01),
      ]
    case .baostock:
      [(["code"], .instrument, 1), (["pctchg"], .number(.change), 0.01)]
    case .yahoo:
      [(["symbol", "ticker"], .instrument, 1), (["adj close", "adj_close"], .adjustedClose, 1)]
    case .qlib:
      [(["symbol"], .instrument, 1), (["money"], .number(.amount), 1)]
    }
  }

  /// Columns of the house's names that hold something else here.
  var others: Set<String> {
    switch self {
    case .tushare: ["change"]
    case .akshare, .baostock, .yahoo, .qlib: []
    }
  }

  /// Whether minutes come in shares and in the currency, whatever the units of days are.
  var hasOwnMinuteUnits: Bool { self == .tushare }

  /// Names that no other header has.
  private var signs: Set<String> {
    switch self {
    case .tushare: ["ts_code", "trade_date", "pct_chg"]
    case .akshare: ["日期", "股票代码", "开盘"]
    case .baostock: ["adjustflag", "tradestatus", "pctchg", "preclose"]
    case .yahoo: ["adj close", "dividends", "stock splits"]
    case .qlib: ["money"]
    }
  }

  /// Where codes that name no exchange are traded.
  var exchange: CodeSpelling.Exchange? {
    switch self {
    case .tushare, .akshare, .baostock: .china
    case .yahoo, .qlib: nil
    }
  }

  /// Whose header this is, by its names in small letters; nil where it could be anybody's.
  static func of(_ names: [String]) -> Vendor? {
    allCases.first { !$0.signs.isDisjoint(with: names) }
  }
}
