/// What a pipeline is to answer: whose turn it is, and who is to blame for a death.
///
/// Questions are asked several at a time, each guest in turn. When the pipeline dies or hangs, it is
/// not known which of those in it did that: each is asked again by itself, and what ends the pipeline
/// a second time is refused from then on, whoever asks it. The one that stood in front is the likely
/// culprit: its guest comes after all others and is asked alone, until an answer clears it; who has
/// been proven to ask such questions stays there.
struct QuestionQueue {
  /// Something to answer; the continuation gets nil where there is no answer.
  struct Job {
    let number: Int
    /// Who asks; nil is the server itself.
    let guest: Int?
    let content: [UInt8]
    var since = ContinuousClock.now
    var failedStarts = 0
    var done: CheckedContinuation<[UInt8]?, Never>?
  }

  /// What is known of a guest.
  private struct Conduct {
    var lastTurn = 0
    var isSuspected = false
    var provenQuestions = 0

    var strikes: Int { provenQuestions + (isSuspected ? 1 : 0) }
  }

  /// The most questions in the pipeline: enough for each of its stages to have one.
  private static let window = 8

  /// What the pipeline has not been asked yet.
  private var waiting: [Job] = []
  /// What it was asked and has not answered, in order.
  private(set) var asked: [Job] = []
  private var isAskedAlone = false
  private var conduct: [Int: Conduct] = [:]
  private var turns = 0
  /// How many deaths a question was present at, by its digest.
  private var deaths = BoundedMemory()
  /// The digests of questions that are not asked any more.
  private var refused = BoundedMemory()

  /// Whether a question is known to end the pipeline.
  func refuses(_ content: [UInt8]) -> Bool {
    !refused.isEmpty && refused[digest(content)] != nil
  }

  mutating func add(_ job: Job) { waiting.append(job) }

  /// Puts the server's own question first, before a pipeline is started.
  mutating func probe(_ job: Job) { asked = [job] }

  /// Takes the question to be asked now, if there is one that may go in beside those in the pipeline.
  mutating func next() -> Job? {
    guard !isAskedAlone, asked.count < Self.window,
      let place = waiting.indices.min(by: { rank(waiting[$0]) < rank(waiting[$1]) })
    else { return nil }
    let mustBeAlone = isSuspect(waiting[place])
    guard asked.isEmpty || !mustBeAlone else { return nil }
    var job = waiting.remove(at: place)
    job.since = .now
    turns += 1
    if let guest = job.guest { conduct[guest, default: Conduct()].lastTurn = turns }
    isAskedAlone = mustBeAlone
    asked.append(job)
    return job
  }

  /// Takes the question that an answer is for.
  mutating func answered() -> Job {
    let job = asked.removeFirst()
    isAskedAlone = false
    // The time of the next one begins now, since it had to wait for this one.
    if !asked.isEmpty { asked[0].since = .now }
    if !deaths.isEmpty { deaths[digest(job.content)] = nil }
    if let guest = job.guest { conduct[guest]?.isSuspected = false }
    return job
  }

  /// The pipeline has ended with questions in it; returns those that are given up.
  mutating func died() -> [Job] {
    let present = asked
    asked = []
    isAskedAlone = false
    var hopeless: [Job] = []
    for (place, job) in present.enumerated() {
      let digest = self.digest(job.content)
      let count = (deaths[digest] ?? 0) + 1
      deaths[digest] = count
      if let guest = job.guest, place == 0, job.done != nil {
        conduct[guest, default: Conduct()].isSuspected = true
      }
      if present.count == 1, count > 1 {
        deaths[digest] = nil
        refused[digest] = 1
        if let guest = job.guest, job.done != nil { conduct[guest]?.provenQuestions += 1 }
        hopeless.append(job)
      } else if job.done != nil {
        waiting.append(job)
      }
    }
    return hopeless
  }

  /// The pipeline has ended before it was asked anything, which is nobody's fault; returns the
  /// questions that have waited for a start twice in vain.
  mutating func failedToStart() -> [Job] {
    asked = []
    for place in waiting.indices { waiting[place].failedStarts += 1 }
    defer { waiting.removeAll { $0.failedStarts > 1 } }
    return waiting.filter { $0.failedStarts > 1 }
  }

  /// Nobody waits for this answer any more; returns its continuation.
  ///
  /// The question is not asked, or it keeps its place in the pipeline and its answer is dropped.
  mutating func forget(_ number: Int) -> CheckedContinuation<[UInt8]?, Never>? {
    if let place = waiting.firstIndex(where: { $0.number == number }) {
      return waiting.remove(at: place).done
    }
    guard let place = asked.firstIndex(where: { $0.number == number }) else { return nil }
    defer { asked[place].done = nil }
    return asked[place].done
  }

  /// A guest has gone.
  mutating func leave(_ guest: Int) { conduct[guest] = nil }

  /// Takes all that there is.
  mutating func removeAll() -> [Job] {
    defer { (asked, waiting) = ([], []) }
    return asked + waiting
  }

  /// Guests in turn, those with strikes behind the others.
  private func rank(_ job: Job) -> (Int, Int, Int) {
    let known = job.guest.flatMap { conduct[$0] } ?? Conduct()
    return (known.strikes, known.lastTurn, job.number)
  }

  private func isSuspect(_ job: Job) -> Bool {
    if let guest = job.guest, let known = conduct[guest], known.strikes > 0 { return true }
    return !deaths.isEmpty && deaths[digest(job.content)] != nil
  }

  /// A number that stands for a question: keyed anew in each process, so that nobody can make two
  /// that share one.
  private func digest(_ content: [UInt8]) -> Int { content.hashValue }
}

/// Counts by digest; where they become too many, the oldest are forgotten.
private struct BoundedMemory {
  private static let most = 1000
  private var counts: [Int: Int] = [:]
  private var order: [Int] = []

  var isEmpty: Bool { counts.isEmpty }

  subscript(digest: Int) -> Int? {
    get { counts[digest] }
    set {
      if counts[digest] != nil, newValue == nil { order.removeAll { $0 == digest } }
      if counts[digest] == nil, newValue != nil { order.append(digest) }
      counts[digest] = newValue
      if order.count > Self.most { counts[order.removeFirst()] = nil }
    }
  }
}
