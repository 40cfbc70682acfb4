/// An answer to an HTTP request, after which the connection is closed.
struct Response {
  /// The status, as RFC 9110 names it.
  enum Status: String {
    case ok = "200 OK"
    case seeOther = "303 See Other"
    case badRequest = "400 Bad Request"
    case forbidden = "403 Forbidden"
    case notFound = "404 Not Found"
    case methodNotAllowed = "405 Method Not Allowed"
    case timeout = "408 Request Timeout"
    case tooLarge = "413 Content Too Large"
    case upgradeRequired = "426 Upgrade Required"
    case headTooLarge = "431 Request Header Fields Too Large"
    case full = "503 Service Unavailable"
  }

  var status: Status
  var type = "text/plain; charset=utf-8"
  var body: [UInt8]
  var headers: [(name: String, value: String)] = []

  /// A refusal that says why in one line.
  static func refusal(_ status: Status, _ reason: String) -> Response {
    Response(status: status, body: Array((reason + "\n").utf8))
  }

  /// A refusal of who comes without the secret: a page with words where a browser asks for one.
  ///
  /// A browser has an older secret where ink-pad was started again.
  static func turnedAway(inWords isPage: Bool) -> Response {
    guard isPage else {
      return .refusal(
        .forbidden, "open the whole address that ink-pad has printed, with its token")
    }
    let page = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Ink pad</title>
      <h1>This address is not the one of the pad.</h1>
      <p>Open the whole address that ink-pad prints now, with its token: it is a new one each time ink-pad \
      is started. What you wrote is still in this browser.</p>
      <div lang="zh-CN">
      <h1>这不是手写板的地址。</h1>
      <p>请打开 ink-pad 现在显示的完整地址（包括 token）：每次启动 ink-pad 都会换一个新地址。写下的内容还在这个浏览器里。</p>
      </div>

      """
    return Response(
      status: .forbidden, type: Resources.Kind.page.rawValue, body: Array(page.utf8))
  }

  /// The bytes that go out.
  var bytes: [UInt8] {
    var head = "HTTP/1.1 \(status.rawValue)\r\n"
    head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n"
    head += "Cache-Control: no-store\r\n"
    for (name, value) in Self.guards + headers { head += "\(name): \(value)\r\n" }
    return Array("\(head)\r\n".utf8) + body
  }

  /// What the page may do: its own script, its own style, its own server, and nothing else.
  private static let guards: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src 'self' blob: data:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
  ]
}
