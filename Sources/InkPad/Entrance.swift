/// Who may come in beside the pages of this machine.
public struct Entrance: Sendable {
  /// Names that forwarded ports and proxies are known by.
  public var allowedHosts: [String]
  /// How other devices name this machine, for the address that is printed.
  public var name: String?
  /// What the address carries; nil where whoever comes may use the page.
  public var token: AccessToken?

  /// An entrance for whoever reaches the address.
  public init(allowedHosts: [String] = [], name: String? = nil, token: AccessToken? = nil) {
    self.allowedHosts = allowedHosts
    self.name = name
    self.token = token
  }
}
