import Streams
import Synchronization

/// A page that talks to the server over a WebSocket.
final class Guest: Sendable {
  /// The questions of one kind: whether one is being answered, and the newest that came meanwhile.
  private struct Turn {
    var isTaken = false
    var next: Question?
  }

  /// What the pipelines know it by.
  private let number: Int
  private let connection: Connection
  private let outbox = Outbox()
  private let pipelines: Pipelines
  private let limits: Limits
  private let turns = Mutex<[Question.Kind: Turn]>([:])

  init(_ number: Int, _ connection: Connection, _ pipelines: Pipelines, limits: Limits) {
    self.number = number
    self.connection = connection
    self.pipelines = pipelines
    self.limits = limits
  }

  /// Listens and answers until one side ends the conversation.
  func converse(_ incoming: Incoming) async {
    await withDiscardingTaskGroup { tasks in
      tasks.addTask { await self.send() }
      // The questions of a guest that has gone are dropped.
      await withDiscardingTaskGroup { answers in
        let closing = await self.listen(incoming) { question in
          answers.addTask { await self.answer(question) }
        }
        self.outbox.shut(closing)
        answers.cancelAll()
      }
    }
    for kind in Question.Kind.allCases { await pipelines[kind].leave(number) }
  }

  /// Ends the conversation.
  func leave() { outbox.shut(.leaving) }

  /// Tells the page whether a pipeline can be asked.
  func tell(_ kind: Question.Kind, is health: LineProcess.Health) {
    say("state", in: .state(kind)) { json in
      json.put("of", kind.rawValue)
      json.put("state", health.rawValue)
    }
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

  /// Takes questions until the end; returns how to close, or nil where the guest is just gone.
  private func listen(_ incoming: Incoming, begin: (Question) -> Void) async -> Closing? {
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

  private func take(_ text: [UInt8], begin: (Question) -> Void) {
    do {
      let question = try Question(text)
      let starts = turns.withLock { turns in
        guard turns[question.kind]?.isTaken == true else {
          turns[question.kind] = Turn(isTaken: true)
          return true
        }
        // It takes the place of the one that waits.
        turns[question.kind]?.next = question
        return false
      }
      if starts { begin(question) }
    } catch {
      refuse(Refusal(error))
    }
  }

  /// Answers a question, or instead of it the newest of those that came meanwhile.
  private func answer(_ first: Question) async {
    var question = first
    while true {
      let answer = await pipelines[question.kind].answer(question.content, of: number)
      let newer = turns.withLock { turns in
        let newer = turns[question.kind]?.next
        turns[question.kind] = Turn(isTaken: newer != nil)
        return newer
      }
      guard let newer else { return reply(question, answer) }
      question = newer
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
