import TestFolders
import Testing

@testable import Streams

private struct Rule: Error, CustomStringConvertible { let description = "rule: value" }

struct BadRecordsTests {
  private func records(tolerated: Bool) -> (BadRecords, Counts) {
    let (records, counts) = (BadRecords(tolerated: tolerated), Counts())
    records.rollback = { counts.rollbacks += 1 }
    records.commit = { counts.commits += 1 }
    return (records, counts)
  }

  private final class Counts {
    var rollbacks = 0
    var commits = 0
  }

  @Test func theFirstBadRecordStops() throws {
    let (records, counts) = records(tolerated: false)
    try records.attempt("in:1") {}
    #expect(message { try records.attempt("in:2") { throw Rule() } } == "in:2: rule: value")
    #expect((counts.commits, counts.rollbacks, records.good) == (1, 1, 1))
  }

  @Test func toleratedOnesAreCounted() throws {
    let (records, counts) = records(tolerated: true)
    try records.attempt("in:1") { throw Rule() }
    try records.attempt("in:2") { throw Failure.badData("in:2:7", "rule") }
    #expect(message { try records.finish() } == "no good record in the input")
    try records.attempt("in:3") {}
    try records.finish()
    #expect((counts.commits, counts.rollbacks, records.good, records.dropped) == (1, 2, 1, 2))
  }

  @Test func aFullDiskIsNotTolerated() throws {
    let (records, counts) = records(tolerated: true)
    records.commit = { throw Failure(.inputOutput, "<stdout>: No space left on device") }
    #expect(throws: Failure.self) { try records.attempt("in:1") {} }
    #expect(counts.rollbacks == 1)
    records.commit = { throw ReaderGone() }
    #expect(throws: ReaderGone.self) { try records.attempt("in:1") {} }
  }

  @Test func aDiagnosticIsOneLine() {
    #expect(oneLine("a\nb\r\u{1b}[31m\u{9b}é") == "a b  [31m é")
    #expect(oneLine(String(repeating: "x", count: 5000)).count == 1003)
  }
}
