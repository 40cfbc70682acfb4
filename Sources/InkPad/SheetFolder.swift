import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that sheets are kept in: one file of NDJSON each, which `mnist-calc` reads as well.
///
/// A file is written whole beside the old one and takes its name when it is on the disk, so that whatever ends the
/// server leaves the old sheet or the new one. What the page had when a sheet was opened must still be
/// there when it is written over: where another page has changed it, the ink becomes a sheet of its own, and
/// nothing is lost. All guests of the server see the same sheets.
public actor SheetFolder {
  private struct Entry {
    let revision: String
    let strokeCount: Int
    let said: String
    /// Its file when it was read or written.
    let file: SheetFile

    init(_ sheet: Sheet, _ file: SheetFile) {
      (revision, strokeCount, said) = (sheet.revision, sheet.strokeCount, sheet.said)
      self.file = file
    }
  }

  /// What waits for the disk, so that no guest waits for it who wants nothing of it.
  private nonisolated let disk: Watch
  private let path: String
  private let limits: Limits
  /// Held as long as the server lives: no other one writes here.
  private let lock: FileLock
  private var entries: [SheetID: Entry] = [:]
  /// Files that are named as sheets and are none, as they were when that was found.
  private var strangers: [SheetID: SheetFile] = [:]
  private var lastComplaint = ""

  /// Opens a folder, which is made where it is missing.
  ///
  /// Throws `inputOutput` where it is none or takes no files, `busy` where another pad has it.
  public init(_ path: String, limits: Limits = Limits()) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    disk = try Watch()
    self.path = path
    self.limits = limits
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw Failure.system(.inputOutput, path)
    }
    guard let listing = opendir(path) else { throw Failure.system(.inputOutput, path) }
    closedir(listing)
    guard access(path, W_OK | X_OK) == 0 else { throw Failure.system(.inputOutput, path) }
    do {
      lock = try FileLock("\(path)/sheets")
    } catch let failure as Failure where failure.status == .busy {
      throw Failure(.busy, "\(path): another pad keeps its sheets there")
    }
    let found = Self.look(path, known: [:], strangers: [:], limits)
    (entries, strangers) = (found.sheets, found.strangers)
    if found.others > 0 {
      diagnose(
        "\(path): files that are no sheets, though named so, are left alone: \(found.others)")
    }
  }

  /// What lies in the folder.
  ///
  /// Only files that are not as they were known are read.
  private static func look(
    _ path: String, known: [SheetID: Entry], strangers: [SheetID: SheetFile], _ limits: Limits
  ) -> (sheets: [SheetID: Entry], strangers: [SheetID: SheetFile], others: Int) {
    guard let listing = opendir(path) else { return (known, strangers, 0) }
    defer { closedir(listing) }
    var found: (sheets: [SheetID: Entry], strangers: [SheetID: SheetFile], others: Int) = (
      [:], [:], 0
    )
    while let item = readdir(listing) {
      let name = entryName(item)
      guard let id = SheetID(fileName: name) else { continue }
      let place = "\(path)/\(name)"
      let now = SheetFile(place)
      if let entry = known[id], entry.file == now {
        found.sheets[id] = entry
      } else if now != nil, strangers[id] != now,
        let (sheet, file) = SheetFile.read(place, limit: limits.sheet)
      {
        found.sheets[id] = Entry(sheet, file)
      } else {
        found.strangers[id] = now
        found.others += 1
      }
    }
    return found
  }

  /// Does what a page wants, on a thread that may wait.
  nonisolated func answer(_ request: SheetRequest) async -> Result<SheetReply, Refusal> {
    await withTaskExecutorPreference(disk) { await perform(request) }
  }

  private func perform(_ request: SheetRequest) -> Result<SheetReply, Refusal> {
    switch request.wish {
    case .list: list()
    case .open(let id): open(id)
    case .discard(let id): discard(id)
    case .keep(let sheet, let id, let revision): keep(sheet, as: id, over: revision)
    }
  }

  /// The newest first, as they are now: files come and go without the server.
  private func list() -> Result<SheetReply, Refusal> {
    let found = Self.look(path, known: entries, strangers: strangers, limits)
    (entries, strangers) = (found.sheets, found.strangers)
    let items = entries.sorted { $0.key > $1.key }
    return .success(
      .list(items.map { SheetItem(id: $0.key, count: $0.value.strokeCount, said: $0.value.said) }))
  }

  private func open(_ id: SheetID) -> Result<SheetReply, Refusal> {
    guard entries[id] != nil, let (sheet, file) = SheetFile.read(place(of: id), limit: limits.sheet)
    else {
      entries[id] = nil
      return .failure(.noSuchSheet)
    }
    entries[id] = Entry(sheet, file)
    return .success(.sheet(id, sheet))
  }

  private func discard(_ id: SheetID) -> Result<SheetReply, Refusal> {
    guard entries[id] != nil else { return .failure(.noSuchSheet) }
    // A link or a folder that has taken its place is nothing of ours.
    if SheetFile(place(of: id)) != nil, unlink(place(of: id)) != 0, errno != ENOENT {
      return .failure(unwritten(Failure.system(.inputOutput, path)))
    }
    entries[id] = nil
    return .success(.discarded(id))
  }

  private func keep(
    _ sheet: Sheet, as wanted: SheetID?, over revision: String?
  ) -> Result<SheetReply, Refusal> {
    let new = sheet.revision
    var id = wanted.flatMap { isUnchanged($0, revision, or: new) ? $0 : nil }
    // What is kept already is not kept twice: the server may have ended before it could say so.
    id = id ?? entries.keys.first { entries[$0]?.revision == new && isUnchanged($0, new, or: new) }
    if let id, let entry = entries[id], entry.revision == new,
      sheet.said.isEmpty || entry.said == sheet.said
    {
      return .success(.kept(id, revision: new))
    }
    guard id != nil || entries.count < limits.sheets else {
      return .failure(.tooManySheets(limits.sheets))
    }
    let name = id ?? freeName()
    do {
      let line = sheet.line(name)
      try line.withUnsafeBytes { try AtomicFile.write($0, to: place(of: name)) }
      guard let file = SheetFile(place(of: name)) else {
        throw Failure.system(.inputOutput, path, ENOENT)
      }
      entries[name] = Entry(sheet, file)
      lastComplaint = ""
      return .success(.kept(name, revision: new))
    } catch {
      return .failure(unwritten(error))
    }
  }

  /// Whether a sheet still is the file that was read or written last, with the ink that a page has
  /// seen or wants to keep.
  private func isUnchanged(_ id: SheetID, _ seen: String?, or new: String) -> Bool {
    guard let entry = entries[id], [seen, new].contains(entry.revision) else { return false }
    return SheetFile(place(of: id)) == entry.file
  }

  private func freeName() -> SheetID {
    while true {
      let id = SheetID(at: Int(time(nil)))
      var status = stat()
      if lstat(place(of: id), &status) != 0 { return id }
    }
  }

  private func place(of id: SheetID) -> String { "\(path)/\(id.fileName)" }

  /// Says on standard error why nothing can be written, once, and to the page without our paths.
  private func unwritten(_ error: any Error) -> Refusal {
    let complaint = "\(error)"
    if complaint != lastComplaint { diagnose("a sheet could not be kept: \(complaint)") }
    lastComplaint = complaint
    let reason = complaint.split(separator: ": ").last.map(String.init) ?? complaint
    return .sheetUnwritten(reason)
  }
}
