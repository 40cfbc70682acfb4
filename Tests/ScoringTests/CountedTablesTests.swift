import Mechanics
import Scoring
import Streams
import TestFolders
import Testing

@testable import Arithmetic

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tables of Arithmetic against the data that they were counted on, where that is at hand.
@Suite struct CountedTablesTests {
  private static let heldOut = HoldOut(count: 5, fold: 0)

  @Test(.enabled(if: Requirement.expressions.isMet, "\(Requirement.expressions)"))
  func geometry() throws {
    var fit = GeometryFit()
    let input = ByteReader([try #require(Requirement.expressions.path)])
    try input.ndjson { try fit.add($0, line: input.lineNumber, leavingOut: Self.heldOut) }
    let rows = try fit.rows()
    // Those that linear expressions do not have were not counted.
    let counted = GlyphGeometry.table.map(\.key).filter { !["√", ",", "!", "%"].contains($0) }
    #expect(rows.map(\.text) == counted)
    for row in rows {
      let table = try #require(GlyphGeometry.classes[row.text])
      for (found, expected) in [
        (row.figures.height, table.height), (row.figures.width, table.width),
        (row.figures.middle, table.middle),
      ] {
        #expect(abs(found.mean - expected.mean) < 0.00501, "\(row)")
        #expect(abs(found.deviation - expected.deviation) < 0.00501, "\(row)")
      }
    }
  }

  @Test(.enabled(if: Requirement.expressions.isMet, "\(Requirement.expressions)"))
  func usage() throws {
    let kinds = Usage.Kind.allCases
    var counts = kinds.map { _ in kinds.map { _ in 0.0 } }
    var equations = 0
    var holding = 0
    var drawings = 0
    let input = ByteReader([try #require(Requirement.expressions.path)])
    try input.ndjson { record in
      let drawing = try LabelledDrawing(record, line: input.lineNumber)
      guard !Self.heldOut.contains(drawing.writer) else { return }
      drawings += 1
      var before = Usage.Kind.edge
      for next in drawing.text.map({ Usage.kind(String($0)) }) + [.edge] {
        counts[before.rawValue][next.rawValue] += 1
        before = next
      }
      if drawing.text.contains("=") { equations += 1 }
      if Usage.isTrueEquation(drawing.text) { holding += 1 }
    }
    // What the comments say.
    #expect(drawings == 369)
    #expect(equations == 104 && holding == 96)
    let all = counts.reduce(0) { $0 + $1.reduce(0, +) }
    for kind in kinds {
      let row = counts[kind.rawValue]
      for next in kinds {
        let share = counts.reduce(0) { $0 + $1[next.rawValue] } / all
        let after = (row[next.rawValue] + 2 * share) / (row.reduce(0, +) + 2)
        let score = max(log(after / share), -3)
        #expect(abs(Usage.score(kind, next) - score) < 0.0501, "\(kind) \(next)")
      }
    }
  }
}
