import Days

extension BarSelection {
  /// What to say where a source, with these instruments on these days, lacks members of a market of the
  /// selection's own; nil where it has all, or its own members are wanted.
  ///
  /// Members whose spans lie outside these days are not looked for. Throws where there are some, and
  /// the source has none of them.
  fileprivate func noteOnMembers(
    _ codes: [InstrumentCode], _ days: ClosedRange<Day>?
  ) throws -> String? {
    guard let members, let days else { return nil }
    let wanted = members.codes.filter { code in
      members.spans(of: code).contains { $0.overlaps(days) }
    }
    var join = CodeJoin("members", with: "the source")
    try join.add(wanted, among: codes)
    return join.note
  }
}

extension BarSource {
  /// What to say where the source lacks members of the selection's own market; nil where it has all.
  ///
  /// Throws where it has none.
  public func noteOnMembers(_ selection: BarSelection) throws -> String? {
    try selection.noteOnMembers(codes, span)
  }
}

extension BarDays {
  /// What to say where the days lacked members of the selection's own market; nil where they had all.
  ///
  /// Throws where they had none. For after the last day.
  public func noteOnMembers() throws -> String? {
    try selection.noteOnMembers(codes, span)
  }
}
