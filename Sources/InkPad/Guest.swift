import Streams
import Synchronization

/// A page that talks to the server over a WebSocket.
final class Guest: Sendable {
  /// What was asked of one kind: whether something is being answered, and the newest that came meanwhile.
  private struct Turn<Asked> {
    var isTaken = false
    var next: Asked?

    /// Whether what is asked now is to be answered at once; else it takes the place of what waits.
    mutating func begins(_ asked: Asked) -> Bool {
      if isTaken { next = asked }
      defer { isTaken = true }
      return !isTaken
    }

    /// Takes the newest that came meanwhile.
    mutating func takeNext() -> Asked? {
      defer { self = Turn(isTaken: next != nil) }
      return next
    }
  }

  /// What the pipelines know it by.
  private let number: Int
  private let connection: Connection
  private let outbox = Outbox()
  private let pipelines: Pipelines
  private let limits: Limits
  private let folder: SheetFolder?
  private let watch: Watch
  private let turns = Mutex<[Question.Kind: Turn<Question>]>([:])
  private let sheetTurn = Mutex(Turn<SheetRequest>())
  /// Whether it has asked for the list of sheets, and is told of changes.
  private let isListing = Mutex(false)
  /// Tells the other guests that sheets have changed.
  private let spread: @Sendable (Int) async -> Void

  init(
    _ number: Int, _ connection: Connection, _ pipelines: Pipelines, _ folder: SheetFolder?,
    limits: Limits, _ watch: Watch, spread: @escaping @Sendable (Int) async -> Void
  ) {
    self.spread = spread
    self.number = number
    self.connection = connection
    self.pipelines = pipelines
    self.folder = folder
    self.limits = limits
    self.watch = watch
  }

  /// Listens and answers until one side ends the conversation.
  func converse(_ incoming: Incoming) async {
    await withDiscardingTaskGroup { tasks in
      tasks.addTask { await self.send() }
      // The questions of a guest that has gone are dropped.
      await withDiscardingTaskGroup { answers in
        let closing = await self.listen(incoming) { message in
          answers.addTask {
            switch message {
            case .question(let question): await self.answer(question)
            case .sheet(let request): await self.tend(request)
            }
          }
        }
        self.outbox.shut(closing)
        answers.cancelAll()
      }
    }
    for kind in Question.Kind.allCases { await pipelines[kind].leave(number) }
  }

  /// Ends the conversation.
  func leave() { outbox.shut(.leaving) }

  /// Tells the page which server this is: one of another version may have another page, and not each keeps
  /// sheets.
  func greet() {
    say("hello", in: .hello) { json in
      json.put("version", Resources.version)
      json.key("keeps")
      json.value(folder != nil)
    }
  }

  /// Tells the page whether a pipeline can be asked.
  func tell(_ kind: Question.Kind, is health: LineProcess.Health) {
    say("state", in: .state(kind)) { json in
      json.put("of", kind.rawValue)
      json.put("state", health.rawValue)
    }
  }

  /// Tells the page that sheets have changed, where it lists them and has not changed them itself.
  func tellSheetsChanged(by other: Int) {
    guard other != number, isListing.withLock({ $0 }) else { return }
    say("sheets-changed", in: .sheetsChanged) { _ in }
  }

  /// Sends a ping, which a browser answers by itself.
  func ping() { outbox.put(Frame(kind: .ping), in: .ping) }

  private func send() async {
    while let frames = await outbox.next() {
      for frame in frames {
        guard (try? await connection.send(frame.bytes)) != nil else { return connection.hangUp() }
      }
    }
    connection.finishSending()
  }

  /// Takes messages until the end; returns how to close, or nil where the guest is just gone.
  private func listen(_ incoming: Incoming, begin: (GuestMessage) -> Void) async -> Closing? {
    var messages = Messages(incoming, limit: limits.message)
    do throws(Closing) {
      while true {
        connection.expect(within: limits.idle)
        guard let message = try await messages.next() else { return nil }
        switch message {
        case .ping(let payload): outbox.put(Frame(kind: .pong, payload: payload), in: .pong)
        case .pong: break
        case .text(let text): take(text, begin: begin)
        }
      }
    } catch {
      return error
    }
  }

  private func take(_ text: [UInt8], begin: (GuestMessage) -> Void) {
    do {
      let message = try GuestMessage(text)
      let starts =
        switch message {
        case .question(let question):
          turns.withLock { $0[question.kind, default: Turn()].begins(question) }
        case .sheet(let request): sheetTurn.withLock { $0.begins(request) }
        }
      if starts { begin(message) }
    } catch {
      refuse(Refusal(error))
    }
  }

  /// Answers a question, or instead of it the newest of those that came meanwhile.
  private func answer(_ first: Question) async {
    var question = first
    while true {
      let answer = await pipelines[question.kind].answer(question.content, of: number)
      let newer = turns.withLock { $0[question.kind]?.takeNext() }
      guard let newer else { return reply(question, answer) }
      question = newer
    }
  }

  /// Does what is wanted of the folder, and then the newest of what was wanted meanwhile: a page waits for
  /// an answer before it wants more.
  ///
  /// A guest who leaves takes nothing back: what came last is still written.
  private func tend(_ first: SheetRequest) async {
    var next: SheetRequest? = first
    while let request = next {
      let answer = await folder?.answer(request) ?? .failure(.noFolder)
      reply(request, answer)
      if case .list = request.wish { isListing.withLock { $0 = true } }
      if case .success(let reply) = answer, reply.isChange { await spread(number) }
      await watch.sleep(for: limits.betweenSheets)
      next = sheetTurn.withLock { $0.takeNext() }
    }
  }

  private func reply(_ request: SheetRequest, _ answer: Result<SheetReply, Refusal>) {
    switch answer {
    case .success(let reply):
      say(reply.type, in: .sheet) { json in
        json.put("seq", request.number)
        reply.write(&json)
      }
    case .failure(let refusal):
      say("sheet-refused", in: .sheet) { json in
        json.put("seq", request.number)
        json.put("reason", refusal.reason)
        json.put("code", refusal.code.rawValue)
      }
    }
  }

  private func reply(_ question: Question, _ answer: [UInt8]?) {
    say(question.kind.rawValue, in: .answer(question.kind)) { json in
      json.put("seq", question.number)
      json.key("order")
      json.beginArray()
      for place in question.order { json.value(place) }
      json.endArray()
      json.key("answer")
      if let answer { json.copy(answer) } else { json.null() }
    }
  }

  /// Says what is wrong with a message; the conversation goes on.
  private func refuse(_ refusal: Refusal) {
    say("refused", in: .refusal) { json in
      json.put("reason", refusal.reason)
      json.put("code", refusal.code.rawValue)
    }
  }

  /// Puts an object of a type into the outbox.
  private func say(
    _ type: String, in slot: Outbox.Slot, _ members: (inout JSONWriter) -> Void
  ) {
    let text = JSONWriter.bytes { json in
      json.beginObject()
      json.put("type", type)
      members(&json)
      json.endObject()
    }
    outbox.put(Frame(kind: .text, payload: text), in: slot)
  }
}
