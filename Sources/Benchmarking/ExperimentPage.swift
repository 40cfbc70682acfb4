import Pages
import Streams

/// An experiment as a page that opens without a network: what is compared, how fast, how right.
public struct ExperimentPage {
  private let summary: ExperimentSummary
  private let charts: ExperimentCharts

  /// A page of what there was.
  public init(_ summary: ExperimentSummary) {
    self.summary = summary
    charts = ExperimentCharts(summary)
  }

  /// The page.
  public var html: String {
    var parts = [head]
    if !implementations.isEmpty { parts += ["<h2>What is compared</h2>", ways] }
    let timed = summary.results.filter(\.isTimed)
    if !timed.isEmpty {
      parts += ["<h2>The problems</h2>", "<div class=wide>\(letters)</div>", problems]
      parts.append("<h2>How fast</h2>")
      parts.append(Self.grid(charts.speeds + [charts.speedups, roofline].compactMap(\.self)))
      parts.append(times)
    }
    if !summary.steps.isEmpty {
      parts += ["<h2>Where a training step goes</h2>", Self.grid(charts.steps)]
    }
    if !summary.epochs.isEmpty {
      parts.append("<h2>Does it learn?</h2>")
      parts.append(Self.grid([charts.epochs] + [charts.testErrors].compactMap(\.self)))
    }
    let right = [charts.errors].compactMap(\.self) + (summary.findings.isEmpty ? [] : [gradients])
    if !right.isEmpty { parts += ["<h2>Is it right?</h2>", Self.grid(right)] }
    parts.append(about)
    return Page.document(
      title: "Convolution by hand", style: Self.style, parts.joined(separator: "\n"))
  }

  private static let style = """

    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));
    gap:26px 32px;margin-bottom:26px;align-items:start}.charts>*{min-width:0}
    .charts svg{max-width:460px}.chart text{paint-order:stroke;stroke:var(--paper);stroke-width:3px}
    .seen{font-size:13px;color:var(--soft);margin:4px 0 0;max-width:60ch}
    h3 small{font-weight:400;color:var(--soft);font-size:12.5px}
    .mixed td:nth-child(-n+3),.mixed th:nth-child(-n+3),.ways td,.ways th{text-align:left}
    .mixed td:nth-child(-n+3),.ways td{white-space:normal}.mixed th,.ways th{padding-right:14px}
    .mixed td:nth-child(2){min-width:6em}.problems td:nth-child(3),.ways td{min-width:17em}
    .problems small{color:var(--soft)}
    .odd{color:var(--bad)}
    @media(max-width:700px){.scroll tbody th,.scroll thead th:first-child{position:sticky;left:0;
    background:var(--paper);z-index:1}.mixed td:nth-child(2){min-width:4em}
    .problems td:nth-child(3),.ways td{min-width:12em}th,td{padding:4px}
    .scroll{background:linear-gradient(to left,var(--paper),transparent) 100% 0/30px 100% no-repeat local,
    linear-gradient(to left,rgba(128,128,128,.45),transparent) 100% 0/12px 100% no-repeat scroll}}
    """

  private static func grid(_ figures: [String]) -> String {
    "<div class=charts>\(figures.joined(separator: "\n"))</div>"
  }

  /// The implementations that the records name, the textbook's first.
  private var implementations: [String] {
    let named =
      summary.results.map(\.implementation) + summary.steps.map(\.implementation)
      + summary.epochs.map(\.implementation) + summary.findings.map(\.implementation)
    return (Implementation.all + Implementation.narrow).map(\.name).filter(named.contains)
  }

  /// What came of it, in two sentences and some numbers.
  private var head: String {
    let right = summary.results.filter { $0.isTimed && !$0.isWrong }
    let faster = right.compactMap { result in summary.speedup(result).map { (result, $0) } }
    // auto is one of the others: it is named where it is alone.
    let floats = faster.filter { Implementation($0.0.method)?.isNarrow != true }
    let named = floats.filter { !["auto", "direct"].contains($0.0.implementation) }
    let best = (named.isEmpty ? floats : named).max { $0.1 < $1.1 }
    let headline: String
    if let first = summary.wrong.first {
      let count = summary.wrong.count
      headline = "\(count) of these are WRONG, \(count == 1 ? "" : "the first ")\(first)."
    } else if let best, best.0.implementation != "direct" {
      headline =
        "\(best.0.label) is \(short(best.1)) times as fast as the plain loops "
        + "on \(best.0.problem.title)."
    } else {
      let count = implementations.count
      headline = "Convolution, \(count) way\(count == 1 ? "" : "s")."
    }
    let machines = summary.machines.map { machine in
      let peak = summary.timed(on: machine).compactMap(\.peak).max()
      return machine.description + (peak.map { ", peak \(short($0)) GFLOP/s" } ?? "")
    }
    let notes = summary.notes.map { "<p class='caution odd'>\(HTML.escaped($0)).</p>" }
    return """
      <p class=title>Convolution by hand\(
        machines.isEmpty ? "" : " · ")\(HTML.escaped(machines.joined(separator: " · ")))</p>
      <h1>\(HTML.escaped(headline))</h1>
      <p class=caution>\(HTML.escaped(caution))</p>\(notes.joined())
      <div class=tiles>\(tiles(right, best?.1).joined())</div>
      """
  }

  /// Whether the results can be believed.
  private var caution: String {
    let count = summary.findings.reduce(0) { $0 + $1.gradients }
    if summary.findings.contains(where: \.isWrong) {
      return "Gradients do NOT agree with finite differences."
    }
    let checked = count > 0 ? "\(grouped(count)) gradients agree with finite differences. " : ""
    return checked
      + (summary.results.isEmpty || !summary.wrong.isEmpty
        ? "" : "Every result that was timed was held against sums in double, and is right.")
  }

  private func tiles(_ right: [ExperimentSummary.Result], _ best: Double?) -> [String] {
    var tiles: [String] = []
    if let best {
      tiles.append(Page.tile("\(short(best))×", "the plain loops’ speed at most, auto left out"))
    }
    if let most = right.max(by: { $0.gflops < $1.gflops }) {
      tiles.append(
        Page.tile(short(most.gflops), "GFLOP/s at most, by \(HTML.escaped(most.label))"))
    }
    let others = right.filter {
      Implementation($0.method)?.isNarrow == false && $0.method != "winograd"
    }
    if let share = others.compactMap(\.peakShare).max() {
      tiles.append(
        Page.tile("\(short(100 * share)) %", "of the peak at most, by floats and without winograd"))
    }
    let errors = summary.results.compactMap { result in
      result.error.flatMap { error in result.bound.map { error / $0 } }
    }
    if let worst = errors.max() {
      tiles.append(
        Page.tile(
          "\(short(100 * worst)) %", "of the error that is allowed, at most",
          sign: worst <= 1 ? 0 : -1))
    }
    if let fastest = summary.epochs.min(by: { $0.seconds < $1.seconds }) {
      tiles.append(
        Page.tile(
          "\(short(fastest.seconds)) s",
          "training\(charts.digits), by \(HTML.escaped(fastest.implementation))"))
    }
    let read = summary.epochs.compactMap { epoch in epoch.error.map { (epoch, $0) } }
    if let (epoch, least) = read.min(by: { $0.1 < $1.1 }) {
      tiles.append(
        Page.tile(
          "\((100 * least).rounded(decimals: 2)) %",
          "of other digits read wrong at least, after training by \(HTML.escaped(epoch.implementation))"
        ))
    }
    return tiles
  }

  private var ways: String {
    HTML.table(
      "Implementations <small>all give the same sums but for rounding, of numbers or of sums</small>",
      head: ["", "how"],
      rows: implementations.map { [($0, ""), (ImplementationLook.words($0) ?? "", "")] },
      class: "ways")
  }

  private var letters: String {
    HTML.table(
      "Sizes <small>a problem is N×C×H×W → K, R×S</small>", head: ["", ""],
      rows: ProblemWords.letters.map { [($0.letter, ""), ($0.meaning, "")] }, class: "ways")
  }

  /// What each problem is, and why it is there.
  private var problems: String {
    var shown: [Problem] = []
    for result in summary.results
    where result.isTimed && summary.parts(result) == 1 && !shown.contains(result.problem) {
      shown.append(result.problem)
    }
    let table = HTML.table(
      "Problems",
      head: ["", "pass", "what, and why", "GFLOP", "MB", "FLOP/B"],
      rows: shown.map { problem in
        let why = ProblemWords.purpose(problem.name).map { " <small>\($0)</small>" } ?? ""
        return [
          (HTML.escaped(problem.name), ""), (problem.pass.words, ""),
          (HTML.escaped(ProblemWords.sizes(problem)) + "." + why, ""),
          (short(problem.work / 1e9), ""), (short(Double(problem.bytes) / 1e6), ""),
          (short(problem.intensity), ""),
        ]
      }, class: "mixed problems")
    return table
      + "<p class=seen>GFLOP: operations, those on the padding not counted. MB: each tensor moved "
      + "once. FLOP/B: the one by the other; many mean that products count, few that moving does.</p>"
  }

  /// All that was timed, in numbers.
  private var times: String {
    let timed = summary.results.filter(\.isTimed)
    let areSeveral = summary.machines.count > 1
    let peers = Set(timed.compactMap(\.peer)).sorted()
    var head = ["", "pass", "by", "ms ↓", "GFLOP/s ↑", "% of peak ↑", "× direct ↑"]
    if !peers.isEmpty { head.append("× \(HTML.escaped(peers.joined(separator: ", "))) ↑") }
    head += ["error ↓", "allowed"]
    var rows: [[(text: String, style: String)]] = []
    for result in timed {
      let parts = summary.parts(result)
      let name = result.problem.name + (areSeveral ? " (\(result.machine))" : "")
      let by =
        result.label + (result.method == result.look ? "" : " (\(result.method))")
      var cells = [
        HTML.escaped(name), result.problem.pass.words, HTML.escaped(by),
        long(summary.milliseconds(result)) + (parts == 1 ? "" : "*"), short(result.gflops),
        result.peakShare.map { short(100 * $0) } ?? "-",
        summary.speedup(result).map(short) ?? "-",
      ]
      if !peers.isEmpty { cells.append(parts == 1 ? result.ratio.map(short) ?? "-" : "-") }
      cells += [
        result.error.map { errorText($0) + (result.isWrong ? " WRONG" : "") }
          ?? "-", result.bound.map(errorText) ?? "-",
      ]
      rows.append(cells.map { ($0, "") })
    }
    var notes = ["↓ lower is better, ↑ higher is better."]
    if timed.contains(where: { summary.parts($0) != 1 }) {
      notes.append("* It had some of the pictures only, and its time is multiplied.")
    }
    notes += summary.abovePeak(timed).reasons.map { $0.replacing("'", with: "’") }
    return HTML.table("Times", head: head, rows: rows, class: "mixed")
      + "<p class=seen>\(notes.joined(separator: " "))</p>"
  }

  /// The results under the machine's roofs; nil where `peak` was not measured.
  private var roofline: String? {
    guard let machine = summary.machines.first, summary.machines.count == 1 else { return nil }
    func rate(_ measure: String) -> Double? {
      summary.peaks.last { $0.measure == measure && $0.machine == machine }?.rate
    }
    guard let operations = rate("operations"), let memory = rate("triad in memory"),
      let cache = rate("triad in cache")
    else { return nil }
    let timed = summary.timed(on: machine)
    let roof = Roofline.Roof(
      // The peak that was measured beside the results may be the better one.
      gflops: (timed.compactMap(\.peak) + [operations]).reduce(0, max), memory: memory,
      cache: cache, machine: machine.description)
    let points = timed.filter { !$0.isWrong }.map {
      Roofline.Point(
        $0.problem, by: $0.look, method: $0.method, gflops: $0.gflops)
    }
    let drawing = RooflineDrawing(Roofline(points, roof))
    return Page.figure(
      "Roofline <small>higher is better; each line is ten times the one before</small>", keys: [],
      drawing.inPage,
      note: "No implementation does more operations than the machine, nor more than memory "
        + "delivers numbers for: that is the roof. Winograd’s method does with up to 5.4 "
        + "times fewer multiplications than are counted for windows of 3×3, so its roof is 5.4 times as "
        + "high (5×5: 7.7 times; with a stride of two 2.0 for 3×3). A problem to the left of the bend cannot be fast."
    )
  }

  /// Gradients against finite differences.
  private var gradients: String {
    var rows: [[(text: String, style: String)]] = []
    var seen: Set<String> = []
    for first in summary.findings where seen.insert("\(first.op) \(first.implementation)").inserted
    {
      let all = summary.findings.filter {
        $0.op == first.op && $0.implementation == first.implementation
      }
      let error = all.map(\.error).max() ?? 0
      let cells = [
        "\(first.op) \(first.implementation)", grouped(all.reduce(0) { $0 + $1.gradients }),
        errorText(error), all.compactMap(\.bound).max().map(errorText) ?? "-",
        all.contains(where: \.isWrong) ? "WRONG" : "right",
      ]
      rows.append(cells.map { (HTML.escaped($0), "") })
    }
    let cpus = summary.findings.map(\.cpu).filter { !$0.isEmpty }
    let on = Set(cpus).sorted { cpus.firstIndex(of: $0) ?? 0 < cpus.firstIndex(of: $1) ?? 0 }
    let how = on.isEmpty ? "" : " <small>\(HTML.escaped(on.joined(separator: ", ")))</small>"
    let table = HTML.table(
      "Gradients\(how)", head: ["", "gradients", "error ↓", "allowed", ""], rows: rows)
    return
      "<div>\(table)<p class=seen>Of random shapes, against finite differences; the error is that "
      + "of the largest element, over all instruction sets. ↓ lower is better.</p></div>"
  }

  /// What the words mean, and how to do it again.
  private var about: String {
    """
    <h2>How it was measured</h2><div class=about>
    <p>Times are those of the shortest run: implementations take turns, and whatever else the machine
    does makes a run longer, never shorter. GFLOP/s are 10⁹ multiplications and additions a second;
    those with the padding’s zeros are not counted, and Winograd’s method is counted as what it takes
    the place of. The peak is what the machine’s multiply-and-add does in registers at most.</p>
    <p>Errors are against sums in double, relative to the largest element of the tensor. 2e-5 is
    allowed, to Winograd’s method 2e-4, to products of bfloat16 1e-2 and of int8 3e-2; a result beyond is wrong, and its time worth nothing.
    Gradients are also held against finite differences: (loss(x + h) − loss(x − h)) / 2h.</p>
    <p>A training step is forward, loss, backward and a step down the gradient. What is trained is
    PyTorch’s example network for MNIST; its time is that of the whole program.</p>
    <p>To do it again: <code>tensor-op --html page.html</code>. Of other problems: <code>conv-bench
    --suite all &gt; results; conv-bench --summary --html page.html results</code>.</p></div>
    """
  }
}
