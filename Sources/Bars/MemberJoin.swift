import Days

extension BarSelection {
  /// The members of a market of its own among the instruments that a source has on these days; nil
  /// where the source's own members are wanted.
  ///
  /// Members whose spans lie outside these days are not looked for. Throws where there are some, and
  /// the source has none of them.
  func memberJoin(_ codes: [InstrumentCode], _ days: ClosedRange<Day>) throws -> CodeJoin? {
    guard let members else { return nil }
    let wanted = members.codes.filter { code in
      members.spans(of: code).contains { $0.overlaps(days) }
    }
    var join = CodeJoin("members", with: "the source")
    try join.add(wanted, among: codes)
    return join
  }
}

extension BarSource {
  /// What to say where the source lacks members of the selection's own market; nil where it has all.
  ///
  /// Throws where it has none.
  public func noteOnMembers(_ selection: BarSelection) throws -> String? {
    guard let span else { return nil }
    return try selection.memberJoin(codes, span)?.note
  }
}

extension BarDays {
  /// What to say where the days lacked members of the selection's own market; nil where they had all.
  ///
  /// Throws where they had none. For after the last day.
  public func noteOnMembers() throws -> String? {
    guard let span else { return nil }
    return try selection.memberJoin(codes, span)?.note
  }
}
