import Days
import Streams

@testable import Portfolio

let deskTargets = [
  FuzzTarget(
    "desk-files",
    words: [
      "instrument,limit", ",date", ",from,to", "SH68*,0.2", "none", "instrument,shares", ",price",
      ",cost", "instrument,side,shares,price,fee", "buy", "sell", "cash,", "2020-01-02",
      "\"1,234.5\"", "1e308",
    ],
    seeds: {
      [
        "instrument,limit,from,to\nSH68*,0.2,2020-01-02,\nA,none,,\n",
        "instrument,side,shares,price,fee,date\nA,buy,100,1.5,5,2020-01-02\nA,sell,50,2,,2020-01-02\n",
        "instrument,shares,cost\nA,\"1,000\",1.5\nB,5,-\n",
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    try withFile(bytes) { path in
      try oneOf(
        { _ = try InstrumentLimits(reading: path) }, { _ = try Fills(reading: path) },
        { _ = try RealHoldings(reading: path) })
    }
  },
  FuzzTarget(
    "scores",
    words: [
      "{\"instrument\":\"SH600000\"", "\"date\":\"2020-01-02\"", "\"score\":0.5", "\"LABEL0\":null",
    ] + npyWords,
    seeds: {
      [
        try scoredDays(),
        Array(
          (#"{"instrument":"A","date":"2020-01-02","score":0.5,"LABEL0":1}"# + "\n"
            + #"{"instrument":"B","date":"2020-01-02","score":null}"# + "\n").utf8),
      ]
    }
  ) { bytes in
    for skipBad in [false, true] {
      var last: Day?
      let failure = Result {
        try reading(bytes, skipBad: skipBad) { input in
          try input.scoreDays(ScoreFields(label: "LABEL0")) { day in
            try hold(last.map { $0 < day.day } ?? true, "days do not ascend")
            try hold(
              zip(day.codes, day.codes.dropFirst()).allSatisfy { $0 < $1 }, "codes do not ascend")
            try hold(day.scores.count == day.codes.count, "scores of other rows")
            last = day.day
          }
        }
      }
      if case .failure(let error as BrokenProperty) = failure { throw error }
    }
  },
  FuzzTarget(
    "ledger",
    words: [
      "{\"record\":\"day\"", "\"date\":\"2020-01-02\"", "\"account\":1e8", "\"return\":0.01",
      "\"turnover\":0", "\"cost\":0", "\"bench\":null", "\"total_cost\":1", "\"orders\":2",
    ],
    seeds: { samples("risk/one-day.ndjson") }
  ) { bytes in
    var history = LedgerHistory()
    let failure = Result { try reading(bytes) { try $0.ndjson { try history.add($0) } } }
    _ = (history.totalCost, OrderIndicators(history))
    for series in ReturnSeries.allCases {
      let returns = history.returns(series)
      try hold(returns.count == history.days.count, "returns of other days")
      _ = RiskMeasures(returns, benchmark: history.returns(.benchmark), annualization: 238)
      for convention in [ReturnConvention.sum, .product] {
        _ = RiskStatistics(returns, convention, annualization: 238)
      }
    }
    try failure.get()
  },
  FuzzTarget(
    "returns",
    words: [
      "date,return,benchmark\n", "2020-01-02", "20200103", "2020-01-06T00:00:00,", "0.01", "-1.5",
      "1%", "nan",
      "{\"date\":\"2020-01-02\"", "\"return\":0.01", "\"benchmark\":null", "\"record\":\"day\"",
      "bench",
      "account,return,turnover,cost,bench",
    ],
    seeds: {
      [
        "date,return,benchmark\n2020-01-02,0.01,0.02\n2020-01-03,-1%,\n",
        #"{"date":"2020-01-02","return":0.01,"benchmark":0.02}"# + "\n",
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    for unit in [ReturnUnit.share, .percent, .price] {
      var form = ReturnReading()
      form.unit = unit
      let failure = Result {
        guard let returns = try reading(bytes, { try $0.dailyReturns(form) }) else { return }
        let own = returns[.returnWithCost]
        try hold(own.count == returns.days.count, "returns of other days")
        try hold(own.allSatisfy { !$0.isInfinite || unit == .price }, "a return without end")
        try hold(
          zip(returns.days, returns.days.dropFirst()).allSatisfy { $0 < $1 }, "days do not ascend")
        _ = (ReturnShape(own), returns.gaps, ReturnRhythm(returns.days).note(annualization: nil))
        _ = RollingReturns(own, benchmark: returns[.benchmark], window: 2, annualization: 238)
        for period in ReturnPeriod.allCases {
          _ = ReturnSpread(period.returns(own, returns.days).map(\.value))
        }
        for span in CalendarSpan.allCases { _ = span.value(own, returns.days) }
      }
      if case .failure(let error as BrokenProperty) = failure { throw error }
    }
  },
]
