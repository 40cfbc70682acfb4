import Pages
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The charts of an experiment's page, each with a sentence that says what one sees.
struct ExperimentCharts {
  private let summary: ExperimentSummary
  /// What a page calls a machine, where there are several.
  private let machineText: (ExperimentSummary.Machine) -> String

  init(_ summary: ExperimentSummary) {
    self.summary = summary
    let isOne = summary.machines.count < 2
    machineText = { isOne ? "" : " (\($0))" }
  }

  /// For each problem the speed of each implementation.
  var speeds: [String] {
    summary.machines.flatMap { machine -> [String] in
      let timed = summary.timed(on: machine)
      let firsts = timed.enumerated().filter { index, result in
        !timed[..<index].contains(where: result.isBeside)
      }
      return firsts.map { speed($0.element, timed.filter($0.element.isBeside)) }
    }
  }

  private func speed(_ first: ExperimentSummary.Result, _ all: [ExperimentSummary.Result]) -> String
  {
    let title = "\(first.problem.title)\(machineText(first.machine))"
    let rows = all.map { result in
      BarChart.Row(
        result.label,
        [(result.isWrong ? 0 : result.gflops, ImplementationLook.colour(result.look))],
        text: result.isWrong ? "WRONG" : short(result.gflops))
    }
    let peak = all.compactMap(\.peak).max()
    let chart = BarChart(rows, line: peak.map { ($0, "peak \(short($0))") })
    return Page.figure(
      HTML.escaped(title) + " <small>GFLOP/s, higher is better</small>", keys: [],
      chart.picture("\(title): GFLOP/s by implementation"), note: HTML.escaped(seen(all)))
  }

  /// Which is the fastest, and what the others take.
  private func seen(_ all: [ExperimentSummary.Result]) -> String {
    let right = all.filter { !$0.isWrong }
    guard let best = right.min(by: { summary.milliseconds($0) < summary.milliseconds($1) }) else {
      return "None of them is right."
    }
    var text = "Fastest: \(best.label)"
    if best.method != best.look { text += ", which took \(best.method)" }
    text += ", \(long(summary.milliseconds(best))) ms"
    if let share = best.peakShare { text += ", \(short(100 * share)) % of the peak" }
    if let plain = summary.plain(best), best.implementation != "direct" {
      text += "; the plain loops take \(long(summary.milliseconds(plain))) ms"
      if let part = summary.partText(plain) { text += ", reckoned from \(part)" }
    }
    return text + "."
  }

  /// How many times as fast as the plain loops each implementation is, on each problem.
  var speedups: String? {
    var rows: [BarChart.Row] = []
    var best: (result: ExperimentSummary.Result, times: Double)?
    for machine in summary.machines {
      let timed = summary.timed(on: machine)
      for (index, first) in timed.enumerated()
      where !timed[..<index].contains(where: first.isBeside) {
        let others = timed.filter { first.isBeside($0) && $0.implementation != "direct" }
          .compactMap { result in summary.speedup(result).map { (result, $0) } }
        guard !others.isEmpty else { continue }
        rows.append(BarChart.Row(title: first.problem.title + machineText(machine)))
        for (result, times) in others {
          if times > best?.times ?? 0 { best = (result, times) }
          rows.append(
            BarChart.Row(
              result.label, [(times, ImplementationLook.colour(result.look))],
              text: "\(short(times))×")
          )
        }
      }
    }
    guard let best else { return nil }
    let chart = BarChart(rows, .powers(from: 1) { "\($0 == 0 ? "1" : powerText($0))×" })
    return Page.figure(
      "Times as fast as the plain loops <small>higher is better; each line is ten times the one "
        + "before</small>", keys: [],
      chart.picture("Times as fast as the plain loops"),
      note: HTML.escaped(
        "Most is gained on \(best.result.problem.title): \(best.result.label) is "
          + "\(short(best.times)) times as fast. A bar that ends at 1 gains nothing."))
  }

  /// Errors beside what is allowed.
  var errors: String? {
    var rows: [BarChart.Row] = []
    var nearest: (result: ExperimentSummary.Result, share: Double)?
    let known = summary.results.filter { $0.error != nil && $0.bound != nil }
    for (index, first) in known.enumerated() where !known[..<index].contains(where: first.isBeside)
    {
      rows.append(BarChart.Row(title: first.problem.title + machineText(first.machine)))
      for result in known.filter(first.isBeside) {
        guard let error = result.error, let bound = result.bound, bound > 0 else { continue }
        if error / bound > nearest?.share ?? -1 { nearest = (result, error / bound) }
        rows.append(
          BarChart.Row(
            result.label, [(error, ImplementationLook.colour(result.look))],
            text: errorText(error) + (result.isWrong ? " WRONG" : ""),
            bound: bound))
      }
    }
    guard let nearest, let error = nearest.result.error, let bound = nearest.result.bound else {
      return nil
    }
    let chart = BarChart(rows, .powers(from: 1e-9) { "1e\($0)" })
    let isIn = nearest.share <= 1
    return Page.figure(
      "Largest error <small>of the largest element; lower is better. The tick is what is allowed"
        + "</small>", keys: [], chart.picture("Largest error beside what is allowed"),
      note: HTML.escaped(
        (isIn ? "All end before their ticks. " : "NOT all end before their ticks. ")
          + "Nearest to it: \(nearest.result.label) on \(nearest.result.problem.title), "
          + "\(errorText(error)) of \(errorText(bound)). Winograd’s transforms add and subtract "
          + "numbers of different sizes, which costs a digit or more."))
  }

  /// Where the time of a training step goes, a chart for each network.
  var steps: [String] {
    let areSeveral = Set(summary.steps.map(\.place)).count > 1
    return summary.steps.map { [$0.network, $0.place] }.eachOnce.map { name in
      let steps = summary.steps.filter { [$0.network, $0.place] == name }
      let network = name[0] + (areSeveral && !name[1].isEmpty ? " (\(name[1]))" : "")
      let rows = steps.map { step in
        BarChart.Row(
          step.implementation,
          StepPart.allCases.map { (100 * step.milliseconds(of: $0) / step.total, $0.colour) },
          text: "\(long(step.total)) ms")
      }
      let shares = steps.map { step in
        (
          step,
          (step.milliseconds(of: .forward) + step.milliseconds(of: .backward)) / step.total
        )
      }
      var note = ""
      if let most = shares.max(by: { $0.1 < $1.1 }), let least = shares.min(by: { $0.1 < $1.1 }) {
        note =
          "Convolutions are \(short(100 * most.1)) % of a step by \(most.0.implementation), which "
          + "takes \(long(most.0.total)) ms"
        if steps.count > 1 {
          note +=
            ", and \(short(100 * least.1)) % by \(least.0.implementation), "
            + "\(short(least.0.total)) ms"
        }
        note += ": the less they take, the more the rest counts."
      }
      return Page.figure(
        "\(HTML.escaped(network)) <small>parts of a step of \(TrainingStep.batch) digits; behind it "
          + "ms, lower is better</small>", keys: StepPart.allCases.map { ($0.colour, $0.words) },
        BarChart(rows).picture("Parts of a training step of \(network)"), note: HTML.escaped(note))
    }
  }

  /// The digits that were learned from, where trainings agree.
  var digits: String {
    summary.samples.count == 1 ? " on \(grouped(summary.samples[0])) digits" : ""
  }

  /// Seconds of an epoch.
  var epochs: String {
    let rows = summary.epochs.map { epoch in
      BarChart.Row(
        "\(epoch.network) \(epoch.implementation)",
        [(epoch.seconds, ImplementationLook.colour(epoch.implementation))],
        text: "\(short(epoch.seconds)) s")
    }
    let sorted = summary.epochs.sorted { $0.seconds < $1.seconds }
    var note = ""
    if let first = sorted.first, let last = sorted.last, sorted.count > 1 {
      note =
        "\(first.implementation) takes \(short(first.seconds)) s; \(last.implementation) takes "
        + "\(short(last.seconds / first.seconds)) times as long. What is no convolution takes as "
        + "long with each, and so does the reading of the digits, which is counted too."
    }
    return Page.figure(
      "Training\(digits) <small>seconds, lower is better</small>", keys: [],
      BarChart(rows).picture("Seconds of an epoch"), note: HTML.escaped(note))
  }

  /// Errors on the digits kept apart; nil where none was tested.
  var testErrors: String? {
    let tested = summary.epochs.compactMap { epoch in epoch.error.map { (epoch, $0) } }
    guard let least = tested.map(\.1).min(), let most = tested.map(\.1).max() else { return nil }
    let rows = tested.map { epoch, error in
      BarChart.Row(
        "\(epoch.network) \(epoch.implementation)",
        [(100 * error, ImplementationLook.colour(epoch.implementation))],
        text: "\((100 * error).rounded(decimals: 2)) %")
    }
    let digits = tested.compactMap(\.0.digits).min() ?? 10_000
    // Two deviations of a count, of either of two that are compared.
    let chance = 2 * (2 * most * (1 - most) / Double(max(digits, 1))).squareRoot()
    let isChance = most - least <= chance
    return Page.figure(
      "Digits kept apart that are read wrong <small>percent, lower is better</small>", keys: [],
      BarChart(rows).picture("Percent of digits read wrong"),
      note: HTML.escaped(
        "From \((100 * least).rounded(decimals: 2)) to \((100 * most).rounded(decimals: 2)) %. With "
          + "\(grouped(digits)) digits, two networks that are equally good differ by up to "
          + "\(short(100 * chance)) points by chance: "
          + (isChance ? "all learn alike." : "these differ by more.")))
  }
}

extension StepPart {
  /// The colour of the part's piece.
  var colour: ChartColour {
    switch self {
    case .forward: .group1
    case .backward: .group2
    case .linear: .group4
    case .rest: .group3
    }
  }

  /// The part in words.
  var words: String {
    switch self {
    case .forward: "convolutions (by swap, gradients too)"
    case .backward: "their gradients, exchanging and turning"
    case .linear: "linear layers"
    case .rest: "ReLU, pooling, loss, step"
    }
  }
}

/// A power of ten as it is said: `1,000`.
private func powerText(_ power: Int) -> String {
  (0...6).contains(power) ? grouped((0..<power).reduce(1) { all, _ in 10 * all }) : "1e\(power)"
}

/// An error in two digits: `8.2e-6`.
func errorText(_ error: Double) -> String {
  guard error > 0, error.isFinite else { return error == 0 ? "0" : "-" }
  var (mantissa, power) = (error.rounded(significant: 2), 0)
  while mantissa < 0.999_999 { (mantissa, power) = (mantissa * 10, power - 1) }
  while mantissa >= 9.999_999 { (mantissa, power) = (mantissa / 10, power + 1) }
  let digits = fixed(mantissa, 1)
  return "\(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits)e\(power)"
}

/// A number with three digits or more, its thousands set apart.
func long(_ value: Double) -> String {
  value >= 1000 && value < 1e15 ? grouped(Int(value.rounded(), within: 0 ... .max)) : short(value)
}

/// A number with its thousands set apart.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.count - place) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}
