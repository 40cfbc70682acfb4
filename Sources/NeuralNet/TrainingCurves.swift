import Mechanics
import Pages
import Streams

/// The curves of a training as an SVG file, which is written while it goes on and at its end.
public final class TrainingCurves {
  /// A quantity, and the names of its curves.
  public struct Panel {
    let title: String
    let curves: [String]

    /// A panel; the title says the unit too.
    public init(_ title: String, _ curves: [String]) { (self.title, self.curves) = (title, curves) }
  }

  private let path: String
  private let title: String
  private let across: String
  private let panels: [Panel]
  private var curves: [ThinnedCurve]
  /// The step that the training went on from, where the points before it are not known.
  private var start = 0
  private var lastWritten = monotonicSeconds()

  /// Curves that go into a file; `across` says what a step is.
  public init(to path: String, title: String, across: String, _ panels: [Panel]) {
    (self.path, self.title, self.across, self.panels) = (path, title, across, panels)
    curves = panels.flatMap(\.curves).map { _ in ThinnedCurve() }
  }

  /// Adds a point to one of the curves, which are counted through all panels.
  public func add(_ curve: Int, _ step: Int, _ value: Double) {
    curves[curve].add(Double(step), value)
  }

  /// All points so far, for a checkpoint.
  public var text: String { curves.map(\.text).joined(separator: ";") }

  /// Goes on at a step with the points of a checkpoint; without them the picture says that it begins there.
  public func resume(_ text: String?, at step: Int) throws {
    guard let text else { return start = step }
    let found = text.split(separator: ";").compactMap { ThinnedCurve(text: String($0)) }
    guard found.count == curves.count else {
      throw NetworkError.model(
        "checkpoint's 'curves' must be \(curves.count), as --plot writes them: \(found.count)")
    }
    curves = found
  }

  /// Writes the file where that is ten seconds ago.
  public func writeNowAndThen() throws {
    guard monotonicSeconds() - lastWritten > 10 else { return }
    try write()
  }

  /// Writes the file.
  public func write() throws {
    let bytes = Array(chart.file.utf8)
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    lastWritten = monotonicSeconds()
  }

  private var chart: LineChart {
    let colours: [ChartColour] = [.green, .purple]
    var number = 0
    let shown = panels.map { panel in
      LineChart.Panel(
        panel.title,
        panel.curves.enumerated().map { place, name in
          defer { number += 1 }
          let colour: ChartColour =
            name == "training" ? .blue : name == "validation" ? .orange : colours[place % 2]
          return LineChart.Curve(name, colour, curves[number])
        })
    }
    var notes: [String] = []
    if start > 0 {
      notes.append(
        "From step \(start) on, where the training was resumed: its checkpoint has no curves.")
    }
    if let most = curves.flatMap(\.pieces).map(\.count).max(), most > 1 {
      notes.append(
        "Up to \(most) lines of metrics are one point: the curve is their mean, the band from the least "
          + "to the greatest.")
    }
    return LineChart(title, notes: notes, across: across, shown)
  }
}
