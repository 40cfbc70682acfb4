/// What becomes of a request: an answer, or a conversation.
enum Reception {
  case answer(Response)
  /// A WebSocket, with the bytes that accept it.
  case conversation([UInt8])
}

/// Decides about requests; it looks at nothing but their heads.
///
/// A path is compared as it came with those of the `Resources`, and never decoded, joined or opened.
struct Receptionist: Sendable {
  let rule: HostRule
  /// What the page's address carries; nil where whoever comes may use it.
  let token: AccessToken?
  let limits: Limits

  func receive(_ head: RequestHead) -> Reception {
    guard let host = head["host"], rule.accepts(host: host) else {
      return .answer(.refusal(.forbidden, rule.refusal(host: head["host"])))
    }
    if head.headers["origin"] != nil {
      guard let origin = head["origin"], rule.accepts(origin: origin, host: host) else {
        return .answer(.refusal(.forbidden, "other pages may not use this server"))
      }
    }
    if let token, !token.isCarried(by: head, port: rule.port) {
      return .answer(introduction(of: head, token))
    }
    guard let size = head.bodySize else { return .answer(.refusal(.badRequest, "bad body size")) }
    guard size <= limits.message else {
      return .answer(.refusal(.tooLarge, "a body may have \(limits.message) bytes: \(size)"))
    }
    let path = head.path
    let resource = Resources.all[String(path)]
    guard path == "/ws" || resource != nil else {
      return .answer(.refusal(.notFound, "there is no such page"))
    }
    guard head.method == "GET" else {
      var refusal = Response.refusal(.methodNotAllowed, "only GET is answered")
      refusal.headers.append(("Allow", "GET"))
      return .answer(refusal)
    }
    if let resource {
      return .answer(Response(status: .ok, type: resource.type.rawValue, body: resource.body()))
    }
    return greet(head)
  }

  /// Gives the cookie to who shows the token, and nothing to others.
  private func introduction(of head: RequestHead, _ token: AccessToken) -> Response {
    guard head.method == "GET", let destination = token.destination(of: head) else {
      return .turnedAway(inWords: head.method == "GET" && head.path == "/")
    }
    return Response(
      status: .seeOther, body: [],
      headers: [("Location", destination), ("Set-Cookie", token.cookie(port: rule.port))])
  }

  /// Accepts a WebSocket.
  ///
  /// Browsers always say which page a WebSocket is for; a request that does not is refused.
  private func greet(_ head: RequestHead) -> Reception {
    guard head.headers["origin"] != nil else {
      return .answer(.refusal(.forbidden, "a WebSocket needs an Origin"))
    }
    guard head.lists("websocket", in: "upgrade"), head.lists("upgrade", in: "connection"),
      head["sec-websocket-version"] == "13", let key = head["sec-websocket-key"],
      Handshake.isKey(key)
    else {
      var refusal = Response.refusal(.upgradeRequired, "expected a WebSocket handshake")
      refusal.headers += [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
      return .answer(refusal)
    }
    return .conversation(
      Array(
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: \(Handshake.acceptance(of: key))\r
        \r\n
        """.utf8))
  }
}
