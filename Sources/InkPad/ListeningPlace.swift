import FlyingSocks
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An address that is listened on.
public struct ListeningPlace: Sendable {
  private let socket: Socket
  /// The port, which the system chose where 0 was asked for.
  let port: UInt16
  private let host: String

  /// Begins to listen; throws `inputOutput` where the address is taken, or not this machine's.
  init(host: String, port: UInt16) throws {
    self.host = host
    do {
      let address = host == "localhost" ? "127.0.0.1" : host
      if address.contains(":") {
        socket = try Self.listen(to: sockaddr_in6.inet6(ip6: address, port: port))
      } else {
        socket = try Self.listen(to: sockaddr_in.inet(ip4: address, port: port))
      }
      switch try socket.sockname() {
      case .ip4(_, let port), .ip6(_, let port): self.port = port
      case .unix: self.port = port
      }
    } catch SocketError.failed(_, let code, _) {
      let hint = code == EADDRINUSE ? " (is it running already? --port 0 takes any)" : ""
      throw Failure(.inputOutput, "\(host):\(port): \(String(cString: strerror(code)))\(hint)")
    }
  }

  private static func listen(to address: some SocketAddress) throws -> Socket {
    let socket = try Socket(domain: Int32(type(of: address).family))
    try socket.setValue(true, for: .localAddressReuse)
    try socket.bind(to: address)
    try socket.listen(maxPendingConnection: 128)
    // Pipelines that are started must not hold it open.
    _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
    return socket
  }

  /// What connections come to.
  func door(_ watch: Watch) -> Descriptor { Descriptor(socket.file.rawValue, "door", watch) }

  /// Where the page is, by the name that other devices know this machine by, where one is given.
  func address(byName name: String?) -> String {
    let name = name ?? (host == "0.0.0.0" || host == "::" ? "localhost" : host)
    return "http://\(name.contains(":") ? "[\(name)]" : name):\(port)/"
  }

  /// Whether a host can be listened on: an address, or `localhost`; other names may mean anything.
  public static func accepts(_ host: String) -> Bool { host == "localhost" || isAddress(host) }

  /// Whether a text can be a host's name, for `--allow-host`.
  public static func isName(_ text: String) -> Bool { HostRule.isName(text) }

  /// Whether other machines may reach what listens on a host.
  public static func isOpen(_ host: String) -> Bool {
    !(host == "localhost" || host == "::1" || host.hasPrefix("127."))
  }
}
