import Streams
import TestFolders
import Testing

@testable import InkPad

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sheets as files: what is kept, what is not written over, and what is none.
@Suite struct SheetFolderTests {
  private func request(_ text: String) throws -> SheetRequest {
    guard case .sheet(let request) = try GuestMessage(Array(text.utf8)) else {
      throw Failure.usage("no wish: \(text)")
    }
    return request
  }

  private func keep(
    _ strokes: String, in folder: SheetFolder, as sheet: String? = nil, over: String = "",
    said: String = ""
  ) async throws -> (sheet: String, revision: String) {
    let place = sheet.map { #","sheet":"\#($0)","over":"\#(over)""# } ?? ""
    let answer = try await folder.answer(
      request(#"{"type":"keep","seq":1,"strokes":\#(strokes),"said":"\#(said)"\#(place)}"#))
    guard case .kept(let id, let revision) = try answer.get() else {
      throw Failure.usage("not kept")
    }
    return (id.text, revision)
  }

  private func list(_ folder: SheetFolder) async throws -> [SheetItem] {
    let answer = try await folder.answer(request(#"{"type":"sheets","seq":1}"#))
    guard case .list(let items) = try answer.get() else { return [] }
    return items
  }

  private func code(_ text: String, in folder: SheetFolder) async throws -> Refusal.Code? {
    guard case .failure(let refusal) = try await folder.answer(request(text)) else { return nil }
    return refusal.code
  }

  private let one = "[[[1,2],[3,4]]]"
  private let two = "[[[1,2],[3,4]],[[5,6]]]"
  private let three = "[[[7,8]]]"

  private func sheets(_ path: String) -> [String] {
    names(path).filter { $0.hasSuffix(".ndjson") }.sorted()
  }

  @Test("a sheet is a file with one line, written over as it grows, found again by the next server")
  func keeping() async throws {
    try await withFolder { path in
      do {
        let folder = try SheetFolder(path + "/new")
        let first = try await keep(one, in: folder, said: "1")
        let second = try await keep(two, in: folder, as: first.sheet, over: first.revision)
        #expect(second.sheet == first.sheet && second.revision != first.revision)
        #expect(sheets(path + "/new") == [first.sheet + ".ndjson"])
        #expect(
          text("\(path)/new/\(first.sheet).ndjson")
            == #"{"id":"\#(first.sheet)","said":"","strokes":\#(two)}"# + "\n")
        #expect(try await list(folder).map(\.count) == [2])
      }
      let again = try SheetFolder(path + "/new/")
      let items = try await list(again)
      let id = try #require(items.first?.id.text)
      let answer = try await again.answer(request(#"{"type":"open","seq":1,"sheet":"\#(id)"}"#))
      guard case .sheet(_, let sheet) = try answer.get() else {
        Issue.record("no sheet")
        return
      }
      #expect(sheet.members == Array(#""strokes":\#(two)"#.utf8))
      #expect(try await code(#"{"type":"discard","seq":1,"sheet":"\#(id)"}"#, in: again) == nil)
      #expect(sheets(path + "/new").isEmpty)
      #expect(
        try await code(#"{"type":"open","seq":1,"sheet":"\#(id)"}"#, in: again) == .noSuchSheet)
    }
  }

  @Test("what another page has changed is not written over, and the same ink is not kept twice")
  func conflicts() async throws {
    try await withFolder { path in
      let folder = try SheetFolder(path)
      let first = try await keep(one, in: folder)
      _ = try await keep(two, in: folder, as: first.sheet, over: first.revision)
      // A second page saw the first state.
      let other = try await keep(three, in: folder, as: first.sheet, over: first.revision)
      #expect(other.sheet != first.sheet && sheets(path).count == 2)
      // The answer was lost: the page says it again.
      let repeated = try await keep(two, in: folder, as: first.sheet, over: first.revision)
      #expect(repeated.sheet == first.sheet)
      #expect(try await keep(three, in: folder).sheet == other.sheet && sheets(path).count == 2)
      // Somebody edits the file itself.
      put(#"{"strokes":[[[9,9]]]}"# + "\n", "\(path)/\(first.sheet).ndjson")
      let third = try await keep("[[[4,4]]]", in: folder, as: first.sheet, over: repeated.revision)
      #expect(third.sheet != first.sheet)
      #expect(text("\(path)/\(first.sheet).ndjson")?.contains("[9,9]") == true)
    }
  }

  @Test("links, folders, pipes and what is no sheet: not listed, not read, not written")
  func strangers() async throws {
    try await withFolder { path in
      let secret = "\(path)/secret"
      put(#"{"strokes":[[[1,2]]]}"#, secret)
      mkdir("\(path)/sheets", 0o755)
      let names = (0..<6).map { "\(path)/sheets/20260101-00000\($0)-00000000.ndjson" }
      symlink(secret, names[0])
      mkdir(names[1], 0o755)
      mkfifo(names[2], 0o644)
      put("no sheet", names[3])
      put(#"{"strokes":[]}"#, names[4])
      put(String(repeating: " ", count: 2 << 20), names[5])
      put(#"{"strokes":[[[1,2]]]}"#, "\(path)/sheets/mine.ndjson")
      let folder = try SheetFolder("\(path)/sheets")
      #expect(try await list(folder).isEmpty)
      for place in 0..<6 {
        let id = "20260101-00000\(place)-00000000"
        #expect(
          try await code(#"{"type":"open","seq":1,"sheet":"\#(id)"}"#, in: folder) == .noSuchSheet)
        let kept = try await keep(
          "[[[\(place),5]]]", in: folder, as: id, over: "0")
        #expect(kept.sheet != id)
      }
      // A link takes the place of a sheet: what it leads to stays as it is.
      let kept = try await keep(one, in: folder)
      unlink("\(path)/sheets/\(kept.sheet).ndjson")
      symlink(secret, "\(path)/sheets/\(kept.sheet).ndjson")
      let next = try await keep(two, in: folder, as: kept.sheet, over: kept.revision)
      #expect(next.sheet != kept.sheet)
      #expect(
        try await code(#"{"type":"open","seq":1,"sheet":"\#(kept.sheet)"}"#, in: folder)
          == .noSuchSheet)
      #expect(text(secret) == #"{"strokes":[[[1,2]]]}"#)
    }
  }

  @Test("as many sheets as the limit says, and one more is refused; a folder that is gone says so")
  func limits() async throws {
    try await withFolder { path in
      var limits = Limits()
      limits.sheets = 2
      let folder = try SheetFolder("\(path)/sheets", limits: limits)
      let first = try await keep(one, in: folder)
      _ = try await keep(two, in: folder)
      let third = #"{"type":"keep","seq":1,"strokes":\#(three)}"#
      #expect(try await code(third, in: folder) == .tooManySheets)
      #expect(
        try await keep("[[[2,2]]]", in: folder, as: first.sheet, over: first.revision).sheet
          == first.sheet)
      for name in names("\(path)/sheets") { unlink("\(path)/sheets/\(name)") }
      rmdir("\(path)/sheets")
      let answer = try await folder.answer(
        request(#"{"type":"discard","seq":1,"sheet":"\#(first.sheet)"}"#))
      #expect(throws: Never.self) { try answer.get() }
      guard case .failure(let refusal) = try await folder.answer(request(third)) else {
        Issue.record("written into nothing")
        return
      }
      #expect(refusal.code == .sheetUnwritten && !refusal.reason.contains(path))
    }
  }

  @Test("a folder that another pad has, that is a file, or that cannot be made is no folder")
  func folders() throws {
    try withFolder { path in
      let folder = try SheetFolder("\(path)/sheets")
      func status(_ path: String) -> Streams.ExitStatus? {
        do {
          _ = try SheetFolder(path)
          return nil
        } catch {
          return (error as? Failure)?.status
        }
      }
      #expect(status("\(path)/sheets") == .busy)
      put("", "\(path)/file")
      for wrong in ["file", "file/x", "none/x"] {
        #expect(status("\(path)/\(wrong)") == .inputOutput, "\(wrong)")
      }
      withExtendedLifetime(folder) {}
    }
  }

  @Test("the server's names, and nothing else")
  func ids() throws {
    let id = SheetID(at: 1_796_000_000, random: 0xab)
    #expect(id.text == "20261130-005320-000000ab" && SheetID(id.text) == id)
    #expect(SheetID(fileName: id.fileName) == id && SheetID(fileName: id.text) == nil)
    let good = "20261129-003012-5f0c9a1e"
    #expect(SheetID(good) != nil)
    for wrong in [
      "", "../../etc/passwd", good + "/", "/" + good, good + ".ndjson", good + "\0",
      good.uppercased(), good.replacing("-", with: "/"), good.replacing("2026", with: "../2"),
      String(good.dropLast()), good.replacing("5f", with: "5g"), good.replacing("2", with: "٢"),
      good.replacing("0", with: "０"), " " + good.dropFirst(),
    ] { #expect(SheetID(wrong) == nil, "\(wrong)") }
    for message in [
      #"{"type":"open","seq":1,"sheet":"../x"}"#, #"{"type":"open","seq":1}"#,
      #"{"type":"discard","seq":1,"sheet":7}"#, #"{"type":"keep","seq":1,"strokes":[]}"#,
      #"{"type":"keep","seq":1,"strokes":[[[1,2]]],"sheet":"x"}"#, #"{"type":"sheets"}"#,
      #"{"type":"keep","seq":-1,"strokes":[[[1,2]]]}"#, #"{"type":"keep","seq":1}"#,
    ] {
      #expect(throws: (any Error).self, "\(message)") { try GuestMessage(Array(message.utf8)) }
    }
  }

  @Test(
    "characters that were chosen by hand are kept with their strokes, and are another sheet's ink")
  func chosen() throws {
    let plain = #"{"type":"keep","seq":1,"strokes":[[[1,2]]]}"#
    let corrected =
      #"{"type":"keep","seq":1,"strokes":[[[1,2]]],"chosen":[{"strokes":[0],"text":"4"}]}"#
    guard case .keep(let one, _, _) = try request(plain).wish,
      case .keep(let other, _, _) = try request(corrected).wish
    else { return }
    #expect(one.revision != other.revision)
    #expect(
      String(decoding: other.line(SheetID(at: 0, random: 0)), as: UTF8.self)
        == #"{"id":"19700101-000000-00000000","said":"","strokes":[[[1,2]]],"#
        + #""chosen":[{"strokes":[0],"text":"4"}]}"# + "\n")
    #expect(throws: (any Error).self) {
      try request(#"{"type":"keep","seq":1,"strokes":[[[1,2]]],"chosen":[7]}"#)
    }
  }

  @Test("what is said of a sheet is short and has no control characters, whatever a page sends")
  func said() throws {
    let long = String(repeating: "é", count: 150)
    let text = #"{"type":"keep","seq":1,"strokes":[[[1,2]]],"said":"\u0007\n\#(long)"}"#
    guard case .keep(let sheet, _, _) = try request(text).wish else { return }
    #expect(sheet.said == String(repeating: "é", count: 100))
  }

  @Test(
    "files that somebody adds, changes or removes are in the next list; what is no sheet is not")
  func changesBeneath() async throws {
    try await withFolder { path in
      let folder = try SheetFolder(path)
      let first = try await keep(one, in: folder, said: "1")
      let added = "20260101-000000-00000000"
      put(#"{"said":"7","strokes":[[[7,7]]]}"# + "\n", "\(path)/\(added).ndjson")
      put("no sheet", "\(path)/20260101-000001-00000000.ndjson")
      #expect(try await list(folder).map(\.said) == ["1", "7"])
      #expect(
        try await code(#"{"type":"open","seq":1,"sheet":"\#(added)"}"#, in: folder) == nil)
      put(#"{"said":"eight","strokes":[[[7,7]],[[8,8]]]}"# + "\n", "\(path)/\(added).ndjson")
      unlink("\(path)/\(first.sheet).ndjson")
      let items = try await list(folder)
      #expect(items.map(\.said) == ["eight"] && items.map(\.count) == [2])
      // A stranger that becomes a sheet is one.
      put(#"{"said":"9","strokes":[[[9,9]]]}"# + "\n", "\(path)/20260101-000001-00000000.ndjson")
      #expect(try await list(folder).map(\.said) == ["9", "eight"])
    }
  }
}
