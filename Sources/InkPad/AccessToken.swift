/// A secret of 128 random bits that stands in the page's address: who has the address may use the page.
///
/// The first visit shows it in the query, and is sent on to the plain address with a cookie: so it is in
/// no address that the browser keeps, copies or names to others. From then on everything asks for
/// the cookie: the page, its files and its WebSocket.
public struct AccessToken: Sendable {
  /// 22 letters of base 64, as they may stand in an address.
  let text: String

  /// A token that nobody can guess.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(bits: (generator.next(), generator.next()))
  }

  init(bits: (UInt64, UInt64)) {
    let letters = base64(bigEndian(bits.0) + bigEndian(bits.1))
    text = letters.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Whether this is what was given.
  ///
  /// All bytes are looked at, wherever the first wrong one stands: how long it takes tells nothing.
  func matches(_ given: some StringProtocol) -> Bool {
    let (own, given) = (Array(text.utf8), Array(given.utf8))
    guard own.count == given.count else { return false }
    return zip(own, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// The cookie's name: browsers do not tell the ports of a host apart.
  static func cookieName(port: UInt16) -> String { "ink-pad-\(port)" }

  /// What makes a browser keep the token: for this server alone, out of reach of scripts, for 30 days.
  ///
  /// `Lax`: a link in a message may lead here, but no other page's request carries it.
  func cookie(port: UInt16) -> String {
    "\(Self.cookieName(port: port))=\(text); Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
  }

  /// Whether a request carries the cookie.
  func isCarried(by head: RequestHead, port: UInt16) -> Bool {
    let start = "\(Self.cookieName(port: port))="
    return (head.headers["cookie"] ?? []).contains { value in
      value.split(separator: ";").contains { pair in
        let pair = pair.drop { $0 == " " }
        return pair.hasPrefix(start) && matches(pair.dropFirst(start.count))
      }
    }
  }

  /// Where a request that shows the token in its query is sent on to: the page, with what else
  /// stands in the query; nil where it does not show it.
  func destination(of head: RequestHead) -> String? {
    guard head.path == "/" else { return nil }
    let items = head.target.dropFirst(2).split(separator: "&")
    let isShown = { (item: Substring) in
      item.hasPrefix("token=") && matches(item.dropFirst("token=".count))
    }
    guard items.contains(where: isShown) else { return nil }
    let others = items.filter { !$0.hasPrefix("token=") }.joined(separator: "&")
    return others.isEmpty ? "/" : "/?\(others)"
  }
}
