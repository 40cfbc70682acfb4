import Streams
import Synchronization

/// A page that talks to the server over a WebSocket.
final class Guest: Sendable {
  private struct Desk {
    var isBusy = false
    var next: Question?
  }

  private let connection: Connection
  private let outbox = Outbox()
  private let pipelines: Pipelines
  private let limits: Limits
  private let desks = Mutex<[Question.Kind: Desk]>([:])

  init(_ connection: Connection, _ pipelines: Pipelines, limits: Limits) {
    self.connection = connection
    self.pipelines = pipelines
    self.limits = limits
  }

  /// Listens and answers until one side has had enough.
  func converse(_ incoming: Incoming) async {
    await withDiscardingTaskGroup { tasks in
      tasks.addTask { await self.send() }
      // What a guest has asked for is not worked on when it is gone.
      await withDiscardingTaskGroup { answers in
        let closing = await self.listen(incoming) { question in
          answers.addTask { await self.answer(question) }
        }
        self.outbox.shut(closing)
        answers.cancelAll()
      }
    }
  }

  /// Ends the conversation.
  func leave() { outbox.shut(.leaving) }

  /// Says how a pipeline is.
  func tell(_ kind: Question.Kind, is health: LineProcess.Health) {
    let text = #"{"type":"state","of":"\#(kind.rawValue)","state":"\#(health.rawValue)"}"#
    outbox.put(Frame(kind: .text, payload: Array(text.utf8)), in: .state(kind))
  }

  /// Asks for a sign of life.
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
      let starts = desks.withLock { desks in
        guard desks[question.kind]?.isBusy == true else {
          desks[question.kind] = Desk(isBusy: true)
          return true
        }
        // What waits there is overtaken.
        desks[question.kind]?.next = question
        return false
      }
      if starts { begin(question) }
    } catch {
      refuse("\(error)")
    }
  }

  /// Answers a question and those that came meanwhile, of which only the newest counts.
  private func answer(_ first: Question) async {
    var question = first
    while true {
      let answer = await pipelines[question.kind].answer(question.content)
      let newer = desks.withLock { desks in
        let newer = desks[question.kind]?.next
        desks[question.kind] = Desk(isBusy: newer != nil)
        return newer
      }
      guard let newer else { return reply(question, answer) }
      question = newer
    }
  }

  private func reply(_ question: Question, _ answer: [UInt8]?) {
    let head = #"{"type":"\#(question.kind.rawValue)","seq":\#(question.number),"order":"#
    let text = Array("\(head)\(question.order),\"answer\":".utf8) + (answer ?? Array("null".utf8))
    outbox.put(Frame(kind: .text, payload: text + [0x7d]), in: .answer(question.kind))
  }

  /// Says what is wrong with a message; the conversation goes on.
  private func refuse(_ reason: String) {
    let plain = reason.unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar == "\"" || scalar == "\\" ? " " : String(scalar)
    }
    let text = #"{"type":"refused","reason":"\#(plain.joined())"}"#
    outbox.put(Frame(kind: .text, payload: Array(text.utf8)), in: .refusal)
  }
}
