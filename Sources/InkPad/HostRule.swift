#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whose requests are answered: those that this machine's own page sends, and no other web page's.
///
/// A page of the internet can make a browser send requests to 127.0.0.1. Its `Origin` gives it
/// away; and where it lets its own name point here (DNS rebinding), `Host` does. So `Host` must be
/// `localhost`, the host that was asked for or a loopback address, with the port. Where the server
/// listens on all addresses, any address may stand there, but no other name.
///
/// Who forwards a port or puts a proxy before the server allows the name that browsers know it by, with
/// any port, and by TLS as well.
struct HostRule: Sendable {
  /// The host of `--host`.
  let host: String
  /// The port the server got.
  let port: UInt16
  /// The names of `--allow-host`.
  var allowed: [String] = []

  /// Whether the server listens on all addresses of the machine.
  var isOpenToAll: Bool { host == "0.0.0.0" || host == "::" }

  /// Whether a `Host` header names this server.
  func accepts(host header: String?) -> Bool {
    guard let header, let (name, port) = Self.parts(header.lowercased()) else { return false }
    if isAllowed(name) { return true }
    guard port == self.port || port == nil && self.port == 80 else { return false }
    if name == host.lowercased() || name == "localhost" || name == "127.0.0.1" || name == "::1" {
      return true
    }
    return isOpenToAll && isAddress(name)
  }

  /// Whether an `Origin` is the page that came from the host which the same request names.
  func accepts(origin: String, host: String) -> Bool {
    let (origin, host) = (origin.lowercased(), host.lowercased())
    if origin == "http://\(host)" { return true }
    // TLS ends at a proxy, and only what is allowed has one.
    guard let (name, _) = Self.parts(host) else { return false }
    return isAllowed(name) && origin == "https://\(host)"
  }

  private func isAllowed(_ name: String) -> Bool { allowed.contains { $0.lowercased() == name } }

  /// Why a `Host` is turned away, and which option would let it in.
  func refusal(host header: String?) -> String {
    guard let header, !header.isEmpty else { return "a request must name its host, once" }
    let asked = header.prefix(260)
    let reason = "this server does not go by the name '\(asked)'"
    guard let (name, _) = Self.parts(header.lowercased()), Self.isName(name) else { return reason }
    return "\(reason); if it is yours, start it with --allow-host \(name)"
  }

  /// Whether a text can be the name of a host, without a port: letters, digits, `-`, `_` and dots, or an
  /// address.
  static func isName(_ text: String) -> Bool {
    if isAddress(text) { return true }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      }
  }

  /// `127.0.0.1:8828`, `[::1]:8828` or `localhost` in two parts, without the brackets.
  private static func parts(_ header: String) -> (name: String, port: UInt16?)? {
    var name = header[...]
    var port: UInt16?
    if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
      let digits = name[name.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits)
      else { return nil }
      port = number
      name = name[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      name = name.dropFirst().dropLast()
      guard name.contains(":") else { return nil }
    } else if name.contains(":") {
      return nil
    }
    return name.isEmpty ? nil : (String(name), port)
  }
}

/// Whether a text is an IPv4 or IPv6 address, and no name.
func isAddress(_ text: String) -> Bool {
  var bytes = in6_addr()
  return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
}
